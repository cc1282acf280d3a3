//! What is shown to others: a presentation, and texts and pictures to pass on.

use crate::cli::{serve, text};
use crate::history::record;
use crate::payloads::{copied, with_data};
use crate::pictures::taken;
use crate::window::Window;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use hindsight::aggregate::Registry;
use hindsight::history::MarkdownTable;
use hindsight::record::StreamName;
use proptest::prelude::*;
use std::sync::Arc;

/// Takes what the palette finds by this text.
fn command(window: &mut Window, text: &str) {
    window.press(Modifiers::COMMAND, Key::K);
    window.harness.event(Event::Text(text.to_owned()));
    window.harness.run_steps(4);
    // One event, so that the step is one frame.
    let (key, modifiers) = (Key::Enter, Modifiers::NONE);
    window.harness.event(Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers });
    window.harness.step();
}

/// What is copied within some frames.
fn copies(window: &mut Window) -> Option<String> {
    for _ in 0..2_000 {
        if let Some(text) = copied(window) {
            return Some(text);
        }
        window.harness.step();
        std::thread::park_timeout(std::time::Duration::from_millis(1));
    }
    None
}

#[test]
fn a_state_is_copied_as_json_with_its_numbers_as_they_were_stored() {
    let mut window = Window::open(false, egui::Theme::Dark);
    window.elsewhere(
        "abc",
        hindsight::decision::Expected::NoStream,
        "OrderCreated",
        r#"{"OrderID":"abc","UserID":"用户42","Total":9007199254740993.250}"#,
    );
    window.until("order-abc");
    window.open_stream("order-abc");
    command(&mut window, "Copy state");
    let copied = copies(&mut window).expect("it is copied");
    let lines = [
        "{",
        r#"  "ID": "abc","#,
        r#"  "UserID": "用户42","#,
        r#"  "Total": 9007199254740993.250,"#,
        r#"  "Paid": false"#,
        "}",
    ];
    assert_eq!(copied.lines().collect::<Vec<_>>(), lines);
    window.until("Copied the state as JSON.");
}

#[test]
fn a_history_is_copied_as_a_table_that_says_what_each_event_did() {
    let mut window = Window::paid_twice(egui::Theme::Dark);
    command(&mut window, "Copy history");
    let copied = copies(&mut window).expect("it is copied");
    window.until("Copied 3 events as Markdown.");
    let lines: Vec<&str> = copied.lines().collect();
    assert_eq!(lines[0], "**order-14ad6e22**: 3 events, times in UTC");
    assert_eq!(lines[2], "| Revision | Time | Event type | What changed |");
    assert!(lines[4].starts_with("| 0 | ") && lines[4].contains("Total: 1250.00"), "{}", lines[4]);
    assert!(lines[5].contains("| OrderPaid | Paid: false → true |"), "{}", lines[5]);
    assert!(lines[6].contains("▲ problem: "), "{}", lines[6]);
    assert_eq!(lines.len(), 7);
}

#[test]
fn a_long_history_is_cut_and_says_so() {
    let stream = StreamName::new("order-a");
    let aggregate = Registry::default().for_stream(&stream).clone();
    let mut table = MarkdownTable::new(aggregate, stream);
    let events = MarkdownTable::MOST as u64 + 5;
    let taken = (0..events)
        .take_while(|revision| table.push((&record(*revision, "OrderNoteAdded", "{}")).into()))
        .count();
    assert_eq!(taken, MarkdownTable::MOST);
    let text = table.finish(12_345);
    assert!(text.starts_with("**order-a**: the first 10,000 of 12,345 events"), "{}", &text[..80]);
    assert_eq!(text.lines().count(), MarkdownTable::MOST + 4);
}

proptest! {
    /// Whatever an event is called and holds, its line has four cells and begins no other part of Markdown.
    #[test]
    fn hostile_text_stays_in_its_cell(kind in "\\PC{0,40}|[|`<>*_\\\\\\[\\]!&\n\r]{0,20}", value in "\\PC{0,40}|[|`<>*_\\\\\\[\\]!&\n\r]{0,20}") {
        let stream = StreamName::new("note-1");
        let aggregate = Registry::default().for_stream(&stream).clone();
        let mut table = MarkdownTable::new(aggregate, stream);
        let data = serde_json::json!({ "Text": value }).to_string();
        table.push((&record(0, &kind, &data)).into());
        let text = table.finish(1);
        prop_assert_eq!(text.lines().count(), 5, "{}", text);
        let line = text.lines().last().unwrap();
        let (mut bars, mut escaped) = (0, false);
        for c in line.chars() {
            prop_assert!(escaped || !matches!(c, '<' | '`' | '[' | '*' | '_'), "{}", line);
            bars += usize::from(c == '|' && !escaped);
            escaped = c == '\\' && !escaped;
        }
        prop_assert_eq!(bars, 5, "{}", line);
    }
}

