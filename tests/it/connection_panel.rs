//! The connection's panel: another server is tried in it, and what was used before is used again, named, coloured, forgotten.

use crate::connected::{Drawn, SEEDS, connected};
use egui::accesskit::Role;
use egui::{Event, Key};
use egui_kittest::kittest::Queryable;
use hindsight::app::{Answer, App, ConnectionColor, ConnectionIntent, ConnectionKey, Dialog, Intent};
use hindsight::store::{
    Change, ConnectionCause, ConnectionString, Fact, Finding, Step, StepKind, StoreError, Target,
};

const OTHER: &str = "esdb://other.example:1?tls=true";

fn apply(app: &mut App, intent: ConnectionIntent) {
    app.apply(Intent::Connection(intent));
}

fn key(url: &str) -> ConnectionKey {
    ConnectionKey::from(&ConnectionString::from(url))
}

/// On the three nodes, with another server that has a name.
fn opened() -> Drawn {
    let mut app = connected(SEEDS, "a.example:1");
    apply(&mut app, ConnectionIntent::SaveAs(OTHER.into(), "staging".into()));
    panel(app)
}

fn panel(app: App) -> Drawn {
    let mut drawn = Drawn::of(app);
    drawn.click("Connection");
    drawn
}

fn types(drawn: &mut Drawn, text: &str) {
    drawn.0.event(Event::Text(text.to_owned()));
    drawn.0.run_steps(3);
}

#[track_caller]
fn click_link(drawn: &mut Drawn, name: &str) {
    drawn.0.get_by_role_and_label(Role::Link, name).click();
    drawn.0.run_steps(4);
}

/// Clicks the item of the menu that these dots open.
#[track_caller]
fn choose(drawn: &mut Drawn, dots: &str, item: &str) {
    drawn.click(dots);
    drawn.click(item);
}

#[test]
fn another_server_is_tried_in_the_panel() {
    let mut drawn = opened();
    assert!(drawn.shows("Another server"));
    types(&mut drawn, "esdb://new.example:1");
    drawn.click("Test");
    let number = drawn.0.state().probe().number();
    let step = |kind, finding, changes| {
        let node = "new.example:1".into();
        Some(Box::new(Step { node, kind, took: None, finding, certificate: None, changes }))
    };
    let refused = StoreError::Unreachable(ConnectionCause::Refused { node: "new.example:1".into() });
    let steps = [
        step(StepKind::Name, Finding::Passed(Fact::Answers), Vec::new()),
        step(StepKind::Tcp, Finding::Failed(refused), vec![Change::UseTls(false)]),
        step(StepKind::Tls, Finding::NotReached, Vec::new()),
    ];
    for step in steps {
        drawn.0.state_mut().answer(Answer::Step(number, step));
        drawn.0.run_steps(2);
    }
    for sign in ["✔", "✖", "–", "Name", "TCP", "not reached"] {
        assert!(drawn.shows(sign), "{sign}");
    }
    assert!(drawn.shows("Nothing listens at new.example:1"));
    click_link(&mut drawn, "Connect without TLS");
    assert!(!drawn.shows("Nothing listens"), "another string is in the field");
    drawn.0.get_by_role_and_label(Role::TextInput, "Connection string").focus();
    drawn.0.run_steps(2);
    drawn.press(Key::Enter);
    let target = drawn.0.state().target().clone();
    assert_eq!(target, Target::Server("esdb://new.example:1?tls=false".into()));
    assert!(drawn.0.state().dialog().is_none());
}

#[test]
fn a_recent_connection_is_clicked_and_becomes_the_target() {
    let mut drawn = opened();
    click_link(&mut drawn, "staging");
    assert_eq!(*drawn.0.state().target(), Target::Server(OTHER.into()));
    drawn.click("Connection");
    assert!(drawn.0.query_by_role_and_label(Role::Link, "staging").is_none(), "it is this one");
    click_link(&mut drawn, "Sandbox");
    assert_eq!(*drawn.0.state().target(), Target::Sandbox);
    let mut app = connected(SEEDS, "a.example:1");
    apply(&mut app, ConnectionIntent::SaveAs("esdb://ops@h:1".into(), "asks".into()));
    let mut drawn = panel(app);
    click_link(&mut drawn, "asks");
    drawn.0.run_steps(2);
    let dialog = drawn.0.state().dialog();
    assert!(matches!(dialog, Some(Dialog::LogIn { .. })), "the password is missing: {dialog:?}");
}

