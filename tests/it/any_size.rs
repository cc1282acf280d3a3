//! The window at any size: nothing outside, covered or cut; the inspector folds; what was dragged is kept.

use crate::bounds::{faults, is_whole};
use crate::window::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, PointerButton, Pos2, Rect, pos2, vec2};
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::app::Settings;
use hindsight::decision::Expected;
use hindsight::node::{Config, Node};
use hindsight::record::Revision;
use tokio::runtime::Runtime;

const SIZES: [[f32; 2]; 8] = [
    [900.0, 600.0],
    [1149.0, 700.0],
    [1150.0, 700.0],
    [1149.0, 900.0],
    [1280.0, 800.0],
    [1600.0, 1000.0],
    [3840.0, 2160.0],
    [1920.0, 620.0],
];

/// What is never scrolled away.
const ALWAYS: [&str; 15] = [
    "Connection",
    "Write mode",
    "Go to anything",
    "Live",
    "Theme",
    "Filter streams",
    "Stream menu",
    "Columns",
    "State",
    "Raw",
    "Append",
    "Oldest",
    "Play",
    "Newest",
    "Pay order",
];

/// An order that was paid twice, with a note and a name that is long.
fn told_twice() -> Window {
    let mut window = Window::with_order(egui::Theme::Dark);
    let at = |revision| Expected::Exact(Revision(revision));
    window.elsewhere(
        "abc",
        at(0),
        "OrderNoteAdded",
        r#"{"Note":"leave at the door, please, and ring twice"}"#,
    );
    window.elsewhere("abc", at(1), "OrderPaid", r#"{"OrderID":"abc"}"#);
    window.elsewhere("abc", at(2), "OrderPaid", r#"{"OrderID":"abc"}"#);
    window.until("rev 3 of 3");
    window
}

#[track_caller]
fn holds(window: &mut Window, what: &str) {
    window.harness.run_steps(6);
    let found = faults(&window.harness);
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

fn resize(window: &mut Window, [width, height]: [f32; 2]) {
    window.harness.set_size(vec2(width, height));
    window.harness.run_steps(6);
}

#[test]
fn nothing_is_outside_covered_or_cut_at_any_size_in_any_tab() {
    let mut window = told_twice();
    for size in SIZES {
        resize(&mut window, size);
        for form in ["Create order", "Pay order"] {
            window.click(form);
            for tab in ["State", "Changes", "Compare", "Event", "Raw"] {
                window.harness.get_by_role_and_label(Role::Tab, tab).click();
                holds(&mut window, &format!("{size:?} {form} {tab}"));
            }
        }
        for name in ALWAYS {
            assert!(is_whole(&window.harness, name), "{name} at {size:?}");
        }
    }
}

#[test]
fn nothing_is_outside_covered_or_cut_when_it_is_zoomed() {
    let mut window = told_twice();
    for (zoom, size) in [(0.8, [1600.0, 1000.0]), (2.0, [900.0, 600.0]), (1.25, [1280.0, 800.0])] {
        window.harness.ctx.set_zoom_factor(zoom);
        window.harness.run_steps(2);
        resize(&mut window, size);
        assert!((window.harness.ctx.content_rect().width() - size[0]).abs() < 1.0);
        holds(&mut window, &format!("zoom {zoom}"));
    }
}

#[test]
fn the_inspector_stands_beside_the_events_from_1150_points_on_and_below_them_in_less() {
    let mut window = told_twice();
    let places = |window: &Window| {
        let tab = window.harness.get_by_role_and_label(Role::Tab, "State").rect();
        (window.harness.get_by_label("Event table").rect(), tab)
    };
    resize(&mut window, [1150.0, 800.0]);
    let (table, tab) = places(&window);
    assert!(tab.left() > table.right() && table.width() >= 480.0, "{table:?} {tab:?}");
    resize(&mut window, [1149.0, 800.0]);
    let (table, tab) = places(&window);
    assert!(tab.top() > table.bottom() && tab.left() < table.center().x, "{table:?} {tab:?}");
    resize(&mut window, [1600.0, 1000.0]);
    let (_, tab) = places(&window);
    assert!((1600.0 - 470.0..1600.0 - 440.0).contains(&tab.left()), "{tab:?}");
}

#[test]
fn columns_make_room_in_a_narrow_table() {
    let mut window = told_twice();
    let has =
        |window: &Window, name: &str| window.harness.query_by_label(&format!("Column {name}")).is_some();
    for (width, after, data) in [(1600.0, true, true), (900.0, false, true), (700.0, false, false)] {
        resize(&mut window, [width, 800.0]);
        assert_eq!((has(&window, "After"), has(&window, "Data")), (after, data), "{width}");
        assert!(has(&window, "Rev") && has(&window, "Type"));
    }
}

/// Drags the edge between two panels.
fn drag(window: &mut Window, from: Pos2, to: Pos2) {
    let button = |pos, pressed| Event::PointerButton {
        pos,
        button: PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    for event in [Event::PointerMoved(from), button(from, true), Event::PointerMoved(to), button(to, false)] {
        window.harness.event(event);
        window.harness.run_steps(2);
    }
    window.harness.event(Event::PointerMoved(pos2(500.0, 20.0)));
    window.harness.run_steps(4);
}

fn edges(window: &Window) -> (f32, f32) {
    let list = window.harness.get_by_label("Stream list").rect();
    let table = window.harness.get_by_label("Event table").rect();
    (list.right(), table.right())
}

#[test]
fn dragged_widths_come_back_after_the_window_was_narrow() {
    let mut window = told_twice();
    resize(&mut window, [1900.0, 900.0]);
    let (list, table) = edges(&window);
    drag(&mut window, pos2(list, 500.0), pos2(450.0, 500.0));
    drag(&mut window, pos2(table, 300.0), pos2(1200.0, 300.0));
    let dragged = edges(&window);
    assert!((dragged.0 - 450.0).abs() < 4.0 && (dragged.1 - 1200.0).abs() < 4.0, "{dragged:?}");
    resize(&mut window, [900.0, 600.0]);
    let table = window.harness.get_by_label("Event table").rect();
    assert!(table.width() >= 470.0, "the list makes room: {table:?}");
    resize(&mut window, [1200.0, 800.0]);
    let table = window.harness.get_by_label("Event table").rect();
    assert!(table.width() >= 470.0, "both make room: {table:?}");
    holds(&mut window, "with wide panels");
    resize(&mut window, [1900.0, 900.0]);
    assert_eq!(edges(&window), dragged);
}

#[test]
fn widths_that_were_kept_count_after_a_restart() {
    // The names are a stored format.
    let kept = "(panel_sizes: (list: Some(450.0), inspector: Some(600.0)))";
    let settings: Settings = ron::from_str(kept).unwrap();
    assert_eq!(ron::from_str::<Settings>(&ron::to_string(&settings).unwrap()).unwrap(), settings);
    let mut window = with_settings(settings);
    resize(&mut window, [1900.0, 900.0]);
    let list = window.harness.get_by_label("Stream list").rect();
    let tab = window.harness.get_by_role_and_label(Role::Tab, "State").rect();
    assert!((list.right() - 450.0).abs() < 2.0, "{list:?}");
    assert!((1300.0..1330.0).contains(&tab.left()), "{tab:?}");
}

fn with_settings(settings: Settings) -> Window {
    let runtime = Runtime::new().unwrap();
    let node = runtime.block_on(Node::start(Config { samples: true, ..Config::default() })).unwrap();
    let url = node.connection_string();
    Window::with_options(&url, runtime, node, egui::Theme::Dark, |options| options.settings = settings)
}

#[test]
fn the_headers_buttons_are_in_one_menu_in_a_narrow_window() {
    let mut window = told_twice();
    resize(&mut window, [1600.0, 1000.0]);
    assert!(window.shows("Export…"));
    resize(&mut window, [900.0, 600.0]);
    assert!(!window.shows("Export…"));
    window.harness.get_by_role_and_label(Role::Button, "Stream menu").click();
    window.harness.run_steps(4);
    for line in ["Copy stream name", "Copy command that opens it", "Export…", "Close the stream"] {
        assert!(window.shows(line), "{line}");
    }
    holds(&mut window, "with the menu");
    window.press(Modifiers::NONE, Key::Escape);
    assert!(!window.shows("Close the stream"));
}

#[test]
fn dialogs_fit_into_the_smallest_window() {
    let mut window = told_twice();
    resize(&mut window, [900.0, 600.0]);
    for words in ["problems", "database", "journal", "definitions", "keys", "connect", "connection", "as of"]
    {
        window.press(Modifiers::COMMAND, Key::K);
        window.harness.event(Event::Text(words.to_owned()));
        window.harness.run_steps(4);
        window.press(Modifiers::NONE, Key::Enter);
        holds(&mut window, words);
        window.press(Modifiers::NONE, Key::Escape);
        window.press(Modifiers::NONE, Key::Escape);
    }
}

#[test]
fn a_long_value_wraps_and_can_be_shown_whole() {
    let mut window = Window::with_order(egui::Theme::Dark);
    let long = "word ".repeat(300);
    window.elsewhere("w", Expected::NoStream, "Noted", "{}");
    let data = format!(r#"{{"Short":"x","Long":"{long}END","Id":"3b0c8c1e-58c1-4d0e-9d7b-0a3f1c9f2e11"}}"#);
    let url = window.node.connection_string();
    window.runtime.block_on(async {
        use hindsight::decision::{Append, Proposed};
        use hindsight::record::StreamName;
        use hindsight::store::{Permit, Session};
        let session = Session::connect(&url).await.unwrap();
        let event = Proposed {
            id: uuid::Uuid::new_v4(),
            event_type: "Noted".into(),
            data: data.as_bytes().into(),
            metadata: Box::default(),
        };
        let append =
            Append { stream: StreamName::new("note-1"), expected: Expected::NoStream, events: vec![event] };
        session.writer().append(&append, Permit::Production).await.unwrap();
    });
    resize(&mut window, [1400.0, 1600.0]);
    window.open_stream("note-1");
    let height = |window: &Window, name: &str| {
        let whole = window.harness.get_by_label_contains(name).rect();
        whole.height()
    };
    assert!(window.shows("3b0c8c1e-58c1-4d0e-9d7b-0a3f1c9f2e11"), "an id is shown whole");
    let cut = height(&window, "\"word word");
    assert!(cut > 60.0, "it wraps: {cut}");
    window.click("Show whole: Long");
    let whole = height(&window, "\"word word");
    assert!(whole > 2.0 * cut, "{cut} {whole}");
    window.click("Show less: Long");
    assert!((height(&window, "\"word word") - cut).abs() < 1.0);
    holds(&mut window, "a long value");
}

#[test]
fn what_a_dialog_cuts_is_shown_whole_on_hover_once() {
    let mut window = told_twice();
    let long = format!("order-{}", "long-name-".repeat(12));
    window.elsewhere(&long[6..], Expected::NoStream, "OrderPaid", "{}");
    window.until("2 streams");
    window.press(Modifiers::SHIFT, Key::P);
    window.until("Problems");
    window.harness.run_steps(6);
    let found = window.harness.query_all_by_label_contains("long-name-").last().map(|node| node.rect());
    let rect: Rect = found.expect("the row of the problem");
    window.harness.event(Event::PointerMoved(pos2(rect.left() + 180.0, rect.center().y)));
    window.harness.run_steps(60);
    let labels = window.harness.query_all_by_role(Role::Label);
    let whole = labels.filter(|label| label.accesskit_node().value().is_some_and(|text| text == long));
    assert_eq!(whole.count(), 1, "the whole name, once");
}
