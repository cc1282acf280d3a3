//! In which streams a condition was ever true, and where first: against a plain scan of every stream, in the window by
//! accessible name, and in the terminal.

use crate::cli::{Served, serve, text};
use crate::past::{create, moment, pay, write};
use crate::run;
use crate::store::Watcher;
use crate::truth::Dice;
use crate::window::Window;
use egui_kittest::kittest::Queryable;
use eventstore::{AppendToStreamOptions, Client, DeleteStreamOptions, EventData};
use hindsight::aggregate::script::{Definition, Folds, Script};
use hindsight::aggregate::{Condition, EventFacts, Registry};
use hindsight::app::{Action, App, EverState, Intent, ListIntent, Settings};
use hindsight::decision::Expected;
use hindsight::history::{Mark, Replay, changes};
use hindsight::node::{Config, Node, Storage};
use hindsight::record::{Created, Position, Record, Revision, StreamName};
use hindsight::store::{
    EverQuestion, EverStep, FirstTrue, Listing, PastList, Session, StoreError, Target, Ticket, Update,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::Arc;

const STREAMS: u64 = 6;
const EVENTS: [(&str, &str); 8] = [
    ("OrderCreated", r#"{"OrderID":"@","UserID":"ada","Total":99.90}"#),
    ("OrderCreated", r#"{"OrderID":"@","UserID":"bob","Total":5}"#),
    ("OrderPaid", r#"{"OrderID":"@"}"#),
    ("OrderPaid", r#"{"OrderID":"other"}"#),
    ("OrderPaid", "no json"),
    ("OrderNoteAdded", "{}"),
    ("Set", r#"{"Total":7,"Paid":true}"#),
    ("Set", r#"{"Total":100,"Paid":{"at":1}}"#),
];
const CONDITIONS: [&str; 9] = [
    "Paid",
    "!Paid",
    "Paid && Total > 50",
    "UserID == bob",
    "problem",
    "changed(Total)",
    "event is OrderPaid && !problem",
    "changed(Paid) && Total < 50",
    "Missing exists",
];

/// Of orders, and of notes that no aggregate knows.
async fn written(client: &Client, dice: &mut Dice) {
    for _ in 0..40 {
        let id = dice.roll(STREAMS).to_string();
        let (kind, data) = EVENTS[usize::try_from(dice.roll(EVENTS.len() as u64)).unwrap()];
        let category = if dice.roll(3) == 0 { "note" } else { "order" };
        write(client, &format!("{category}-{id}"), kind, &data.replace('@', &id)).await;
    }
}

/// The first event after which the condition is true, each asked by itself.
fn plain(records: &[Record], stream: &StreamName, condition: &Condition) -> Option<Record> {
    let aggregate = Registry::default().for_stream(stream).clone();
    let mut replay = Replay::new(aggregate.clone(), stream.clone());
    records
        .iter()
        .find(|record| {
            let before = replay.state().clone();
            let (mark, _) = replay.apply(*record, &mut Vec::new()).unwrap();
            let changed = changes(&*aggregate, &before, replay.state());
            let changed: Vec<Arc<str>> = changed.into_iter().map(|change| change.field).collect();
            let is_problem = mark == Mark::Problem;
            let facts = EventFacts { event_type: &record.event_type, is_problem, changed: &changed };
            condition.holds_after(&*aggregate, replay.state(), &facts)
        })
        .cloned()
}

async fn ever_is_a_plain_scan(seed: u64) {
    let node = Node::start(Config::default()).await.unwrap();
    let (client, mut dice) = (crate::production::client(&node.connection_string()), Dice(seed));
    written(&client, &mut dice).await;
    let early = moment();
    written(&client, &mut dice).await;
    let session = Session::connect(node.connection_string()).await.unwrap();
    let mut histories: BTreeMap<StreamName, Vec<Record>> = BTreeMap::new();
    for (category, id) in
        ["order", "note"].iter().flat_map(|category| (0..STREAMS).map(move |id| (category, id)))
    {
        let stream = StreamName::new(&format!("{category}-{id}"));
        let records = histories.entry(stream.clone()).or_default();
        session.read(&stream, |some| records.extend(some)).await.unwrap();
    }
    let mut past = PastList::new("*", Registry::default());
    for text in CONDITIONS {
        let condition = Arc::new(Condition::parse(text).unwrap());
        for until in [None, Some(early)] {
            let (found, streams) = past.ever(&session, &condition, until).await.unwrap();
            assert!(streams >= histories.values().filter(|records| !records.is_empty()).count() as u64);
            let mut expected: Vec<Record> = histories
                .iter()
                .filter_map(|(stream, records)| {
                    let until = until.unwrap_or(Created(i64::MAX));
                    let end =
                        records.iter().rposition(|record| record.created <= until).map_or(0, |at| at + 1);
                    plain(&records[..end], stream, &condition)
                })
                .collect();
            expected.sort_by_key(|record| record.position);
            let place = |record: &Record| (record.stream.clone(), record.revision, record.id, record.created);
            let found = found
                .into_iter()
                .map(|FirstTrue { stream, revision, id, created, .. }| (stream, revision, id, created));
            assert_eq!(
                found.collect::<Vec<_>>(),
                expected.iter().map(place).collect::<Vec<_>>(),
                "{text}, seed {seed}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn where_a_condition_was_first_true_is_what_a_plain_scan_says(seed in 1_u64..u64::MAX) {
        run(ever_is_a_plain_scan(seed));
    }
}

#[test]
fn a_stream_that_was_written_again_after_its_deletion_begins_anew() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let client = crate::production::client(&node.connection_string());
        for id in ["again", "gone"] {
            create(&client, id).await;
            client.delete_stream(format!("order-{id}"), &DeleteStreamOptions::default()).await.unwrap();
        }
        create(&client, "again").await;
        pay(&client, "again").await;
        let session = Session::connect(node.connection_string()).await.unwrap();
        let mut past = PastList::new("order", Registry::default());
        let mut ever = async |text| {
            let condition = Arc::new(Condition::parse(text).unwrap());
            let (found, _) = past.ever(&session, &condition, None).await.unwrap();
            found.iter().map(|first| (first.stream.id().to_owned(), first.revision)).collect::<Vec<_>>()
        };
        assert_eq!(ever("problem").await, [], "it is no second creation");
        assert_eq!(ever("Paid").await, [("again".to_owned(), Revision(2))]);
        // What is deleted was true all the same.
        let all = ever("Total > 50").await;
        assert_eq!(all, [("again".to_owned(), Revision(0)), ("gone".to_owned(), Revision(0))]);
    });
}

/// Order 1 is paid, then 2 is created; 1 was unpaid until a moment.
fn shop() -> (Served, Created) {
    let served = serve(&["--memory"]);
    let mut at = Created(0);
    run(async {
        let client = crate::production::client(&served.url);
        create(&client, "2").await;
        create(&client, "1").await;
        at = moment();
        pay(&client, "1").await;
        pay(&client, "1").await;
        moment();
    });
    (served, at)
}

#[test]
fn the_terminal_tells_since_when_and_where_first() {
    let (served, at) = shop();
    let ever = served.json(&["find", "!Paid", "--ever"]);
    let places: Vec<_> = ever
        .iter()
        .map(|line| (line["stream"].as_str().unwrap(), line["revision"].as_u64().unwrap()))
        .collect();
    assert_eq!(places, [("order-2", 0), ("order-1", 0)], "the earliest first");
    assert_eq!(ever[0]["type"], "OrderCreated");
    assert!(ever[0]["created"].as_str().unwrap().ends_with('Z') && ever[0]["id"].is_string());
    let first = served.json(&["find", "problem", "--first"]);
    assert_eq!((first.len(), &first[0]["stream"], &first[0]["revision"]), (1, &"order-1".into(), &2.into()));
    let output = served.run(0, &["find", "Paid", "--ever"]);
    let (out, said) = (text(&output.stdout), text(&output.stderr));
    assert!(
        out.lines().nth(1).is_some_and(|line| line.contains("order-1") && line.contains("OrderPaid")),
        "{out}"
    );
    assert!(
        said.starts_with("Ever true in 1 of 2, first in order-1 at revision 1. From $all, prefix order-"),
        "{said}"
    );
    // Until a moment, and at one.
    let then = at.rfc3339();
    let output = served.run(1, &["find", "Paid", "--ever", "--at", &then]);
    assert!(text(&output.stderr).contains("Never true in 2 streams."), "{}", text(&output.stderr));
    assert_eq!(served.json(&["find", "!Paid", "--at", &then]).len(), 2);
    assert_eq!(served.json(&["find", "!Paid"]).len(), 1);
    served.run(1, &["find", "Paid", "--at", &then]);
}

#[test]
fn a_condition_that_was_never_true_is_exit_1_with_a_hint_and_what_cannot_be_asked_is_exit_2() {
    let (served, _) = shop();
    let output = served.run(1, &["find", "Totl > 50", "--first", "--json"]);
    let said = text(&output.stderr);
    assert!(
        output.stdout.is_empty() && said.contains("Never true in 2 streams.") && said.contains("Total"),
        "{said}"
    );
    let said = text(&served.run(1, &["find", "Paid", "--ever", "--category", "none"]).stderr);
    assert!(said.starts_with("There is no stream of category none"), "{said}");
    let said = text(&served.run(2, &["find", "problem"]).stderr);
    assert!(said.contains("--ever"), "{said}");
    let said = text(&served.run(2, &["find", "Paid ="]).stderr);
    assert!(said.contains("     ^"), "{said}");
    let said = text(&served.run(2, &["find", "Paid", "--ever", "--at", "gestern"]).stderr);
    assert!(said.contains("--at: “gestern” is no moment"), "{said}");
    served.run(2, &["find", "Paid", "--ever", "--first"]);
}

/// Order abc was unpaid once and is paid; order b is paid at once by another's event only.
fn orders(theme: egui::Theme) -> Window {
    let mut window = Window::with_order(theme);
    window.elsewhere("abc", Expected::Exact(Revision(0)), "OrderPaid", r#"{"OrderID":"abc"}"#);
    window.elsewhere("b", Expected::NoStream, "OrderCreated", r#"{"OrderID":"b","UserID":"u","Total":1}"#);
    window.until("2 streams");
    window.until("Paid 1");
    window
}

#[test]
fn the_window_says_in_how_many_streams_it_was_ever_true_and_goes_to_the_first() {
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        let mut window = orders(theme);
        window.open_stream("order-b");
        window.filter_by("!Paid");
        window.until("in 1 of 2");
        assert!(!window.shows("ever true"), "it is asked on request");
        window.click("Ever?");
        window.until("ever true in 2");
        window.until("first: order-abc rev 0, today");
        window.harness.get_by_label_contains("first: order-abc").click();
        window.until("rev 0 of 1");
        // The streams, the earliest first.
        window.click("ever true in 2");
        window.until("True at some time in 2 of 2 streams");
        window.click("order-b rev 0 OrderCreated");
        window.until("rev 0 of 0");
        assert!(!window.shows("True at some time"));
        // It is kept while the condition is, and no longer.
        assert!(window.shows("ever true in 2"));
        window.filter_by("!Paid && Total > 50");
        window.until("Ever?");
        window.click("Ever?");
        window.until("ever true in 1");
        window.filter_by("!Paid && Total > 5000");
        window.until("Ever?");
        window.click("Ever?");
        window.until("never true in any of them");
    }
}

#[test]
fn what_is_asked_of_events_is_asked_of_all_streams_too() {
    let mut window = orders(egui::Theme::Dark);
    window.filter_by("event is OrderPaid");
    window.until("asked of events");
    window.click("Ever?");
    window.until("ever true in 1");
    window.until("first: order-abc rev 1");
}

#[test]
fn the_palette_asks_it_and_the_answer_stays_at_another_moment() {
    let mut window = orders(egui::Theme::Dark);
    window.filter_by("Paid && Total > 1");
    window.until("in 1 of 2");
    window.press(egui::Modifiers::COMMAND, egui::Key::K);
    window.harness.event(egui::Event::Text("!Paid && Total > 1".to_owned()));
    window.harness.run_steps(3);
    window.until("Ever true: !Paid && Total > 1");
    window.press(egui::Modifiers::NONE, egui::Key::ArrowDown);
    window.press(egui::Modifiers::NONE, egui::Key::Enter);
    window.until("True at some time in 1 of 2 streams");
    window.click("Close");
    window.filter_by("Paid && Total > 1");
    window.until("Ever?");
    window.press(egui::Modifiers::COMMAND, egui::Key::K);
    window.harness.event(egui::Event::Text("ever true".to_owned()));
    window.harness.run_steps(3);
    window.press(egui::Modifiers::NONE, egui::Key::Enter);
    window.until("True at some time in 1 of 2 streams");
    window.click("Close");
    window.until("ever true in 1");
    window.click("As of a moment");
    window.types("As of", "2001-01-01 12:00");
    window.click("Show");
    window.until("as they were 2001-01-01");
    window.until("in 0 of 0");
    assert!(window.shows("ever true in 1"), "it is of every time");
}

fn listing() -> Listing {
    Listing {
        seen: 9,
        caught_up: true,
        unread: 0,
        source: "`$all`".to_owned(),
        confirmed: None,
        unseen: None,
        denied: None,
    }
}

fn first(stream: &str, commit: u64) -> FirstTrue {
    FirstTrue {
        stream: StreamName::new(stream),
        revision: Revision(0),
        id: uuid::Uuid::nil(),
        event_type: "OrderPaid".into(),
        created: Created(1),
        position: Some(Position { commit, prepare: commit }),
    }
}

#[test]
fn it_is_asked_on_request_and_can_be_taken_back_and_asked_again() {
    let list = |intent| Intent::List(intent);
    let mut app = App::new(Target::Sandbox, "order", Settings::default());
    assert!(app.why_not(Action::Ever).is_some());
    app.apply(list(ListIntent::AskEver));
    assert!(app.ever().is_none() && app.notice().is_some(), "it is said that no condition is asked");
    app.apply(list(ListIntent::Filter("Paid && Total > 5".to_owned())));
    assert!(app.goal().past.ever.is_none() && app.why_not(Action::Ever).is_none());
    app.apply(list(ListIntent::AskEver));
    let question = app.goal().past.ever.unwrap();
    assert_eq!((question.condition.text(), question.until), ("Paid && Total > 5", None));
    let step = |app: &mut App, ticket, step| drop(app.absorb(Update::Ever { ticket, step }));
    app.absorb(Update::PastRead { events: 41 });
    assert!(matches!(app.ever().unwrap().state(), EverState::Reading(41)));
    let ticket = question.ticket;
    step(&mut app, ticket, EverStep::Begins { streams: 7, listing: listing() });
    step(&mut app, ticket, EverStep::Looked { done: 3, found: 2 });
    assert!(matches!(app.ever().unwrap().state(), EverState::Looking { done: 3, found: 2 }));
    // It is wanted no more: what comes late is of no use.
    app.apply(list(ListIntent::StopAskingEver));
    step(&mut app, ticket, EverStep::Rows(vec![first("order-a", 1)]));
    assert!(app.ever().is_none() && app.goal().past.ever.is_none());
    app.apply(list(ListIntent::AskEver));
    let again = app.goal().past.ever.unwrap().ticket;
    assert_ne!(again, ticket);
    step(&mut app, again, EverStep::Ended(Err(StoreError::NotReady)));
    assert!(matches!(app.ever().unwrap().state(), EverState::Failed(_)));
    // The dialog asks again what failed, and shows what is answered.
    app.apply(Action::Ever.intent().unwrap());
    let opened = app.goal().past.ever.unwrap().ticket;
    step(&mut app, opened, EverStep::Begins { streams: 7, listing: listing() });
    step(&mut app, opened, EverStep::Rows(vec![first("order-a", 1), first("order-b", 2)]));
    step(&mut app, opened, EverStep::Ended(Ok(())));
    assert_eq!((app.ever().unwrap().rows().len(), app.goal().past.ever), (2, None));
    app.apply(list(ListIntent::StopAskingEver));
    assert!(app.ever().is_some(), "what is answered stays");
    // A text that is no condition yet leaves it, another condition does not.
    app.apply(list(ListIntent::Filter("Paid && Total >".to_owned())));
    assert!(app.ever().is_some());
    app.apply(list(ListIntent::Filter("Paid && Total > 6".to_owned())));
    assert!(app.ever().is_none() && app.dialog().is_none());
    app.apply(list(ListIntent::AskEver));
    app.apply(list(ListIntent::Category("account".to_owned())));
    assert!(app.ever().is_none());
}

#[test]
fn a_lost_connection_asks_it_again() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::File(folder.path().join("s.db"));
        let config = Config { storage, ..Config::default() };
        let node = Node::start(config.clone()).await.unwrap();
        let (url, address) = (node.connection_string(), node.address());
        create(&crate::production::client(&url), "a").await;
        let mut watcher = Watcher::of(&url);
        let condition = Arc::new(Condition::parse("!Paid").unwrap());
        let ask = |ticket, condition: &Arc<Condition>| {
            Some(EverQuestion { ticket: Ticket(ticket), condition: condition.clone(), until: None })
        };
        watcher.aims(|goal| goal.past.ever = ask(1, &condition));
        watcher.until("answered", |w| w.ever == ["order-a"] && w.ever_ended == 1);
        node.shutdown().await;
        watcher.until("lost", |w| !w.online());
        let node = Node::start(Config { listen: address, ..config }).await.unwrap();
        watcher.aims(|goal| goal.retry += 1);
        watcher.until("answered again", |w| w.ever == ["order-a"] && w.ever_ended == 2);
        // What came since is looked at, too; another condition is another question.
        create(&crate::production::client(&url), "b").await;
        watcher.until("listed", |w| w.rows.contains_key("order-b"));
        watcher.aims(|goal| goal.past.ever = ask(2, &condition));
        watcher.until("with the new one", |w| w.ever == ["order-a", "order-b"] && w.ever_ended == 3);
        let paid = Arc::new(Condition::parse("Paid").unwrap());
        watcher.aims(|goal| goal.past.ever = ask(3, &paid));
        watcher.until("never", |w| w.ever.is_empty() && w.ever_ended == 4);
        drop(node);
    });
}

#[test]
fn a_long_stream_and_a_definition_that_folds_it_are_judged_in_turns() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let client = crate::production::client(&node.connection_string());
        for _ in 0..10 {
            let noted = |at| EventData::json("Noted", &serde_json::json!({ "At": at })).unwrap();
            let batch: Vec<_> = (0..300).map(|at| noted(at).id(uuid::Uuid::new_v4())).collect();
            client.append_to_stream("note-1", &AppendToStreamOptions::default(), batch).await.unwrap();
        }
        let text = "fromCategory('note').foreachStream().when({ $init() { return { Count: 0 }; }, Noted(s) { s.Count += 1; } })";
        let script = Script { file: "note.js".into(), text: text.into() };
        let definition = Definition::read(script).unwrap();
        let Folds::Streams(_, aggregate) = definition.folds() else { panic!("it folds streams") };
        let session = Session::connect(node.connection_string()).await.unwrap();
        let mut past = PastList::new("note", Registry::of_one(aggregate.clone()));
        for (text, revision) in
            [("Count >= 2999", Some(2998)), ("Count > 3000", None), ("Count == 1", Some(0))]
        {
            let condition = Arc::new(Condition::parse(text).unwrap());
            let (found, streams) = past.ever(&session, &condition, None).await.unwrap();
            let found: Vec<_> = found.iter().map(|first| first.revision.0).collect();
            assert_eq!((found, streams), (revision.into_iter().collect(), 1), "{text}");
        }
    });
}
