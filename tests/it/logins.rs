//! A password that is missing, in the keyring, or no longer accepted. Only the system's keyring is replaced.

use crate::cli::{program, text};
use crate::node::grpc;
use crate::production::guarded;
use crate::rights::users;
use crate::window::Window;
use egui::accesskit::Role;
use egui_kittest::kittest::Queryable;
use hindsight::app::{
    Answer, App, ConnectionIntent, ConnectionKey, Dialog, Effect, Failure, Intent, KeyringFault, Password,
    Settings,
};
use hindsight::keyring;
use hindsight::node::Node;
use hindsight::store::{Connection, Declaration, Denial, StoreError, Target, Update};
use std::sync::Once;

/// A keyring of this process.
fn mock_keyring() {
    static SET: Once = Once::new();
    SET.call_once(|| keyring_core::set_default_store(keyring_core::mock::Store::new().unwrap()));
}

fn kept(entry: &str) -> Option<String> {
    keyring::read(entry).unwrap().map(|password| password.text().to_owned())
}

fn password(text: &str) -> Password {
    Password::from(text.to_owned())
}

fn entry_of(node: &Node, user: &str) -> String {
    format!("{user}@{}", node.address())
}

/// A window that is to connect as this user, without a password.
fn opened(user: &str, in_keyring: Option<&str>) -> Window {
    mock_keyring();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(guarded());
    if let Some(text) = in_keyring {
        keyring::keep(&entry_of(&node, user), &password(text)).unwrap();
    }
    let target = format!("esdb://{user}@{}?tls=false", node.address());
    let url = node.connection_string();
    Window::begun(&url, runtime, node, egui::Theme::Dark, |options| {
        options.target = Target::Server(target.into());
    })
}

impl Window {
    fn type_password(&mut self, text: &str) {
        self.harness.get_by_role_and_label(Role::PasswordInput, "Password").focus();
        self.harness.run_steps(2);
        self.harness.event(egui::Event::Text(text.to_owned()));
        self.harness.run_steps(3);
        assert!(!format!("{:?}", self.harness.root()).contains(text), "it is hidden");
    }

    fn log_in(&mut self) {
        self.harness.get_by_role_and_label(Role::Button, "Log in").click();
        self.harness.run_steps(4);
    }
}

#[test]
fn the_keyring_keeps_reads_and_forgets() {
    mock_keyring();
    assert_eq!(kept("nobody@nowhere:1"), None);
    keyring::keep("a@b:1", &password("Tr0ub4dor")).unwrap();
    assert_eq!(kept("a@b:1").as_deref(), Some("Tr0ub4dor"));
    keyring::forget("a@b:1").unwrap();
    assert_eq!(kept("a@b:1"), None);
    keyring::forget("a@b:1").unwrap();
    let entry = keyring_core::Entry::new("hindsight", "locked@b:1").unwrap();
    let mock: &keyring_core::mock::Cred = entry.as_any().downcast_ref().unwrap();
    mock.set_error(keyring_core::Error::NoStorageAccess("it is locked".into()));
    assert_eq!(keyring::read("locked@b:1"), Err(KeyringFault::Absent("it is locked".into())));
    mock.set_error(keyring_core::Error::BadEncoding(b"Tr0ub4dor\xff".to_vec()));
    let fault = keyring::read("locked@b:1").unwrap_err();
    assert!(!format!("{fault:?}").contains("84"), "not even as bytes: {fault:?}");
}

#[test]
fn a_user_without_a_password_is_asked_for_it_in_the_window() {
    let mut window = opened("admin", None);
    window.until("admin at 127.0.0.1");
    assert!(!window.shows("caught up"), "not before it is typed");
    window.type_password("changeit");
    window.log_in();
    window.until("caught up");
    assert_eq!(kept(&entry_of(&window.node, "admin")), None, "nobody asked for that");
    window.press(egui::Modifiers::COMMAND, egui::Key::K);
    window.harness.event(egui::Event::Text("log in".to_owned()));
    window.harness.run_steps(3);
    window.press(egui::Modifiers::NONE, egui::Key::Enter);
    window.until("admin at 127.0.0.1");
    window.click("Cancel");
    assert!(!window.shows("admin at 127.0.0.1"));
}

