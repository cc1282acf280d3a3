//! Two definitions side by side: where the states of their streams differ, plainly, over the sandbox, and in the window.

use crate::cli::{serve, text};
use crate::history::record;
use crate::run;
use crate::scripts::{define, script};
use crate::sources::{READABLE, guarded, signed, write};
use crate::window::Window;
use eventstore::{AppendToStreamOptions, Client, EventData};
use futures::FutureExt;
use hindsight::aggregate::script::{Definition, Definitions, Scope};
use hindsight::aggregate::{Aggregate, Fault, FaultKind, Registry, leaves};
use hindsight::app::{
    Answer, App, ComparisonState, DefinitionIntent, Dialog, Effect, Failure, FoldWith, Intent, ListIntent,
    OtherFold, Settings, ViewIntent,
};
use hindsight::definition_files::{DefinitionFiles, DefinitionReader};
use hindsight::history::{Comparison, Difference, Replay};
use hindsight::node::{Config, Node};
use hindsight::record::{Record, Revision, StreamName};
use hindsight::store::{
    ComparedFolds, ComparedStream, ComparisonStep, Goal, Store, StoreError, Target, Ticket, Update,
};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// Counts, until it is reset.
const ONE: &str = r#"fromCategory("cart").foreachStream().when({
    $init() { return { n: 0, by: 1 } },
    Added(s, e) { s.n += e.data.by; return s },
    Reset(s, e) { s.n = 0; return s },
    Broken(s, e) { return s },
})"#;
/// Counts three as four, in another order of the fields, and has a problem where the other does nothing.
const OTHER: &str = r#"fromCategory("basket").foreachStream().when({
    $init() { return { by: 1, n: 0 } },
    Added(s, e) { s.n += e.data.by === 3 ? 4 : e.data.by; return s },
    Reset(s, e) { s.n = 0; return s },
    Broken(s, e) { throw new Error("broken") },
})"#;

fn aggregate(text: &str) -> Arc<dyn Aggregate> {
    define(text)
}

