//! Another category of the same database: what is chosen is remembered, and writes under way stay what they are.

use crate::history::record;
use hindsight::app::{
    App, CommandIntent, ConnectionIntent, Dialog, Effect, InFlight, Intent, ListIntent, Outcome, Settings,
    ViewIntent,
};
use hindsight::history::{ChunkBuilder, Cursor};
use hindsight::record::{Position, Revision, StreamName};
use hindsight::store::{
    AppendError, Connection, Declaration, Life, StoreError, Target, Ticket, Update, Written,
};

fn online(settings: Settings) -> App {
    let mut app = App::new(Target::Sandbox, "order", settings);
    app.apply(Intent::Connection(ConnectionIntent::Connect(Target::Sandbox)));
    is_online(&mut app);
    app
}

fn is_online(app: &mut App) {
    app.absorb(Update::Connection(Connection::Online {
        address: "here".into(),
        server: "24.10".into(),
        declaration: Declaration::NotProduction,
        refused: None,
    }));
}

/// From the beginning, as each reading does.
fn read(app: &mut App, ticket: Ticket) {
    let created = r#"{"OrderID":"a","UserID":"u","Total":99.90}"#;
    let records = vec![record(0, "OrderCreated", created), record(1, "OrderNoteAdded", "{}")];
    let opened = app.opened().unwrap();
    let aggregate = opened.timeline().aggregate().clone();
    for chunk in ChunkBuilder::new(aggregate, opened.stream().clone()).chunks(&records) {
        app.absorb(Update::Chunk { ticket, chunk: Box::new(chunk) });
    }
    app.absorb(Update::Life { ticket, life: Life::Live, last: None });
}

fn opened() -> App {
    let mut app = online(Settings::default());
    app.apply(Intent::List(ListIntent::Select(StreamName::new("order-a"))));
    let (ticket, _) = app.goal().opened.unwrap();
    read(&mut app, ticket);
    app
}

fn list(app: &mut App, category: &str) {
    app.apply(Intent::List(ListIntent::Category(category.to_owned())));
    is_online(app);
}

/// Pays the order; the write is under way.
fn pay(app: &mut App) -> InFlight {
    app.apply(Intent::Command(CommandIntent::Form(1)));
    let effects = app.apply(Intent::Command(CommandIntent::Append));
    let write = effects.into_iter().find_map(|effect| match effect {
        Effect::Append(write) => Some(*write),
        _ => None,
    });
    let write = write.expect("it is sent");
    app.sent(write.clone(), true);
    write
}

#[test]
fn the_stream_that_is_open_stays_open_at_its_revision() {
    let mut app = opened();
    app.apply(Intent::Time(hindsight::app::TimeIntent::GoTo(Revision(0))));
    let before = app.goal();
    list(&mut app, "account");
    let goal = app.goal();
    assert_eq!((goal.category.as_str(), app.category()), ("account", "account"));
    assert!(goal.connection > before.connection, "the list is another one");
    let (ticket, stream) = goal.opened.unwrap();
    assert_eq!(stream.as_str(), "order-a");
    assert_eq!(app.opened().unwrap().timeline().len(), 2, "shown while it is read once more");
    app.apply(Intent::Time(hindsight::app::TimeIntent::Step(1)));
    app.apply(Intent::Time(hindsight::app::TimeIntent::Step(-1)));
    read(&mut app, ticket);
    assert_eq!(app.opened().unwrap().timeline().len(), 2, "none twice");
    assert_eq!(app.opened().unwrap().cursor(), Cursor::At(Revision(0)));
    assert!(app.form().is_some(), "its own commands are offered");
}

#[test]
fn a_write_under_way_is_answered_and_one_of_unknown_fate_is_still_looked_for() {
    let mut app = opened();
    let write = pay(&mut app);
    list(&mut app, "account");
    assert_eq!(app.dock().in_flight(), Some(&write), "no second one is sent meanwhile");
    let lost = AppendError::Unknown(StoreError::Internal("a test"));
    app.absorb(Update::Appended { ticket: write.ticket, result: Err(lost) });
    assert_eq!(app.goal().unknown, [(write.ticket, write.append.clone())]);
    list(&mut app, "*");
    assert_eq!(app.goal().unknown, [(write.ticket, write.append)]);
    let (ticket, _) = app.goal().opened.unwrap();
    read(&mut app, ticket);
    app.apply(Intent::Command(CommandIntent::Form(1)));
    assert!(app.write_blocked().unwrap().contains("not known yet"), "until it is known");
    let position = Position { commit: 9, prepare: 9 };
    let written = Written { revision: Revision(2), position, recovered: true, leader: None };
    app.absorb(Update::Appended { ticket: write.ticket, result: Ok(written) });
    assert!(app.goal().unknown.is_empty());
    assert!(matches!(app.dock().outcome(), Some(Outcome::Appended { .. })));
}

#[test]
fn the_category_is_remembered_for_each_connection() {
    let mut app = online(Settings::default());
    let server = || Target::Server("esdb://localhost:1?tls=false".into());
    list(&mut app, "account");
    app.apply(Intent::Connection(ConnectionIntent::Connect(server())));
    list(&mut app, "ticket");
    let kept: Settings = serde_json::from_str(&serde_json::to_string(app.settings()).unwrap()).unwrap();
    let mut next = online(kept);
    assert_eq!(next.category(), "account");
    next.apply(Intent::Connection(ConnectionIntent::Connect(server())));
    assert_eq!(next.category(), "ticket");
    next.apply(Intent::Connection(ConnectionIntent::Connect(Target::Sandbox)));
    assert_eq!(next.category(), "account");
}

#[test]
fn settings_of_an_earlier_version_are_read() {
    let kept = r#"{"recent":[{"url":"esdb://localhost:1?tls=false","write_mode":"Free"}],"last_place":"the sandbox"}"#;
    let settings: Settings = serde_json::from_str(kept).unwrap();
    assert_eq!((settings.sandbox_category.as_deref(), settings.recent[0].category.as_deref()), (None, None));
}

#[test]
fn categories_are_counted_while_they_are_picked_from_and_what_was_counted_stays_meanwhile() {
    let mut app = online(Settings::default());
    assert!(!app.goal().categories);
    app.apply(Intent::View(ViewIntent::Open(Dialog::Categories)));
    assert!(app.goal().categories);
    let counted =
        |names: &[(&str, u64)]| names.iter().map(|(name, count)| ((*name).into(), *count)).collect();
    let all = counted(&[("$user", 1), ("order", 40), ("account", 3)]);
    app.absorb(Update::Categories { categories: all, complete: true });
    let names = |app: &App| -> Vec<String> {
        app.categories().matching("").into_iter().map(|(name, _)| name.to_string()).collect()
    };
    assert_eq!(names(&app), ["account", "order", "$user"]);
    app.absorb(Update::Categories { categories: counted(&[("order", 1)]), complete: false });
    assert_eq!(app.categories().count_of("order"), Some(40), "no flicker while they are counted again");
    app.apply(Intent::View(ViewIntent::CloseDialog));
    assert!(!app.goal().categories);
    list(&mut app, "account");
    assert_eq!(app.categories().count_of("order"), Some(40), "it is the same database");
    app.apply(Intent::Connection(ConnectionIntent::Connect(Target::Sandbox)));
    assert!(app.categories().is_empty(), "it may be another one");
}
