//! A category that no aggregate is defined for, written by another program: picked, stepped through and listed, by accessible name.

use crate::window::Window;
use egui::accesskit::{Role, Toggled};
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::{NodeT, Queryable};
use serde_json::json;

const THEMES: [egui::Theme; 2] = [egui::Theme::Dark, egui::Theme::Light];

impl Window {
    /// Appends JSON events as a service in any language does: with a client of its own.
    pub fn service(&self, stream: &str, events: &[(&str, serde_json::Value)]) {
        let url = self.node.connection_string();
        self.runtime.block_on(async {
            let client = eventstore::Client::new(url.parse().unwrap()).unwrap();
            let events: Vec<_> =
                events.iter().map(|(kind, data)| eventstore::EventData::json(*kind, data).unwrap()).collect();
            client
                .append_to_stream(stream, &eventstore::AppendToStreamOptions::default(), events)
                .await
                .unwrap();
        });
    }

    fn account(&self, id: &str, owner: &str, balance: u32) {
        let limits = json!({"Daily": 1000});
        self.service(
            &format!("account-{id}"),
            &[
                (
                    "AccountOpened",
                    json!({"AccountID": id, "Owner": owner, "Currency": "EUR", "Limits": limits}),
                ),
                ("MoneyDeposited", json!({"Amount": 25, "Balance": balance})),
                ("AddressChanged", json!({"Address": {"City": "Porto"}})),
            ],
        );
    }

    fn with_accounts(theme: egui::Theme) -> Self {
        let window = Self::with_order(theme);
        window.account("1", "Zoë", 25);
        window.account("2", "ada", 1250);
        window.account("3", "用户42", 75);
        window
    }

    fn list_accounts(&mut self) {
        self.click("Category");
        self.until("account-*");
        self.harness.get_by_role_and_label(Role::Button, "account-*").click();
        self.until("3 streams · $all, prefix account-");
        self.until("caught up");
    }

    fn type_text(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.harness.run_steps(4);
    }

    /// The names of the list's rows, from above.
    fn listed(&self, part: &str) -> Vec<String> {
        let list = self.harness.get_by_label("Stream list").rect();
        let nodes = self.harness.query_all_by_label_contains(part);
        let rows =
            nodes.filter(|node| node.accesskit_node().toggled().is_some() && list.intersects(node.rect()));
        let mut rows: Vec<_> =
            rows.map(|node| (node.rect().top(), node.accesskit_node().label().unwrap())).collect();
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        rows.into_iter().map(|(_, name)| name).collect()
    }
}

#[test]
fn an_account_is_opened_from_the_picker_and_stepped_through_both_ways() {
    for theme in THEMES {
        let mut window = Window::with_accounts(theme);
        window.list_accounts();
        window.open_stream("account-1");
        window.until("rev 2 of 2");
        assert!(window.shows("last value of each field"), "whose logic the state is");
        for text in ["Owner", "\"Zoë\"", "Daily", "1000", "City", "\"Porto\""] {
            assert!(window.shows(text), "{text}");
        }
        for set_by in
            ["Owner set by revision 0", "Limits.Daily set by revision 0", "Balance set by revision 1"]
        {
            assert!(window.shows(set_by), "{set_by}");
        }
        window.click("Address.City set by revision 2");
        window.press(Modifiers::NONE, Key::ArrowLeft);
        window.until("rev 1 of 2");
        assert!(!window.shows("City"), "not yet");
        window.press(Modifiers::NONE, Key::Num2);
        window.until("+ 25");
        window.press(Modifiers::NONE, Key::Num1);
        window.click("Owner set by revision 0");
        window.until("rev 0 of 2");
        assert!(!window.shows("Balance set by"), "not yet");
        window.click("Step back");
        window.until("before the first event");
        assert!(window.shows("There is no state yet."));
        window.click("Newest");
        window.until("rev 2 of 2");
        assert!(window.shows("No commands are defined for account-*."));
        assert!(window.harness.query_all_by_label("Append").next().is_none(), "nothing to append");
    }
}

#[test]
fn a_changed_field_shows_what_it_was() {
    let mut window = Window::with_accounts(egui::Theme::Dark);
    window.service("account-1", &[("MoneyDeposited", json!({"Amount": 5, "Balance": 30}))]);
    window.open_stream("account-1");
    window.until("rev 3 of 3");
    for text in ["− 25", "+ 30", "Balance set by revision 3"] {
        assert!(window.shows(text), "{text}");
    }
}

#[test]
fn the_list_has_the_columns_that_the_accounts_share() {
    let mut window = Window::with_accounts(egui::Theme::Dark);
    window.list_accounts();
    let rows = window.listed("account-");
    assert_eq!(rows.len(), 3, "{rows:?}");
    assert!(!window.shows("Unpaid"), "accounts have no status");
    window.click("Sort");
    let columns: Vec<_> = ["Owner", "Balance", "Amount", "Currency"]
        .into_iter()
        .filter(|name| window.harness.query_all_by_role_and_label(Role::Button, name).next().is_some())
        .collect();
    assert!(columns.len() >= 2, "{columns:?}");
    window.click(columns[0]);
    window.types("Filter streams", "用户");
    window.until("All 1");
    assert_eq!(window.listed("account-").len(), 1);
}

#[test]
fn the_picker_is_all_keyboard() {
    let mut window = Window::with_accounts(egui::Theme::Dark);
    window.press(Modifiers::NONE, Key::L);
    window.until("account-*");
    let current = window.harness.get_by_role_and_label(Role::Button, "order-*");
    assert_eq!(current.accesskit_node().toggled(), Some(Toggled::True), "listed now");
    window.type_text("acc");
    assert!(window.harness.query_all_by_role_and_label(Role::Button, "order-*").next().is_none());
    window.press(Modifiers::NONE, Key::Enter);
    window.until("$all, prefix account-");
    assert!(window.shows("order-abc"), "what was looked at stays");
    window.press(Modifiers::NONE, Key::L);
    window.press(Modifiers::NONE, Key::Escape);
    assert!(window.harness.query_all_by_role_and_label(Role::TextInput, "Category").next().is_none());
    window.press(Modifiers::NONE, Key::L);
    window.type_text("nobody");
    window.until("List nobody-*");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("No stream of category nobody");
}

#[test]
fn all_streams_are_listed_by_their_whole_names() {
    let mut window = Window::with_accounts(egui::Theme::Dark);
    window.press(Modifiers::NONE, Key::L);
    window.until("all streams");
    window.type_text("*");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("account-2");
    window.until("caught up");
    assert!(window.listed("account-").len() == 3 && !window.listed("order-abc").is_empty());
}

#[test]
fn the_palette_finds_a_category() {
    let mut window = Window::with_accounts(egui::Theme::Dark);
    window.press(Modifiers::COMMAND, Key::K);
    window.type_text("category acc");
    window.until("Category account");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("$all, prefix account-");
}
