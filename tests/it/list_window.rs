//! The stream list in the window: its filter, facets, order, menus and what hovering tells.

use crate::window::Window;
use egui::accesskit::Role;
use egui::{Event, Modifiers, Pos2};
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::decision::Expected;

fn samples(size: [f32; 2]) -> Window {
    let mut window = Window::open(true, egui::Theme::Dark);
    window.harness.set_size(size.into());
    window.harness.run_steps(6);
    window
}

impl Window {
    /// The button whose name begins so.
    fn button(&self, beginning: &str) -> egui_kittest::Node<'_> {
        let mut buttons = self.harness.query_all_by_role(Role::Button);
        let begins = |node: &egui_kittest::Node<'_>| {
            node.accesskit_node().label().is_some_and(|label| label.starts_with(beginning))
        };
        buttons.find(begins).unwrap()
    }

    fn hover(&mut self, at: Pos2) {
        self.harness.event(Event::PointerMoved(at));
        self.harness.run_steps(60);
    }

    fn first_row(&self) -> egui_kittest::Node<'_> {
        let rows = self.harness.query_all_by_role(Role::ListItem);
        let named = |node: &egui_kittest::Node<'_>| {
            node.accesskit_node().label().is_some_and(|label| label.starts_with("order-"))
        };
        rows.filter(named).min_by(|a, b| a.rect().top().total_cmp(&b.rect().top())).unwrap()
    }
}

#[test]
fn facets_stand_in_one_row_at_every_size() {
    for size in [[900.0, 600.0], [1280.0, 800.0], [1600.0, 1000.0]] {
        let mut window = samples(size);
        let all = window.button("All ").rect();
        let more = window.harness.get_by_label("More facets").rect();
        assert!((all.center().y - more.center().y).abs() < 1.0, "{all:?} and {more:?} at {size:?}");
        let list = window.harness.get_by_label("Stream list").rect();
        assert!(more.right() <= list.right(), "{more:?} in {list:?}");
        window.click("More facets");
        window.button("Tombstoned ").click();
        window.harness.run_steps(4);
        window.until("1 of 40 streams");
    }
}

#[test]
fn facets_counts_and_the_foot_follow_the_filter_and_nothing_moves() {
    let mut window = samples([1280.0, 800.0]);
    let place = |window: &Window| window.button("Unpaid ").rect();
    let before = place(&window);
    window.types("Filter streams", "paid 7");
    window.harness.run_steps(8);
    let shown = window.harness.get_by_label_contains(" of 40 streams");
    let text = shown.accesskit_node().label().or(shown.accesskit_node().value()).unwrap();
    let count = text.split(' ').next().unwrap().to_owned();
    assert!(window.shows(&format!("All {count}")), "{text}");
    assert_eq!(place(&window), before);
}

#[test]
fn what_cannot_be_understood_is_said_under_the_field() {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.types("Filter streams", "user:user123");
    window.until("in 1 of 1");
    window.types("Filter streams", " total>");
    window.until("Column 20: Nothing stands behind >");
    assert!(window.shows("order-abc"), "the list stays as it was");
}

#[test]
fn the_order_is_turned_round_by_its_own_line() {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.elsewhere("b", Expected::NoStream, "OrderCreated", r#"{"OrderID":"b","UserID":"u","Total":1}"#);
    window.until("2 streams");
    let first = |window: &Window| window.first_row().accesskit_node().label().unwrap();
    for (line, leads) in
        [("Total", "order-abc"), ("Total", "order-b"), ("Name", "order-abc"), ("Name", "order-b")]
    {
        window.click("Sort");
        window.harness.get_by_role_and_label(Role::Button, line).click();
        window.harness.run_steps(4);
        assert!(first(&window).starts_with(leads), "{line}: {}", first(&window));
    }
}

#[test]
fn hovering_a_row_tells_all_of_it() {
    let mut window = Window::with_order(egui::Theme::Dark);
    let row = window.first_row().rect().center();
    window.hover(row);
    for told in [" ago", " local\n", " UTC", "User user123", "1 event, revision 0"] {
        assert!(window.shows(told), "{told}");
    }
}

#[test]
fn the_menu_of_a_row_copies_compares_and_filters() {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.elsewhere("b", Expected::NoStream, "OrderCreated", r#"{"OrderID":"b","UserID":"u","Total":1}"#);
    window.until("order-b");
    let menu = |window: &mut Window| {
        window.first_row().click_secondary();
        window.harness.run_steps(6);
    };
    menu(&mut window);
    for line in ["Open the stream", "Compare with this", "Copy stream name", "Copy id", "Show only unpaid"] {
        assert!(window.shows(line), "{line}");
    }
    window.click("Filter by User u");
    window.until("1 of 2 streams");
    assert!(window.shows("in 1 of 2"), "as a condition");
    menu(&mut window);
    window.click("Show only unpaid");
    menu(&mut window);
    window.click("Compare with this");
    window.until("Compare");
    menu(&mut window);
    window.click("Open the stream");
    window.until("order-b");
    window.press(Modifiers::NONE, egui::Key::Escape);
}