#[test]
fn the_terminal_prints_the_same_table() {
    let served = serve(&["--memory"]);
    served.run(0, &["create", "--user", "ada", "--total", "1250.50", "--id", "a"]);
    served.run(0, &["pay", "a"]);
    let table = text(&served.run(0, &["show", "order-a", "--markdown"]).stdout);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "**order-a**: 2 events, times in UTC");
    assert!(lines[4].contains("| OrderCreated | ") && lines[4].contains("Total: 1250.50"), "{table}");
    assert!(lines[5].contains("| OrderPaid | Paid: false → true |"), "{table}");
    let first = text(&served.run(0, &["show", "order-a", "--markdown", "--at", "0"]).stdout);
    assert!(first.starts_with("**order-a**: 1 event, times in UTC") && first.lines().count() == 5, "{first}");
    let refused = served.run(2, &["show", "order-a", "--markdown", "--json"]);
    assert!(text(&refused.stderr).contains("--json"), "one form or the other");
}

#[test]
fn a_picture_of_the_next_frame_is_copied() {
    let mut window = Window::paid_twice(egui::Theme::Dark);
    command(&mut window, "Copy picture");
    let asked = |window: &Window| {
        let viewports = window.harness.output().viewport_output.values();
        viewports.flat_map(|viewport| viewport.commands.clone()).find_map(|command| match command {
            egui::ViewportCommand::Screenshot(callback) => Some(callback),
            _ => None,
        })
    };
    let callback = (0..10).find_map(|_| {
        let callback = asked(&window);
        window.harness.step();
        callback
    });
    let image = Arc::new(taken(&window).image);
    callback.expect("a picture is asked for").complete(image.clone());
    let copied = (0..10).find_map(|_| {
        window.harness.step();
        window.harness.output().platform_output.commands.iter().find_map(|command| match command {
            egui::OutputCommand::CopyImage(image) => Some(image.clone()),
            _ => None,
        })
    });
    assert_eq!(copied.expect("it is copied").pixels, image.pixels);
    window.until("Copied a picture of the window.");
}

#[test]
fn a_presentation_shows_the_stream_alone_larger_with_the_keys_and_escape_leaves_it() {
    let mut window = Window::paid_twice(egui::Theme::Dark);
    let zoom = window.harness.ctx.zoom_factor();
    window.press(Modifiers::NONE, Key::F11);
    window.harness.run_steps(4);
    assert!((window.harness.ctx.zoom_factor() / zoom - 1.4).abs() < 0.01, "it is larger");
    for gone in ["Filter streams", "Connection", "Create order"] {
        assert!(window.harness.query_by_label(gone).is_none(), "{gone}");
    }
    assert!(
        window.harness.query_by_label("Event table").is_some()
            && window.harness.query_by_label("Timeline").is_some()
    );
    window.harness.key_press(Key::ArrowLeft);
    window.harness.run_steps(2);
    assert!(window.shows("one event back"), "the key is told");
    assert!(window.shows("rev 1 of 2"));
    window.harness.run_steps(200);
    assert!(!window.shows("one event back"), "and goes");
    window.press(Modifiers::NONE, Key::Slash);
    window.harness.event(Event::Text("/".to_owned()));
    window.harness.run_steps(4);
    assert!(window.harness.query_by_label("Filter streams").is_some(), "the list is shown when asked for");
    window.press(Modifiers::NONE, Key::Escape);
    window.press(Modifiers::NONE, Key::Escape);
    window.press(Modifiers::NONE, Key::Escape);
    window.harness.run_steps(6);
    assert!(window.harness.query_by_label("Connection").is_some(), "everything is back");
    assert!((window.harness.ctx.zoom_factor() - zoom).abs() < 0.01, "as large as before");
}

#[test]
fn nothing_moves_where_motion_is_reduced() {
    let mut window = Window::open(false, egui::Theme::Dark);
    command(&mut window, "Reduced motion");
    window.until("Motion is reduced");
    let style = window.harness.ctx.global_style();
    assert!(style.animation_time == 0.0 && !style.visuals.text_cursor.blink);
    command(&mut window, "Reduced motion");
    window.until("Motion is no longer reduced");
    assert!(window.harness.ctx.global_style().visuals.text_cursor.blink);
}

#[test]
fn what_cannot_be_copied_says_why() {
    let mut window = with_data(&[b"no json"]);
    window.press(Modifiers::COMMAND, Key::K);
    window.harness.event(Event::Text("Copy state".to_owned()));
    window.until("There is no state here");
}
