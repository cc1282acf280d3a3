//! The command dock in the window: it stays in place while one types, shows the exact write whole, and offers what was sent before.

use crate::window::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers, Rect};
use egui_kittest::kittest::{NodeT, Queryable};

const SIZES: [[f32; 2]; 3] = [[900.0, 600.0], [1280.0, 800.0], [1600.0, 1000.0]];

impl Window {
    fn sized(size: [f32; 2]) -> Self {
        let mut window = Self::with_order(egui::Theme::Dark);
        window.harness.set_size(size.into());
        window.harness.run_steps(6);
        window
    }

    /// Where each named control stands; texts aside.
    fn controls(&self) -> Vec<(String, Rect)> {
        let roles = [Role::TextInput, Role::ComboBox, Role::Button, Role::Tab];
        let of = |role| self.harness.query_all_by_role(role);
        let nodes = roles.into_iter().flat_map(of);
        // A row of the list and a line of the table are no controls of the dock.
        let known = nodes.filter_map(|node| Some((node.accesskit_node().label()?, node.rect())));
        known.filter(|(name, _)| !name.contains("order-")).collect()
    }

    fn field<'a>(&'a self, name: &'a str) -> egui_kittest::Node<'a> {
        self.harness.get_by_role_and_label(Role::TextInput, name)
    }

    fn value(&self, name: &str) -> String {
        self.field(name).accesskit_node().value().unwrap_or_default()
    }

    /// Types one sign after the other; nothing moves at any of them.
    #[track_caller]
    fn types_in_place(&mut self, name: &str, text: &str) {
        self.field(name).focus();
        self.harness.run_steps(3);
        self.press(Modifiers::COMMAND, Key::A);
        let before = self.controls();
        for sign in text.chars() {
            self.harness.event(Event::Text(sign.to_string()));
            self.harness.run_steps(4);
            assert_eq!(self.controls(), before, "after {sign} of {text} in {name}");
        }
    }

    pub fn menu_of_expected(&mut self) {
        self.harness.get_by_role_and_label(Role::ComboBox, "Expected revision").click();
        self.harness.run_steps(4);
    }
}

#[test]
fn nothing_moves_while_a_command_is_typed() {
    for size in SIZES {
        let mut window = Window::sized(size);
        window.types_in_place("User", "ann lee of a long name");
        window.types_in_place("Total", "-9.9x");
        window.types_in_place("Total", "99.90");
        window.types_in_place("Order", "7d93c5b0-4c1f-4b0e-9d57-3d1c8a9f0e11");
        window.until("Would append OrderCreated");
        window.click("Pay order");
        window.types_in_place("Order", "abcd");
        window.types_in_place("Order", "abc");
        window.until("Would append OrderPaid");
        let screen = Rect::from_min_size(egui::Pos2::ZERO, size.into());
        let find = |role, name| window.harness.get_by_role_and_label(role, name).rect();
        for (role, name) in
            [(Role::TextInput, "Order"), (Role::Button, "Append"), (Role::ComboBox, "Expected revision")]
        {
            let rect = find(role, name);
            assert!(screen.contains_rect(rect), "{name} at {rect:?} in {size:?}");
        }
    }
}

#[test]
fn a_field_is_as_wide_as_what_it_holds() {
    for size in SIZES {
        let mut window = Window::sized(size);
        window.click("Pay order");
        let width = window.field("Order").rect().width();
        assert!((36.0 * 7.0..36.0 * 10.0).contains(&width), "a UUID whole: {width} at {size:?}");
        window.click("Create order");
        let total = window.field("Total").rect().width();
        assert!(total < width, "{total} at {size:?}");
    }
}

#[test]
fn the_exact_write_is_shown_whole_before_it_is_sent() {
    for size in SIZES {
        let mut window = Window::sized(size);
        window.click("Pay order");
        window.until("Would append OrderPaid");
        for part in ["Stream", "Event type", "Event id", "Data", "Metadata", "OrderPaid", "exactly 0"] {
            assert!(window.shows(part), "{part} at {size:?}");
        }
        assert!(window.shows(r#"{"OrderID":"abc"}"#), "{size:?}");
        window.types_in_place("Order", "none");
        window.until("Nothing would be appended.");
    }
}

#[test]
fn enter_appends_and_the_form_leads_to_what_was_written() {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.types("User", "ann");
    window.types("Total", "12.50");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("Appended OrderCreated as revision 0");
    window.press(Modifiers::NONE, Key::Home);
    window.open_stream("order-abc");
    window.click("Pay order");
    window.click("Append");
    window.until("Appended OrderPaid as revision 1");
    window.press(Modifiers::NONE, Key::Home);
    window.until("rev 0 of 1");
    window.click("Go to revision 1");
    window.until("rev 1 of 1");
}

#[test]
fn enter_opens_the_confirmation_where_writes_are_confirmed() {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.click("Write mode");
    window.click("Confirm writes");
    window.press(Modifiers::NONE, Key::Escape);
    window.types("User", "ann");
    window.types("Total", "12.50");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("Append this event?");
    for part in ["Stream", "Expected revision", "Event type", "Event id", "Data", "Metadata"] {
        assert!(window.harness.query_all_by_label(part).count() >= 1, "{part}");
    }
    window.click("Append now");
    window.until("Appended OrderCreated as revision 0");
}

#[test]
fn escape_leaves_the_field_and_then_clears_the_command() {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.types("User", "ann");
    window.press(Modifiers::NONE, Key::Escape);
    assert!(!window.field("User").accesskit_node().is_focused());
    assert_eq!(window.value("User"), "ann", "what was typed stays");
    window.press(Modifiers::NONE, Key::Escape);
    assert_eq!(window.value("User"), "");
    window.click("Pay order");
    window.press(Modifiers::NONE, Key::Escape);
    assert_eq!(window.value("Order"), "abc", "the stream's name stays");
}

#[test]
fn the_last_values_are_offered_again() {
    let mut window = Window::with_order(egui::Theme::Dark);
    for user in ["ann", "bob"] {
        window.click("Create order");
        window.types("User", user);
        window.types("Total", "12.50");
        window.click("Append");
        window.until("Appended OrderCreated as revision 0");
        assert_eq!(window.value("User"), "", "the form is empty again");
        window.press(Modifiers::NONE, Key::ArrowLeft);
    }
    window.click("Last values of User");
    window.click("ann");
    assert_eq!(window.value("User"), "ann");
    window.press(Modifiers::COMMAND, Key::A);
    window.press(Modifiers::NONE, Key::ArrowDown);
    window.press(Modifiers::NONE, Key::Enter);
    assert_eq!(window.value("User"), "bob", "the newest comes first");
    assert!(window.harness.query_by_label("Last values of Order").is_none(), "none was sent");
}

#[test]
fn each_command_expects_what_was_chosen_for_it() {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.click("Pay order");
    window.menu_of_expected();
    for offered in ["exactly 0, as decided", "an existing stream"] {
        assert!(window.shows(offered), "{offered}");
    }
    window.click("⚠ any state: written whatever happened since");
    window.until("Nothing is checked");
    window.click("Create order");
    window.types("User", "u");
    window.types("Total", "1");
    window.until("expecting no stream");
    window.menu_of_expected();
    assert!(window.shows("no stream, as decided") && !window.shows("an existing stream"));
    window.press(Modifiers::NONE, Key::Escape);
    window.click("Pay order");
    window.until("expecting any state");
}