#[test]
fn a_name_and_a_colour_are_kept_and_go_when_it_is_forgotten() {
    let mut drawn = opened();
    let known = |drawn: &Drawn| drawn.0.state().settings().recent.find(&key(OTHER)).cloned();
    choose(&mut drawn, "Change staging", "Name…");
    assert!(drawn.0.get_by_label("Name of the connection").is_focused());
    types(&mut drawn, " two");
    drawn.press(Key::Escape);
    assert_eq!(known(&drawn).unwrap().title(), "staging", "Escape leaves it");
    assert!(drawn.0.state().dialog().is_some(), "and the panel open");
    choose(&mut drawn, "Change staging", "Name…");
    types(&mut drawn, " two");
    drawn.press(Key::Enter);
    assert_eq!(known(&drawn).unwrap().title(), "staging two");
    choose(&mut drawn, "Change staging two", "Amber");
    assert_eq!(known(&drawn).unwrap().color, Some(ConnectionColor::Amber));
    choose(&mut drawn, "Change staging two", "No colour");
    assert_eq!(known(&drawn).unwrap().color, None);
    drawn.0.get_by_role_and_label(Role::Link, "staging two").click_secondary();
    drawn.0.run_steps(4);
    drawn.click("Forget");
    assert_eq!(known(&drawn), None);
    assert!(drawn.0.query_by_label("staging two").is_none());
}

#[test]
fn the_current_connection_is_named_by_keys_alone() {
    let mut drawn = panel(connected(SEEDS, "a.example:1"));
    drawn.0.get_by_label("Name this connection…").focus();
    drawn.0.run_steps(2);
    drawn.press(Key::Enter);
    types(&mut drawn, "three");
    drawn.press(Key::Enter);
    assert_eq!(drawn.0.state().known_connection().unwrap().title(), "three");
    drawn.0.get_by_label("Change this connection").focus();
    drawn.0.run_steps(2);
    drawn.press(Key::Enter);
    for _ in 0..20 {
        if drawn.0.get_by_label("Green").is_focused() {
            break;
        }
        drawn.press(Key::Tab);
    }
    drawn.press(Key::Enter);
    assert_eq!(drawn.0.state().known_connection().unwrap().color, Some(ConnectionColor::Green));
    assert!(drawn.0.state().dialog().is_some());
}

#[test]
fn many_long_and_hostile_names_fit_the_smallest_window() {
    let mut app = connected(SEEDS, "a.example:1");
    for n in 0..40 {
        let name = format!("{n} {}", "wide ".repeat(11));
        apply(&mut app, ConnectionIntent::SaveAs(format!("esdb://h{n}:1").as_str().into(), name));
    }
    let hostile = "esdb://a\u{202e}b%0a:pw@h:1";
    apply(&mut app, ConnectionIntent::Connect(Target::Server(hostile.into())));
    apply(&mut app, ConnectionIntent::Connect(Target::Server(SEEDS.into())));
    let mut drawn = Drawn::sized(app, 900.0, 600.0);
    drawn.click("Connection");
    assert!(!format!("{:?}", drawn.0.root()).contains('\u{202e}'));
    let screen = egui::Rect::from_min_size(egui::Pos2::ZERO, egui::vec2(900.0, 600.0));
    let more = drawn.0.get_by_label_contains(" more");
    assert!(screen.contains_rect(more.rect()), "{:?}", more.rect());
    more.click();
    drawn.0.run_steps(4);
    let sandbox = drawn.0.get_by_role_and_label(Role::Link, "Sandbox").rect();
    assert!(screen.contains_rect(sandbox), "{sandbox:?}");
}

#[test]
fn a_name_that_is_taken_stays_to_be_changed() {
    let mut drawn = opened();
    drawn.click("Name this connection…");
    types(&mut drawn, "Staging");
    drawn.press(Key::Enter);
    assert!(drawn.shows("Another connection is called"));
    let field = drawn.0.get_by_label("Name of the connection");
    assert!(field.is_focused());
    assert_eq!(field.value().as_deref(), Some("Staging"));
    types(&mut drawn, " west");
    assert!(!drawn.shows("Another connection is called"));
    drawn.press(Key::Enter);
    let known = drawn.0.state().known_connection().map(hindsight::app::KnownConnection::title);
    assert_eq!(known, Some("Staging west"));
}