fn added(revision: u64, by: u64) -> Record {
    event(revision, "Added", &format!(r#"{{"by":{by}}}"#))
}

fn event(revision: u64, event_type: &str, data: &str) -> Record {
    Record { stream: cart(), ..record(revision, event_type, data) }
}

fn cart() -> StreamName {
    StreamName::new("cart-1")
}

fn compared(one: Arc<dyn Aggregate>, other: Arc<dyn Aggregate>, records: &[Record]) -> Option<Difference> {
    let mut comparison = Comparison::new(one, other, &cart());
    for record in records {
        comparison.apply(record, &mut Vec::new());
    }
    comparison.difference()
}

fn differs(first: u64, at_end: bool) -> Difference {
    Difference { first: Revision(first), at_end }
}

#[test]
fn numbers_are_compared_by_value_and_fields_in_any_order() {
    let script = r"fromAll().foreachStream().when({
        $any(s, e) { return { Total: e.data.Total, Owner: e.data.Owner } }
    })";
    let last_values = || Registry::default().for_stream(&cart()).clone();
    let opened = event(0, "Opened", r#"{"Owner":"Ada","Total":99.90}"#);
    assert_eq!(compared(last_values(), aggregate(script), std::slice::from_ref(&opened)), None);
    let noted = event(1, "Noted", r#"{"Owner":"Bob","Total":1e2,"Note":1}"#);
    assert_eq!(compared(last_values(), aggregate(script), &[opened, noted]), Some(differs(1, true)));
}

#[test]
fn a_problem_of_one_fold_is_no_difference_until_the_states_differ() {
    let records = [added(0, 1), event(1, "Broken", "{}"), added(2, 2), added(3, 3), event(4, "Reset", "{}")];
    let of = |to: usize| compared(aggregate(ONE), aggregate(OTHER), &records[..to]);
    assert_eq!((of(2), of(3)), (None, None));
    assert_eq!(of(4), Some(differs(3, true)));
    assert_eq!(of(5), Some(differs(3, false)));
}

#[test]
fn a_stream_whose_beginning_is_gone_is_compared_from_what_is_left() {
    let records = [added(7, 1), added(8, 3)];
    assert_eq!(compared(aggregate(ONE), aggregate(OTHER), &records), Some(differs(8, true)));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_first_difference_is_where_plain_folds_differ_first(kinds in proptest::collection::vec(0_u64..6, 0..24)) {
        let records: Vec<Record> = (0..).zip(&kinds).map(|(revision, kind)| match kind {
            0 => event(revision, "Reset", "{}"),
            4 => event(revision, "Broken", "{}"),
            5 => event(revision, "Unknown", "{}"),
            by => added(revision, *by),
        }).collect();
        let (one, other) = (aggregate(ONE), aggregate(OTHER));
        let plain = |aggregate: &Arc<dyn Aggregate>, to: usize| {
            let mut replay = Replay::new(aggregate.clone(), cart());
            for record in &records[..=to] {
                replay.apply(record, &mut Vec::new());
            }
            let fields = aggregate.fields(replay.state()).unwrap_or_default();
            let named = leaves(&fields).into_iter().map(|(path, token)| (path.clone(), token.clone()));
            named.collect::<BTreeMap<_, _>>()
        };
        let differs = |to: &usize| plain(&one, *to) != plain(&other, *to);
        let first = (0..records.len()).find(differs);
        let last = records.len().checked_sub(1);
        let expected = first.map(|first| Difference {
            first: Revision(first as u64),
            at_end: last.is_some_and(|last| differs(&last)),
        });
        prop_assert_eq!(compared(one.clone(), other.clone(), &records), expected);
    }
}

/// `cart-a` differs from revision 2 on, `cart-b` from revision 1 and not at its end, `cart-c` nowhere.
async fn carts(url: &str) {
    let client = Client::new(url.parse().unwrap()).unwrap();
    let event = |kind: u64| match kind {
        0 => EventData::json("Reset", &serde_json::json!({})).unwrap(),
        by => EventData::json("Added", &serde_json::json!({ "by": by })).unwrap(),
    };
    for (stream, kinds) in
        [("cart-a", vec![1, 2, 3, 1]), ("cart-b", vec![1, 3, 0]), ("cart-c", vec![1, 0, 2])]
    {
        let events: Vec<_> = kinds.into_iter().map(event).collect();
        client.append_to_stream(stream, &AppendToStreamOptions::default(), events).await.unwrap();
    }
}

fn found(name: &str, first: u64, at_end: bool) -> ComparedStream {
    ComparedStream { stream: StreamName::new(name), difference: differs(first, at_end) }
}

/// Streams that were listed, folded and not readable; those that differ; and the end.
type Told = (Option<u64>, u64, u64, Vec<ComparedStream>, Result<(), StoreError>);

/// What the store told, in its order, until the comparison ended.
async fn told(store: &mut Store) -> Told {
    let (mut listed, mut folded, mut denied, mut all) = (None, 0, 0, Vec::new());
    loop {
        let Some(update) = store.next_update() else {
            tokio::task::yield_now().await;
            continue;
        };
        let Update::Compared { ticket: Ticket(7), step } = update else { continue };
        match step {
            ComparisonStep::Listing => (listed, folded, denied, all) = (None, 0, 0, Vec::new()),
            ComparisonStep::Listed(streams) => listed = Some(streams),
            ComparisonStep::Streams { done, unreadable, differing } => {
                assert!(done >= folded, "progress goes on");
                (folded, denied) = (done, unreadable);
                all.extend(differing);
            }
            ComparisonStep::Ended(ended) => return (listed, folded, denied, all, ended),
        }
    }
}

fn store() -> Store {
    let never = Arc::new(|| async { Err(StoreError::NotReady) }.boxed());
    Store::start(&tokio::runtime::Handle::current(), never, None, Arc::new(|| {}))
}

fn compares(url: &str) -> Goal {
    let (scope, other) = (Scope::Category("cart".into()), Registry::of_one(aggregate(OTHER)));
    let folds = ComparedFolds { ticket: Ticket(7), scope, one: aggregate(ONE), other };
    Goal { comparison: Some(folds), ..Goal::listing(Target::Server(url.into()), "order") }
}

#[test]
fn the_store_compares_every_stream_and_again_on_another_connection() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        carts(&node.connection_string()).await;
        let (mut store, goal) = (store(), compares(&node.connection_string()));
        store.aim(&goal);
        let differing = vec![found("cart-a", 2, true), found("cart-b", 1, false)];
        assert_eq!(told(&mut store).await, (Some(3), 3, 0, differing.clone(), Ok(())));
        store.aim(&Goal { connection: 2, ..goal });
        assert_eq!(told(&mut store).await, (Some(3), 3, 0, differing, Ok(())));
    });
}

