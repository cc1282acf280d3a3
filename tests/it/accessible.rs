//! What a screen reader is told: every control has a name, a role and a state of its own.

use crate::window::Window;
use egui::accesskit::{Action, Live, Role, Toggled};
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{AccessKitNode, NodeT, Queryable};
use std::collections::HashMap;

/// A part of the window that can have the focus.
#[derive(Debug, Clone)]
struct Control {
    role: Role,
    name: String,
    /// For the message alone.
    _place: Option<egui::accesskit::Rect>,
}

fn controls(window: &Window) -> Vec<Control> {
    let nodes = window.harness.root().children_recursive().map(|node| node.accesskit_node());
    let focusable = nodes.filter(|node| node.data().supports_action(Action::Focus) && !node.is_hidden());
    let control = |node: AccessKitNode<'_>| Control {
        role: node.role(),
        name: node.label().or(node.data().placeholder().map(str::to_owned)).unwrap_or_default(),
        _place: node.raw_bounds(),
    };
    focusable.map(control).collect()
}

/// No control is nameless, and no two look the same to one who hears them.
#[track_caller]
fn assert_told(window: &Window, what: &str) {
    let controls = controls(window);
    assert!(!controls.is_empty(), "{what}");
    let nameless: Vec<_> = controls.iter().filter(|control| control.name.trim().is_empty()).collect();
    assert!(nameless.is_empty(), "{what}: no name: {nameless:#?}");
    let mut known: HashMap<(Role, &str), &Control> = HashMap::new();
    let mut twice = Vec::new();
    // Panels are resized by what the toolkit names alike.
    for control in controls.iter().filter(|control| control.role != Role::Splitter) {
        if let Some(other) = known.insert((control.role, &control.name), control) {
            twice.push((control.clone(), other.clone()));
        }
    }
    assert!(twice.is_empty(), "{what}: of one name: {twice:#?}");
}

#[test]
fn every_control_of_the_window_has_a_name_of_its_own() {
    let mut window = Window::paid_twice(egui::Theme::Dark);
    for (tab, name) in [
        (Key::Num1, "state"),
        (Key::Num2, "changes"),
        (Key::Num3, "event"),
        (Key::Num4, "raw"),
        (Key::Num5, "compare"),
    ] {
        window.press(Modifiers::NONE, tab);
        assert_told(&window, name);
    }
}

#[test]
fn every_control_of_each_dialog_has_a_name_of_its_own() {
    let mut window = Window::paid_twice(egui::Theme::Dark);
    for command in [
        "Keys",
        "Journal",
        "Database",
        "Definitions",
        "As of a moment",
        "Category",
        "Connection",
        "Problems",
        "Reset sandbox",
    ] {
        window.press(Modifiers::COMMAND, Key::K);
        window.harness.event(Event::Text(command.to_owned()));
        window.harness.run_steps(4);
        assert_told(&window, "palette");
        window.press(Modifiers::NONE, Key::Enter);
        window.harness.run_steps(6);
        assert_told(&window, command);
        window.press(Modifiers::NONE, Key::Escape);
        window.harness.run_steps(4);
    }
}

#[test]
fn controls_are_told_by_their_state() {
    let mut window = Window::paid_twice(egui::Theme::Dark);
    window.press(Modifiers::NONE, Key::Home);
    assert!(window.harness.query_by_label("Pause").is_none());
    window.click("Play");
    assert!(
        window.harness.query_by_label("Pause").is_some() && window.harness.query_by_label("Play").is_none()
    );
    let toggled = |window: &Window, role, name: &str| {
        window.harness.get_by_role_and_label(role, name).accesskit_node().toggled() == Some(Toggled::True)
    };
    assert!(toggled(&window, Role::Button, "All 40") && !toggled(&window, Role::Button, "Paid 25"));
    assert!(toggled(&window, Role::Tab, "State") && !toggled(&window, Role::Tab, "Raw"));
    assert!(toggled(&window, Role::Button, "By event") && !toggled(&window, Role::Button, "By time"));
    window.click("By time");
    assert!(toggled(&window, Role::Button, "By time"));
    window.press(Modifiers::NONE, Key::End);
    assert!(toggled(&window, Role::Button, "Live"));
}

#[test]
fn roles_are_those_of_the_parts_and_news_is_said() {
    let mut window = Window::paid_twice(egui::Theme::Dark);
    let has =
        |window: &Window, role, name: &str| window.harness.query_by_role_and_label(role, name).is_some();
    for (role, name) in [
        (Role::List, "Stream list"),
        (Role::Table, "Event table"),
        (Role::Slider, "Timeline"),
        (Role::TextInput, "Filter streams"),
        (Role::Tab, "State"),
        (Role::Row, "Revision 2 OrderPaid"),
        (Role::ListItem, "order-14ad6e22 Paid 1,250.00"),
    ] {
        assert!(has(&window, role, name), "{name}");
    }
    let track = window.harness.get_by_label("Timeline");
    assert_eq!(track.accesskit_node().data().numeric_value(), Some(2.0));
    window.press(Modifiers::COMMAND, Key::K);
    window.harness.event(Event::Text("copy state".to_owned()));
    window.harness.run_steps(4);
    window.press(Modifiers::NONE, Key::Enter);
    window.until("Copied the state as JSON.");
    let notice = window.harness.get_by_label("Copied the state as JSON.");
    assert_eq!(notice.accesskit_node().data().live(), Some(Live::Polite));
}
