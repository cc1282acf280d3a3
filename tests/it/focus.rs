//! The window by the Tab key alone: in the order of the eye, with no way that does not lead on.

use crate::window::Window;
use egui::accesskit::Role;
use egui::{Key, Modifiers, Rect};
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::decision::Expected;

/// What has the focus: its name and where it stands.
fn focused(window: &Window) -> Option<(String, Rect)> {
    let mut nodes = window.harness.root().children_recursive();
    let node = nodes.find(|node| node.accesskit_node().is_focused())?;
    let inner = node.accesskit_node();
    Some((inner.label().or(inner.value()).unwrap_or_default(), node.rect()))
}

fn name(window: &Window) -> String {
    focused(window).map(|(name, _)| name).unwrap_or_default()
}

/// Presses Tab until what begins so has the focus.
#[track_caller]
fn tab_to(window: &mut Window, prefix: &str) {
    let mut seen = Vec::new();
    while !name(window).starts_with(prefix) {
        seen.push(name(window));
        assert!(seen.len() < 120, "{prefix} is no stop of {seen:?}");
        window.press(Modifiers::NONE, Key::Tab);
    }
}

/// Everything that Tab stops at until it comes round.
fn stops(window: &mut Window, held: Modifiers) -> Vec<(String, Rect)> {
    let mut stops: Vec<(String, Rect)> = Vec::new();
    for _ in 0..200 {
        window.press(held, Key::Tab);
        let stop = focused(window).expect("something has the focus");
        if stops.first().is_some_and(|first| *first == stop) {
            return stops;
        }
        stops.push(stop);
    }
    panic!("Tab never comes round: {stops:#?}");
}

#[track_caller]
fn assert_order(stops: &[(String, Rect)], names: &[&str]) {
    let places = names.iter().map(|name| {
        let at = stops.iter().position(|(stop, _)| stop.starts_with(name));
        at.unwrap_or_else(|| {
            panic!("{name} is no stop of {:?}", stops.iter().map(|stop| &stop.0).collect::<Vec<_>>())
        })
    });
    assert!(places.is_sorted(), "{:?}", stops.iter().map(|stop| &stop.0).collect::<Vec<_>>());
}

#[test]
fn tab_goes_through_the_window_as_the_eye_does_and_comes_round() {
    let mut window = Window::paid_twice(egui::Theme::Dark);
    let there = stops(&mut window, Modifiers::NONE);
    let order = [
        "Connection",
        "Write mode",
        "Go to anything",
        "Live",
        "Theme",
        "Keys",
        "Category",
        "Sort",
        "Filter streams",
        "order-14ad6e22",
        "Export",
        "Stream menu",
        "Revision 2",
        "State",
        "Changes",
        "Create order",
        "Pay order",
        "Append",
        "Oldest",
        "Step back",
        "Play",
        "Timeline",
    ];
    let order: Vec<&str> = order.into_iter().filter(|name| *name != "Append").collect();
    assert_order(&there, &order);
    let mut back = stops(&mut window, Modifiers::SHIFT);
    back.reverse();
    assert_eq!(there.len(), back.len(), "backwards are the same stops");
    assert_eq!(
        there.iter().filter(|(name, _)| name.starts_with("order-")).count(),
        1,
        "the list is one stop"
    );
    assert_eq!(
        there.iter().filter(|(name, _)| name.starts_with("Revision ")).count(),
        1,
        "and so is the table"
    );
}

#[test]
fn arrows_move_in_the_list_and_in_the_table_and_the_focus_stays_with_them() {
    let mut window = Window::paid_twice(egui::Theme::Dark);
    tab_to(&mut window, "Revision 2");
    window.press(Modifiers::NONE, Key::ArrowUp);
    window.until("rev 1 of 2");
    assert!(name(&window).starts_with("Revision 1"), "{}", name(&window));
    window.press(Modifiers::NONE, Key::ArrowLeft);
    window.until("rev 0 of 2");
    assert!(name(&window).starts_with("Revision 0"), "{}", name(&window));
    window.press(Modifiers::NONE, Key::ArrowDown);
    window.until("rev 1 of 2");
    window.press(Modifiers::NONE, Key::Tab);
    assert!(!name(&window).starts_with("Revision"), "one Tab leaves the table: {}", name(&window));
    tab_to(&mut window, "order-");
    let first = name(&window);
    window.press(Modifiers::NONE, Key::ArrowDown);
    window.harness.run_steps(4);
    let second = name(&window);
    assert!(second.starts_with("order-") && second != first, "{first} then {second}");
    window.press(Modifiers::NONE, Key::ArrowUp);
    window.harness.run_steps(4);
    assert_eq!(name(&window), first);
}