#[test]
fn a_password_goes_to_the_keyring_once_it_is_accepted_and_comes_from_there() {
    let mut window = opened("admin", None);
    let entry = entry_of(&window.node, "admin");
    window.until("admin at 127.0.0.1");
    window.type_password("wrong");
    window.click("Keep in the keyring");
    window.log_in();
    window.until("does not accept the user \"admin\"");
    assert_eq!(kept(&entry), None);
    window.type_password("changeit");
    window.click("Keep in the keyring");
    window.log_in();
    window.until("The password is in the keyring of this system.");
    assert_eq!(kept(&entry).as_deref(), Some("changeit"));
    let Window { runtime, node, .. } = window;
    let target = format!("esdb://admin@{}?tls=false", node.address());
    let url = node.connection_string();
    let mut next = Window::begun(&url, runtime, node, egui::Theme::Light, |options| {
        options.target = Target::Server(target.into());
    });
    next.until("caught up");
    assert!(!next.shows("admin at 127.0.0.1"), "nobody is asked");
}

#[test]
fn a_login_that_is_no_longer_accepted_is_asked_for_in_place() {
    let mut window = opened("ann", Some("changeit"));
    let entry = entry_of(&window.node, "ann");
    window.until("server 24");
    let reset = [grpc::field(1, "ann"), grpc::field(2, "another")];
    window.runtime.block_on(users(&window.node, "ResetPassword", &reset));
    // Until it has been asked.
    while !window.shows("does not accept the user \"ann\"") {
        window.press(egui::Modifiers::NONE, egui::Key::F5);
    }
    window.type_password("another");
    window.log_in();
    window.until("The password is in the keyring of this system.");
    assert_eq!(kept(&entry).as_deref(), Some("another"), "the old one is replaced");
}

#[test]
fn without_a_keyring_a_sentence_says_so_and_the_password_stays_in_memory() {
    let mut window = opened("admin", None);
    let entry = keyring_core::Entry::new("hindsight", &entry_of(&window.node, "admin")).unwrap();
    let mock: &keyring_core::mock::Cred = entry.as_any().downcast_ref().unwrap();
    window.until("admin at 127.0.0.1");
    window.type_password("changeit");
    window.click("Keep in the keyring");
    mock.set_error(keyring_core::Error::NoStorageAccess("no such service".into()));
    window.log_in();
    window.until("This system has no keyring, or it does not open (no such service)");
    window.until("caught up");
    assert_eq!(kept(&entry_of(&window.node, "admin")), None);
}

#[cfg(target_os = "linux")]
#[test]
fn the_terminal_goes_on_without_a_keyring() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(guarded());
    let folder = tempfile::tempdir().unwrap();
    let mut list = program(&folder);
    list.args(["-c", &format!("esdb://ann@{}?tls=false", node.address()), "list"]);
    list.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/no/such/bus").env_remove("XDG_RUNTIME_DIR");
    let output = list.output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    assert!(text(&output.stderr).contains("does not accept the user \"ann\""), "{}", text(&output.stderr));
}

const ASKED: &str = "esdb://ops@h:1?tls=false";

fn app() -> App {
    App::new(Target::Sandbox, "order", Settings::default())
}

fn connect(app: &mut App, url: &str) -> Vec<Effect> {
    app.apply(Intent::Connection(ConnectionIntent::Connect(Target::Server(url.into()))))
}

fn log_in(app: &mut App, text: &str, keep: bool) -> Vec<Effect> {
    app.apply(Intent::Connection(ConnectionIntent::LogIn { password: password(text), keep }))
}

fn told(app: &mut App, refused: Option<Denial>) -> Vec<Effect> {
    app.absorb(Update::Connection(Connection::Online {
        address: "h:1".into(),
        server: "24.10".into(),
        declaration: Declaration::NotProduction,
        refused,
    }))
}

