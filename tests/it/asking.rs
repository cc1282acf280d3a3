//! Conditions, the history of a field and compare in the window, by accessible name.

use crate::window::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::decision::Expected;
use hindsight::record::Revision;
use serde_json::json;

impl Window {
    /// Takes the place of what the filter holds.
    pub fn filter_by(&mut self, text: &str) {
        self.harness.get_by_role_and_label(Role::TextInput, "Filter streams").focus();
        self.harness.run_steps(2);
        self.press(Modifiers::COMMAND, Key::A);
        if text.is_empty() {
            self.press(Modifiers::NONE, Key::Backspace);
        } else {
            self.harness.event(Event::Text(text.to_owned()));
            self.harness.run_steps(3);
        }
        self.press(Modifiers::NONE, Key::Tab);
    }

    /// A key that is told by its sign.
    fn sign(&mut self, sign: &str) {
        self.harness.event(Event::Text(sign.to_owned()));
        self.harness.run_steps(4);
    }

    fn balance(&self, stream: &str, balances: &[i64]) {
        let events: Vec<_> =
            balances.iter().map(|balance| ("BalanceSet", json!({"Balance": balance}))).collect();
        self.service(stream, &events);
    }

    fn show_accounts(&mut self) {
        self.click("Category");
        self.until("account-*");
        self.harness.get_by_role_and_label(Role::Button, "account-*").click();
        self.until("caught up");
    }

    fn track(&self) -> String {
        self.harness.get_by_label("Timeline").accesskit_node().description().unwrap_or_default()
    }
}