#[test]
fn arrows_that_step_leave_the_focus_where_it_is() {
    let mut window = Window::paid_twice(egui::Theme::Dark);
    window.press(Modifiers::NONE, Key::Tab);
    let before = name(&window);
    window.press(Modifiers::NONE, Key::ArrowLeft);
    window.until("rev 1 of 2");
    assert_eq!(name(&window), before);
}

/// Order `abc`, and what asks before it writes to it.
fn asked() -> Window {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.click("Write mode");
    window.click("Confirm writes");
    window.click("Pay order");
    window.until("expecting exactly 0");
    tab_to(&mut window, "Append");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("Append this event?");
    window.harness.run_steps(2);
    window
}

#[test]
fn a_confirmation_has_the_focus_and_enter_gives_it() {
    let mut window = asked();
    assert_eq!(name(&window), "Append now");
    window.press(Modifiers::NONE, Key::Tab);
    assert_eq!(name(&window), "Copy the whole write", "Tab stays in the dialog");
    window.press(Modifiers::NONE, Key::Tab);
    assert_eq!(name(&window), "Cancel");
    window.press(Modifiers::NONE, Key::Tab);
    window.press(Modifiers::NONE, Key::Enter);
    window.until("rev 1 of 1");
}

#[test]
fn escape_refuses_and_the_focus_comes_back() {
    let mut window = asked();
    window.press(Modifiers::NONE, Key::Escape);
    window.harness.run_steps(4);
    assert!(!window.shows("Append this event?"));
    assert_eq!(name(&window), "Append");
    assert_eq!(window.events("order-abc"), 1);
}

#[test]
fn the_name_of_a_production_stream_is_typed_and_enter_confirms_only_the_right_one() {
    let mut window = Window::declared(egui::Theme::Dark, r#"{"name":"live","production":true}"#);
    window.elsewhere(
        "abc",
        Expected::NoStream,
        "OrderCreated",
        r#"{"OrderID":"abc","UserID":"u","Total":1}"#,
    );
    window.until("order-abc");
    window.open_stream("order-abc");
    window.click("Write mode");
    window.click("Confirm writes");
    window.click("Pay order");
    window.until("expecting exactly 0");
    window.click("Append");
    window.until("Append this event?");
    window.harness.run_steps(3);
    assert_eq!(name(&window), "Stream name");
    window.harness.event(egui::Event::Text("order-ab".to_owned()));
    window.press(Modifiers::NONE, Key::Enter);
    assert!(window.shows("Append this event?"), "it is not the name yet");
    assert_eq!(name(&window), "Stream name");
    window.harness.event(egui::Event::Text("c".to_owned()));
    window.harness.run_steps(2);
    window.press(Modifiers::NONE, Key::Enter);
    window.until("rev 1 of 1");
}

#[test]
fn the_themes_first_click_is_seen() {
    let mut window = Window::open(false, egui::Theme::Dark);
    let is_dark = |window: &Window| window.harness.ctx.theme() == egui::Theme::Dark;
    assert!(is_dark(&window));
    window.click("Theme");
    assert!(!is_dark(&window), "from the system's dark to light");
    window.click("Theme");
    assert!(is_dark(&window));
    window.click("Theme");
    let theme = window.harness.get_by_role_and_label(Role::Button, "Theme").rect().center();
    window.harness.event(egui::Event::PointerMoved(theme));
    window.until("Theme: dark, as the system. Click for light.");
}