fn asks(app: &App) -> bool {
    matches!(app.dialog(), Some(Dialog::LogIn { .. }))
}

/// The number of the look-up.
fn number(effects: &[Effect]) -> u64 {
    match effects {
        [Effect::ReadPassword(number, entry)] if entry == "ops@h:1" => *number,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_connected_stays_until_the_password_is_there_and_it_is_asked_once_a_session() {
    let mut app = app();
    connect(&mut app, "esdb://other:1");
    let effects = connect(&mut app, ASKED);
    number(&effects);
    assert!(asks(&app));
    assert_eq!(app.goal().target, Target::Server("esdb://other:1".into()));
    log_in(&mut app, "Tr0ub4dor", false);
    assert_eq!(app.goal().target, Target::Server("esdb://ops:Tr0ub4dor@h:1?tls=false".into()));
    connect(&mut app, "esdb://other:1");
    app.apply(Intent::Connection(ConnectionIntent::ConnectTo(ConnectionKey::from(&ASKED.into()))));
    assert!(!asks(&app), "it is known");
    assert_eq!(app.goal().target, Target::Server("esdb://ops:Tr0ub4dor@h:1?tls=false".into()));
    assert!(!format!("{app:?}").contains("Tr0ub4dor"));
    assert!(!serde_json::to_string(app.settings()).unwrap().contains("Tr0ub4dor"));
    app.apply(Intent::Connection(ConnectionIntent::Forget(ConnectionKey::from(&ASKED.into()))));
    connect(&mut app, ASKED);
    assert!(asks(&app), "forgotten with the connection");
}

#[test]
fn the_keyrings_answer_counts_while_it_is_asked_for() {
    let mut app = app();
    let first = number(&connect(&mut app, ASKED));
    let second = number(&connect(&mut app, ASKED));
    app.answer(Answer::Password(first, Ok(Some(password("old")))));
    assert!(asks(&app), "an earlier question");
    app.answer(Answer::Password(second, Ok(None)));
    assert!(asks(&app), "the person is asked");
    let third = number(&connect(&mut app, ASKED));
    app.answer(Answer::Password(third, Err(Failure::Keyring(KeyringFault::Absent("none".into())))));
    assert!(asks(&app), "the person is asked");
    let fourth = number(&connect(&mut app, ASKED));
    app.apply(Intent::View(hindsight::app::ViewIntent::CloseDialog));
    app.answer(Answer::Password(fourth, Ok(Some(password("late")))));
    assert_eq!(app.goal().target, Target::Sandbox, "the person changed their mind");
    let fifth = number(&connect(&mut app, ASKED));
    app.answer(Answer::Password(fifth, Ok(Some(password("kept")))));
    assert_eq!(app.goal().target, Target::Server("esdb://ops:kept@h:1?tls=false".into()));
    assert!(app.is_in_keyring(&ASKED.into()));
}

#[test]
fn a_refused_login_is_asked_for_once_and_never_kept() {
    let mut app = app();
    connect(&mut app, ASKED);
    log_in(&mut app, "wrong", true);
    let denial = Denial::Login("ops".into());
    assert!(told(&mut app, Some(denial.clone())).is_empty(), "nothing to keep");
    assert!(asks(&app));
    app.apply(Intent::View(hindsight::app::ViewIntent::CloseDialog));
    told(&mut app, Some(denial.clone()));
    assert!(!asks(&app), "once a connection");
    app.apply(Intent::Connection(ConnectionIntent::AskPassword));
    log_in(&mut app, "right", true);
    let why = StoreError::AccessDenied(denial);
    let until = std::time::Instant::now();
    app.absorb(Update::Connection(Connection::Waiting { address: "h:1".into(), until, why }));
    assert!(asks(&app), "of the next connection too");
    log_in(&mut app, "right", true);
    let effects = told(&mut app, None);
    assert!(matches!(&effects[..], [Effect::KeepPassword(entry, _)] if entry == "ops@h:1"), "{effects:?}");
    assert!(told(&mut app, None).is_empty(), "once");
}
