//! The accounts of the README in the window: a definition in a folder, its state, columns, commands and conflicts, and what an
//! edit of the file does; by accessible name.

use crate::window::Window;
use egui::accesskit::Role;
use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use hindsight::definition_files::{DefinitionFiles, DefinitionReader};
use hindsight::node::{Config, Node};
use serde_json::json;
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;
use tokio::runtime::Runtime;

const ACCOUNTS: &str = include_str!("../../assets/accounts.js");
const THEMES: [egui::Theme; 2] = [egui::Theme::Dark, egui::Theme::Light];

struct Defined {
    window: Window,
    folder: TempDir,
}

impl Defined {
    fn with(text: &str, theme: egui::Theme) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("accounts.js"), text).unwrap();
        let runtime = Runtime::new().unwrap();
        let node = runtime.block_on(Node::start(Config::default())).unwrap();
        let url = node.connection_string();
        let files = DefinitionFiles { folders: vec![folder.path().to_owned()], files: Vec::new() };
        let window = Window::with_options(&url, runtime, node, theme, |options| {
            options.definitions = DefinitionReader::default();
            options.definitions.read(&files);
            options.definition_files = files;
        });
        Self { window, folder }
    }

    /// A second window on the same database, by the same definition.
    fn beside(&self) -> Window {
        let url = self.window.node.connection_string();
        let runtime = Runtime::new().unwrap();
        let node = runtime.block_on(Node::start(Config::default())).unwrap();
        let files = DefinitionFiles { folders: vec![self.folder.path().to_owned()], files: Vec::new() };
        Window::with_options(&url, runtime, node, egui::Theme::Dark, |options| {
            options.definitions.read(&files);
            options.definition_files = files;
        })
    }

    fn saves(&self, text: &str) {
        fs::write(self.file(), text).unwrap();
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("accounts.js")
    }

    fn account(&self) {
        self.window.service(
            "account-7",
            &[
                ("AccountOpened", json!({"Owner": "Zoë", "Currency": "EUR"})),
                ("MoneyDeposited", json!({"Amount": 100})),
                ("MoneyWithdrawn", json!({"Amount": 130})),
                ("MoneyWithdrawn", json!({"Amount": 30})),
            ],
        );
    }

    fn list(&mut self) {
        self.window.click("Category");
        self.window.until("account-*");
        self.window.harness.get_by_role_and_label(Role::Button, "account-*").click();
        self.window.until("caught up");
    }
}

#[test]
fn an_account_is_stepped_through_by_its_own_definition() {
    for theme in THEMES {
        let mut defined = Defined::with(ACCOUNTS, theme);
        defined.account();
        defined.window.open_stream("account-7");
        let window = &mut defined.window;
        window.until("rev 3 of 3");
        assert!(!window.shows("last value of each field"), "the state is the definition's");
        for text in ["− 100", "+ 70", "Balance set by revision 3", "Owner set by revision 0"] {
            assert!(window.shows(text), "{text}");
        }
        window.press(Modifiers::NONE, Key::ArrowLeft);
        window.until("rev 2 of 3");
        for text in ["The balance would be -30", "The state stays as it was after revision 1."] {
            assert!(window.shows(text), "{text}");
        }
        window.click("Balance set by revision 1");
        window.until("rev 1 of 3");
        window.press(Modifiers::NONE, Key::ArrowRight);
        window.press(Modifiers::NONE, Key::ArrowRight);
        window.until("rev 3 of 3");
        defined.list();
        let window = &mut defined.window;
        window.click("Sort");
        for column in ["Owner", "Balance", "Currency"] {
            assert!(window.harness.query_by_role_and_label(Role::Button, column).is_some(), "{column}");
        }
    }
}

#[test]
fn money_is_withdrawn_only_while_it_is_there() {
    for theme in THEMES {
        let mut defined = Defined::with(ACCOUNTS, theme);
        defined.account();
        let window = &mut defined.window;
        window.open_stream("account-7");
        window.until("rev 3 of 3");
        window.click("Withdraw money");
        window.types("Amount", "70.01");
        window.until("the balance is 70");
        window.types("Amount", "");
        window.press(Modifiers::COMMAND, Key::A);
        window.harness.event(egui::Event::Text("20".to_owned()));
        window.harness.run_steps(4);
        window.until("\"Amount\":20");
        window.click("Append");
        window.until("rev 4 of 4");
        window.until("+ 50");
        assert_eq!(window.events("account-7"), 5);
        window.click("Open account");
        window.until("Currency");
        window.harness.get_by_role_and_label(Role::ComboBox, "Currency").click();
        window.until("GBP");
        window.click("GBP");
        window.types("Owner", "ada");
        window.until("\"Currency\":\"GBP\"");
    }
}