/// Three orders: paid over 50, unpaid over 50, paid below.
fn orders() -> Window {
    let window = Window::open(false, egui::Theme::Dark);
    for (id, total, is_paid) in [("a", "99.9", true), ("b", "70", false), ("c", "5", true)] {
        let data = format!(r#"{{"OrderID":"{id}","UserID":"user-{id}","Total":{total}}}"#);
        window.elsewhere(id, Expected::NoStream, "OrderCreated", &data);
        if is_paid {
            window.elsewhere(
                id,
                Expected::Exact(Revision(0)),
                "OrderPaid",
                &format!(r#"{{"OrderID":"{id}"}}"#),
            );
        }
    }
    window
}

#[test]
fn the_list_is_filtered_by_a_condition_and_says_in_how_many_streams_it_is_true() {
    let mut window = orders();
    window.until("order-c");
    assert!(window.shows("All 3"));
    window.filter_by("Paid && Total > 50");
    window.until("in 1 of 3");
    for text in ["order-a", "1 of 3 streams", "All 1", "Paid 1", "Unpaid 0"] {
        assert!(window.shows(text), "{text}");
    }
    assert!(!window.shows("order-b") && !window.shows("order-c"));
    // A row that changes is judged again, and so is one that comes.
    window.elsewhere("b", Expected::Exact(Revision(0)), "OrderPaid", r#"{"OrderID":"b"}"#);
    window.until("in 2 of 3");
    window.until("order-b");
    window.elsewhere("d", Expected::NoStream, "OrderCreated", r#"{"OrderID":"d","UserID":"u","Total":500}"#);
    window.until("in 2 of 4");
    window.filter_by("");
    window.until("All 4");
    assert!(!window.shows("in 2 of 4"));
}

#[test]
fn words_stay_words_and_what_is_no_condition_leaves_the_list_as_it_was() {
    let mut window = orders();
    window.until("order-c");
    window.filter_by("user-b");
    window.until("order-b");
    assert!(!window.shows("order-a"));
    window.filter_by("user-b = 5");
    window.until("Column 8: One = compares nothing. Write == for equal.");
    assert!(window.shows("order-b") && !window.shows("order-a"), "as it was");
    window.filter_by("Totl > 5");
    window.until("in 0 of 3. No stream listed has a field Totl. Is Total meant?");
    window.filter_by("problem && Total > 5");
    window.until("the list is not filtered");
    for order in ["order-a", "order-b", "order-c"] {
        assert!(window.shows(order), "{order}");
    }
}

#[test]
fn the_open_stream_is_marked_where_the_condition_turns() {
    let mut window = Window::open(false, egui::Theme::Light);
    window.balance("account-7", &[5, -1, -2, 3, -4]);
    window.show_accounts();
    window.open_stream("account-7");
    window.until("rev 4 of 4");
    window.filter_by("Balance < 0");
    window.until("Revision 1 BalanceSet ◆ turns true");
    for row in [
        "Revision 0 BalanceSet",
        "Revision 2 BalanceSet",
        "Revision 3 BalanceSet ◇ turns false",
        "Revision 4 BalanceSet ◆ turns true",
    ] {
        assert!(window.harness.query_by_label(row).is_some(), "{row}");
    }
    assert!(window.shows("Balance < 0 is true from here on; it turns true 2 times."));
    assert_eq!(window.track(), "the condition is true in 2 parts");
    window.sign("[");
    window.until("rev 3 of 4");
    assert!(window.shows("is not true here, and is next at revision 4"));
    window.sign("[");
    window.until("rev 1 of 4");
    assert!(window.shows("Balance < 0 is true from here until revision 3; it turns true 2 times."));
    window.sign("[");
    window.until("Balance < 0 does not turn before this revision.");
    window.sign("]");
    window.until("rev 3 of 4");
    // What is written later is judged, too, and nothing before it again.
    window.balance("account-7", &[9]);
    window.until("Revision 5 BalanceSet ◇ turns false");
    window.click("List all 2");
    window.until("4 turns in the first 6 events of account-7");
    window.click("Turn at revision 4: ◆ turns true");
    window.until("rev 4 of 5");
    assert!(!window.shows("All turns"), "the dialog is closed");
    window.filter_by("Balance > 1000");
    window.until("Balance > 1000 is never true in this stream.");
    window.filter_by("event is BalanceSet && Balance == 3");
    window.until("Revision 3 BalanceSet ◆ turns true");
}

#[test]
fn the_changes_of_a_field_are_listed_and_stepped_through() {
    let mut window = Window::open(false, egui::Theme::Dark);
    window.service(
        "account-7",
        &[
            ("Opened", json!({"Owner": "ada", "Balance": 5})),
            ("Noted", json!({"Note": "x"})),
            ("Withdrawn", json!({"Balance": -1})),
            ("Renamed", json!({"Owner": "zoe"})),
            ("Deposited", json!({"Balance": 70})),
        ],
    );
    window.harness.set_size(egui::vec2(1600.0, 1000.0));
    window.open_stream("account-7");
    window.until("rev 4 of 4");
    window.press(Modifiers::NONE, Key::C);
    window.until("No field is chosen. Click one in the state.");
    window.click("Changes of Balance");
    window.until("History of Balance");
    window.until("3 changes");
    window.until("Change at revision 4: -1 to 70");
    for text in [
        "Change at revision 2: 5 to -1",
        "Change at revision 0: none to 5",
        "Chart of Balance from -1 to 70",
        "change of Balance",
    ] {
        window.until(text);
    }
    window.press(Modifiers::SHIFT, Key::C);
    window.until("rev 2 of 4");
    window.press(Modifiers::SHIFT, Key::C);
    window.until("rev 0 of 4");
    window.press(Modifiers::NONE, Key::C);
    window.until("rev 2 of 4");
    window.click("Change at revision 4: -1 to 70");
    window.until("rev 4 of 4");
    window.press(Modifiers::NONE, Key::C);
    window.until("Balance does not change after this revision.");
    window.balance("account-7", &[71]);
    window.until("Change at revision 5: 70 to 71");
    window.until("4 changes");
    window.click("Changes of Balance");
    assert!(!window.shows("History of Balance"));
}

#[test]
fn two_revisions_are_compared_side_by_side_while_the_playhead_moves() {
    let mut window = Window::open(false, egui::Theme::Light);
    window.service(
        "account-7",
        &[
            ("Opened", json!({"Owner": "ada", "Balance": 5})),
            ("Deposited", json!({"Balance": 6})),
            ("Deposited", json!({"Balance": 7, "Vip": true})),
            ("Withdrawn", json!({"Balance": 2})),
        ],
    );
    window.open_stream("account-7");
    window.until("rev 3 of 3");
    window.press(Modifiers::NONE, Key::Num5);
    window.until("Nothing is pinned");
    window.harness.get_by_label("Revision 0 Opened").click_modifiers(Modifiers::SHIFT);
    window.harness.run_steps(4);
    window.until("Rev 3 (playhead)");
    for text in [
        "− 5",
        "+ 2",
        "none",
        "+ true",
        "3 events between them, after the pinned one:",
        "2 Deposited",
        "1 Withdrawn",
    ] {
        assert!(window.shows(text), "{text}");
    }
    assert!(window.shows("rev 3 of 3"), "the playhead stays");
    window.click("2 Deposited");
    window.until("rev 1 of 3");
    window.until("1 event between them");
    assert!(window.shows("+ 6"));
    window.click("Pinned revision");
    window.types("Revision or stream to pin", "9");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("There is no revision 9 to pin. This stream has revisions 0 to 3.");
    assert!(window.shows("1 event between them"), "what was pinned stays");
    window.click("Pinned revision");
    window.types("Revision or stream to pin", "account-9");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("No stream account-9 is listed.");
    window.click("Pinned revision");
    window.types("Revision or stream to pin", "2");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("1 event between them, before the pinned one:");
    window.click("Pinned revision");
    window.click("Pin the newest revision");
    window.until("2 events between them, before the pinned one:");
    assert!(window.shows("− 2") && window.shows("+ 6"));
    window.press(Modifiers::NONE, Key::Escape);
    window.until("Nothing is pinned");
    window.press(Modifiers::NONE, Key::P);
    window.until("Both are the same revision");
}

#[test]
fn another_stream_is_compared_with_the_open_one() {
    let mut window = Window::open(false, egui::Theme::Dark);
    window.service("account-7", &[("Opened", json!({"Owner": "ada", "Balance": 5}))]);
    window.service("account-8", &[("Opened", json!({"Owner": "zoe", "Balance": 5}))]);
    window.show_accounts();
    window.open_stream("account-7");
    let row = window.harness.query_all_by_label_contains("account-8").next().unwrap();
    row.click_modifiers(Modifiers::SHIFT);
    window.harness.run_steps(4);
    window.until("Rev 0 (playhead)");
    for text in ["− \"zoe\"", "+ \"ada\""] {
        assert!(window.shows(text), "{text}");
    }
    window.balance("account-8", &[6]);
    window.until("− 6");
    // It stays while other streams are opened.
    window.service("account-9", &[("Opened", json!({"Owner": "bo", "Balance": 1}))]);
    window.open_stream("account-9");
    window.until("+ \"bo\"");
    assert!(window.shows("− \"zoe\""));
}