#[test]
fn the_store_folds_no_further_once_the_goal_is_taken_back() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        carts(&node.connection_string()).await;
        let (mut store, goal) = (store(), compares(&node.connection_string()));
        let one = Arc::downgrade(&goal.comparison.as_ref().unwrap().one);
        store.aim(&goal);
        told(&mut store).await.4.unwrap();
        store.aim(&Goal { comparison: None, ..goal.clone() });
        drop(goal);
        while one.strong_count() > 0 {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn a_stream_that_may_not_be_read_is_counted_and_the_others_are_compared() {
    run(async {
        let (node, admin) = guarded().await;
        write(&admin, "$$$streams", "$metadata", READABLE).await;
        carts(&signed(&node, "admin")).await;
        for hidden in ["$$cart-b", "$$$ce-cart"] {
            write(&admin, hidden, "$metadata", r#"{"$acl":{"$r":"$admins"}}"#).await;
        }
        let mut store = store();
        store.aim(&compares(&signed(&node, "ann")));
        assert_eq!(told(&mut store).await, (Some(3), 3, 1, vec![found("cart-a", 2, true)], Ok(())));
    });
}

#[test]
fn check_tells_where_a_second_file_makes_other_states() {
    let served = serve(&["--memory"]);
    let runtime = Runtime::new().unwrap();
    runtime.block_on(carts(&served.url));
    let folder = tempfile::tempdir().unwrap();
    files(folder.path());
    let file = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let (one, other) = (file("carts.js"), file("carts2.js"));
    let output = served.run(1, &["check", &one, "--with", &other]);
    let out = text(&output.stdout);
    for line in [
        "cart-a differs from revision 2 on, and at its end.",
        "cart-b differs from revision 1 on, and not at its end.",
        "carts.js: 0 problems in 0 of 3 streams. The two definitions differ in 2 of 3 streams.",
    ] {
        assert!(out.contains(line), "{line}: {out}");
    }
    served.run(0, &["check", &one, "--with", &one]);
}

fn files(folder: &Path) {
    for (name, text) in [("carts.js", ONE), ("carts2.js", OTHER), ("same.js", ONE)] {
        std::fs::write(folder.join(name), text).unwrap();
    }
}

fn app() -> App {
    let file =
        |name: &str, text: &str| hindsight::aggregate::script::Script { file: name.into(), ..script(text) };
    let many = "fromAll().when({ $any(s, e) { return s } })";
    let files = [file("carts.js", ONE), file("carts2.js", OTHER), file("many.js", many)];
    let definitions = Definitions::default().with(files, []);
    App::defined_by(definitions, Vec::new(), Target::Sandbox, "order", Settings::default())
}

fn fold_with(app: &mut App, with: FoldWith) -> Vec<Effect> {
    app.apply(Intent::Definition(DefinitionIntent::FoldWith("carts.js".into(), with)))
}

fn step(app: &mut App, step: ComparisonStep) {
    let ticket = app.goal().comparison.map_or(Ticket(0), |folds| folds.ticket);
    app.absorb(Update::Compared { ticket, step });
}

fn names(app: &App) -> Vec<&str> {
    app.comparison().unwrap().differing().iter().map(|found| found.stream.as_str()).collect()
}

#[test]
fn what_was_found_stays_until_something_else_is_compared() {
    let mut app = app();
    fold_with(&mut app, FoldWith::Definition("carts2.js".into()));
    assert_eq!(app.dialog(), Some(&Dialog::Comparison));
    let folds = app.goal().comparison.unwrap();
    assert_eq!(folds.scope, Scope::Category("cart".into()));
    assert_eq!(&*folds.other.for_stream(&cart()).schema().category, "basket", "whatever the other is for");
    let streams = |done, differing| ComparisonStep::Streams { done, unreadable: 0, differing };
    step(&mut app, ComparisonStep::Listed(3));
    step(&mut app, streams(2, vec![found("cart-a", 2, true)]));
    app.absorb(Update::Compared { ticket: Ticket(99), step: streams(3, vec![found("cart-z", 1, true)]) });
    step(&mut app, streams(3, vec![found("cart-b", 1, false)]));
    assert_eq!(names(&app), ["cart-a", "cart-b"]);
    step(&mut app, ComparisonStep::Ended(Ok(())));
    assert!(matches!(app.comparison().unwrap().state(), ComparisonState::Done));
    assert!(app.goal().comparison.is_none(), "nothing is folded again on another connection");
    app.apply(Intent::View(ViewIntent::CloseDialog));
    app.apply(Intent::View(ViewIntent::Open(Dialog::Comparison)));
    assert_eq!(names(&app), ["cart-a", "cart-b"]);
    fold_with(&mut app, FoldWith::WithoutIt);
    assert_eq!((names(&app).len(), app.comparison().unwrap().other()), (0, &OtherFold::WithoutIt));
    let without = app.goal().comparison.unwrap().other;
    assert_eq!(&*without.for_stream(&cart()).schema().category, "*", "the last values count then");
}

#[test]
fn a_comparison_that_begins_again_forgets_what_it_found() {
    let mut app = app();
    fold_with(&mut app, FoldWith::WithoutIt);
    step(&mut app, ComparisonStep::Listed(3));
    let differing = vec![found("cart-b", 1, false)];
    step(&mut app, ComparisonStep::Streams { done: 2, unreadable: 1, differing });
    step(&mut app, ComparisonStep::Listing);
    let comparison = app.comparison().unwrap();
    assert_eq!((comparison.done(), comparison.unreadable(), comparison.differing().len()), (0, 0, 0));
}

#[test]
fn stopping_closing_and_another_database_take_the_goal_back() {
    let mut app = app();
    let ends = [
        Intent::Definition(DefinitionIntent::StopComparing),
        Intent::View(ViewIntent::CloseDialog),
        Intent::Connection(hindsight::app::ConnectionIntent::Connect(Target::Sandbox)),
    ];
    for intent in ends {
        fold_with(&mut app, FoldWith::WithoutIt);
        assert!(app.goal().comparison.is_some());
        app.apply(intent);
        assert!(app.goal().comparison.is_none());
    }
    assert!(app.comparison().is_none(), "its streams were of the other database");
}

#[test]
fn a_file_that_cannot_be_compared_with_is_told_in_the_dialog() {
    let mut app = app();
    let effects = fold_with(&mut app, FoldWith::ChosenFile);
    let [Effect::ChooseOtherDefinition(one)] = &effects[..] else { panic!("{effects:?}") };
    app.answer(Answer::OtherDefinition(one.clone(), Ok(None)));
    assert!(app.comparison().is_none(), "no file was chosen");
    let broken = Definition::read(script("fromAll(.")).unwrap_err();
    let fault = |file: &str, fault: Fault| Failure::Definition {
        file: file.into(),
        fault: fault.into(),
        counts: false,
    };
    app.answer(Answer::OtherDefinition(one.clone(), Err(fault("broken.js", broken))));
    let failed = |app: &App| match app.comparison().unwrap().state() {
        ComparisonState::Failed(Failure::Definition { fault, .. }) => (fault.kind, fault.place.is_some()),
        state => panic!("{state:?}"),
    };
    assert_eq!((app.dialog(), failed(&app)), (Some(&Dialog::Comparison), (FaultKind::Syntax, true)));
    let many = app.definitions().get("many.js").unwrap().clone();
    app.answer(Answer::OtherDefinition(one.clone(), Ok(Some(many))));
    assert_eq!(failed(&app), (FaultKind::Definition, false));
    assert!(app.goal().comparison.is_none());
    let other = app.definitions().get("carts2.js").unwrap().clone();
    app.answer(Answer::OtherDefinition(one.clone(), Ok(Some(other))));
    assert!(app.goal().comparison.is_some());
}

#[test]
fn the_listed_category_goes_on_while_definitions_are_compared() {
    let mut app = app();
    fold_with(&mut app, FoldWith::WithoutIt);
    app.apply(Intent::List(ListIntent::Filter("x".to_owned())));
    assert_eq!((app.goal().category.as_str(), app.goal().comparison.is_some()), ("order", true));
}

#[test]
fn two_definitions_are_compared_in_the_window_and_a_stream_is_opened_where_they_differ() {
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        let runtime = Runtime::new().unwrap();
        let node = runtime.block_on(Node::start(Config::default())).unwrap();
        let url = node.connection_string();
        runtime.block_on(carts(&url));
        let folder = tempfile::tempdir().unwrap();
        files(folder.path());
        let mut window = Window::with_options(&url, runtime, node, theme, |options| {
            options.definition_files =
                DefinitionFiles { folders: vec![folder.path().to_owned()], files: vec![] };
            options.definitions = DefinitionReader::default();
            options.definitions.read(&options.definition_files);
        });
        window.compare("carts.js", "same.js");
        window.until("No difference in 3 streams");
        window.press(egui::Modifiers::NONE, egui::Key::Escape);
        assert!(!window.shows("No difference in 3 streams"));
        window.compare("carts.js", "carts2.js");
        window.until("carts.js and carts2.js");
        window.until("2 of 3 streams differ.");
        assert!(window.shows("cart-b from revision 1, not at the end"));
        window.click("cart-a from revision 2, at the end too");
        window.until("rev 2 of 3");
        window.palette("definitions");
        assert!(window.shows("carts.js and carts2.js: 2 of 3 streams differ."), "it is still there");
        window.click("Show");
        window.until("cart-b from revision 1, not at the end");
        window.click("Close");
        window.compare("carts2.js", "What counts without it");
        window.until("No stream to compare");
    }
}

impl Window {
    fn palette(&mut self, text: &str) {
        self.press(egui::Modifiers::COMMAND, egui::Key::K);
        self.harness.event(egui::Event::Text(text.to_owned()));
        self.harness.run_steps(3);
        self.press(egui::Modifiers::NONE, egui::Key::Enter);
    }

    fn compare(&mut self, file: &str, with: &str) {
        self.palette("definitions");
        self.click(&format!("Fold {file} with…"));
        let menu = egui_kittest::kittest::Queryable::get_by_role_and_label;
        menu(&self.harness, egui::accesskit::Role::Button, with).click();
        self.harness.run_steps(4);
    }
}