#[test]
fn of_two_windows_that_withdraw_at_once_one_is_told_of_the_other() {
    let mut defined = Defined::with(ACCOUNTS, egui::Theme::Dark);
    defined.account();
    let mut other = defined.beside();
    let withdraw = |window: &mut Window, amount: &str| {
        window.open_stream("account-7");
        window.until("rev 3 of 3");
        window.click("Withdraw money");
        window.types("Amount", amount);
        window.until(&format!("\"Amount\":{amount}"));
    };
    withdraw(&mut defined.window, "40");
    withdraw(&mut other, "50");
    other.click("Append");
    other.until("rev 4 of 4");
    let window = &mut defined.window;
    window.until("rev 4 of 4");
    window.until("the balance is 20");
    // What the person saw when the amount was typed.
    window.harness.get_by_role_and_label(Role::TextInput, "Amount").focus();
    window.harness.run_steps(2);
    window.press(Modifiers::COMMAND, Key::A);
    window.harness.event(egui::Event::Text("15".to_owned()));
    window.harness.run_steps(4);
    window.harness.get_by_role_and_label(Role::ComboBox, "Expected revision").click();
    window.harness.run_steps(4);
    window.click("exactly 3");
    window.click("Append");
    window.until("Conflict: the write expected exactly 3, the stream is at revision 4");
    for text in ["MoneyWithdrawn", "− 70", "+ 20"] {
        assert!(window.shows(text), "{text}");
    }
    assert_eq!(window.events("account-7"), 5, "the second one was not written");
}

#[test]
fn a_file_that_is_saved_folds_anew_and_the_playhead_stays() {
    let mut defined = Defined::with(ACCOUNTS, egui::Theme::Dark);
    defined.account();
    defined.list();
    defined.window.open_stream("account-7");
    defined.window.until("rev 3 of 3");
    defined.window.press(Modifiers::NONE, Key::ArrowLeft);
    defined.window.until("The balance would be -30");
    defined.saves(&ACCOUNTS.replace("s.Balance < 0", "s.Balance < -1000"));
    defined.window.until("− 100");
    for text in ["rev 2 of 3", "+ -30"] {
        assert!(defined.window.shows(text), "{text}");
    }
    defined.saves("aggregate({\n  category: }");
    defined.window.until("accounts.js:2:13");
    assert!(defined.window.shows("It counts as it was before."));
    assert!(defined.window.shows("+ -30"), "what is shown stays");
    defined.window.press(Modifiers::NONE, Key::D);
    defined.window.until("folds account-*, 4 commands");
    defined.window.press(Modifiers::NONE, Key::Escape);
    fs::remove_file(defined.file()).unwrap();
    defined.window.until("last value of each field");
    assert!(defined.window.shows("rev 2 of 3"));
    defined.saves(ACCOUNTS);
    defined.window.until("The balance would be -30");
    assert!(defined.window.shows("rev 2 of 3"));
}

#[test]
fn what_a_projection_would_write_is_shown_with_its_step() {
    let text = r#"fromCategory("account").foreachStream().when({
  AccountOpened(s, e) { log("opened"); emit("mails", "MailSent", { to: e.data.Owner }); return { n: 1 }; },
  $any(s) { s.n += 1; },
})"#;
    let text =
        text.replace("$any(s) { s.n += 1; },", "MoneyDeposited(s, e) { s.n += 1; linkTo('big', e); },");
    let mut defined = Defined::with(&text, egui::Theme::Dark);
    defined.account();
    let window = &mut defined.window;
    window.open_stream("account-7");
    window.press(Modifiers::NONE, Key::Home);
    window.until("Would be written");
    for text in ["MailSent to mails", "{\"to\":\"Zoë\"}", "opened"] {
        assert!(window.shows(text), "{text}");
    }
    window.press(Modifiers::NONE, Key::ArrowRight);
    window.until("$> to big");
    assert!(window.shows("1@account-7"));
    assert_eq!(window.events("mails"), 0, "nothing is written");
}

#[test]
fn a_script_that_never_ends_is_a_problem_and_the_window_goes_on() {
    let text = r#"fromCategory("account").foreachStream().when({
  AccountOpened() { return { n: 1 }; }, MoneyDeposited(s) { s.n += 1; }, MoneyWithdrawn() { for (;;) {} },
})"#;
    let mut defined = Defined::with(text, egui::Theme::Dark);
    defined.account();
    let window = &mut defined.window;
    window.open_stream("account-7");
    window.until("rev 3 of 3");
    window.until("The state stays as it was after revision");
    window.press(Modifiers::SHIFT, Key::N);
    window.until("rev 2 of 3");
    window.press(Modifiers::NONE, Key::ArrowLeft);
    window.until("rev 1 of 3");
    assert!(window.shows("+ 2"));
}

#[test]
fn a_file_that_cannot_be_used_is_told_when_the_window_opens() {
    let mut defined = Defined::with("aggregate({", egui::Theme::Dark);
    defined.window.until("Definition accounts.js:1:");
    defined.window.press(Modifiers::NONE, Key::D);
    defined.window.until("not used");
    defined.window.press(Modifiers::NONE, Key::Escape);
    defined.saves(ACCOUNTS);
    defined.window.until("Definition accounts.js is read.");
}
