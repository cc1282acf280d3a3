//! The problems of all streams of the list: in the window by accessible name, and in the terminal.

use crate::cli::{serve, text};
use crate::list;
use crate::past::{create, moment, pay, write};
use crate::run;
use crate::window::Window;
use egui::{Key, Modifiers, Theme};
use hindsight::app::{Action, App, Intent, ListIntent, ProblemsIntent, Settings, ViewIntent};
use hindsight::decision::Expected;
use hindsight::record::{Revision, StreamName};
use hindsight::store::{FoundProblem, ProblemStep, Session, StoreError, StreamRow, Target, Ticket, Update};
use serde_json::Value;

const PAID: &str = r#"{"OrderID":"@"}"#;

impl Window {
    fn paid(&self, id: &str, at: u64) {
        self.elsewhere(id, Expected::Exact(Revision(at)), "OrderPaid", &PAID.replace('@', id));
    }
}

/// Order a is paid twice and once with data that are none; b is paid twice; c is well.
fn troubles(theme: Theme) -> Window {
    let mut window = Window::open(false, theme);
    for id in ["a", "b", "c"] {
        let data = format!(r#"{{"OrderID":"{id}","UserID":"u","Total":1}}"#);
        window.elsewhere(id, Expected::NoStream, "OrderCreated", &data);
        window.paid(id, 0);
    }
    window.paid("a", 1);
    window.elsewhere("a", Expected::Exact(Revision(2)), "OrderPaid", "{}");
    window.paid("b", 1);
    window.until("3 problems in 2 streams");
    window
}

#[test]
fn the_status_bar_opens_the_problems_of_all_streams_and_a_click_goes_to_one() {
    for theme in [Theme::Dark, Theme::Light] {
        let mut window = troubles(theme);
        window.click("3 problems in 2 streams");
        assert!(window.shows("2 of 3 streams") && !window.shows("order-c"), "first those streams");
        window.click("3 problems in 2 streams");
        window.until("3 problems in 2 streams.");
        let kinds = ["All 3", "paid-twice 2", "missing-field 1"];
        for kind in kinds {
            assert!(window.shows(kind), "{kind}");
        }
        window.click("missing-field 1");
        assert!(!window.shows("order-b rev 2 paid-twice"));
        window.click("order-a rev 3 missing-field");
        window.until("rev 3 of 3");
        assert!(!window.shows("missing-field 1"), "the view is closed");
    }
}

#[test]
fn a_key_opens_it_and_n_goes_on_from_stream_to_stream() {
    let mut window = troubles(Theme::Dark);
    window.press(Modifiers::SHIFT, Key::P);
    window.until("3 problems in 2 streams.");
    for place in ["rev 2 of 3", "rev 3 of 3", "rev 2 of 2"] {
        window.press(Modifiers::NONE, Key::N);
        window.until(place);
    }
    window.press(Modifiers::NONE, Key::N);
    window.until("There is no problem after this one.");
    window.press(Modifiers::SHIFT, Key::N);
    window.until("rev 3 of 3");
    assert!(window.shows("missing-field 1"), "the view stays");
    // Only those that are shown, and no key while words are typed.
    window.types("Filter problems", "Order-B nowhere");
    window.until("No problem matches");
    window.press(Modifiers::NONE, Key::N);
    assert!(!window.shows("There is no problem after this one."));
    window.press(Modifiers::COMMAND, Key::A);
    window.harness.event(egui::Event::Text("order-b".to_owned()));
    window.harness.run_steps(3);
    assert!(window.shows("order-b rev 2 paid-twice") && !window.shows("order-a rev 2 paid-twice"));
    // What is written meanwhile is counted, and read on request.
    window.paid("b", 2);
    window.until("The list counts 4 problems by now.");
    window.click("Read again");
    window.until("4 problems in 2 streams.");
    assert!(!window.shows("Read again"));
    window.click("Close");
    window.until("rev 3 of 3");
}

#[test]
fn it_is_of_the_streams_that_meet_the_condition_and_of_the_moment() {
    let mut window = troubles(Theme::Dark);
    let at = moment();
    window.paid("c", 1);
    window.until("4 problems in 3 streams");
    window.filter_by("ID == c");
    window.until("1 problem in 1 stream");
    window.press(Modifiers::SHIFT, Key::P);
    window.until("order-c rev 2 paid-twice");
    assert!(!window.shows("order-a rev 2 paid-twice"));
    window.click("Close");
    window.filter_by("");
    window.click("As of a moment");
    window.types("As of", &at.rfc3339());
    window.click("Show");
    window.until("as they were today");
    window.until("3 problems in 2 streams");
    window.press(Modifiers::SHIFT, Key::P);
    window.until("3 problems in 2 streams. As of today");
    assert!(!window.shows("order-c rev 2 paid-twice"));
    window.click("Close");
    // What was deleted since was listed then, and nobody can read it any more.
    window.runtime.block_on(async {
        let client = crate::production::client(&window.node.connection_string());
        client.delete_stream("order-b", &eventstore::DeleteStreamOptions::default()).await.unwrap();
    });
    window.press(Modifiers::SHIFT, Key::P);
    window.until("2 problems in 2 streams. As of today");
    window.until("1 more can no longer be read: their events are gone.");
}

fn row(stream: &str, problems: u32) -> StreamRow {
    StreamRow { problems, ..list::row(stream, 4) }
}

fn problem(stream: &str, revision: u64) -> FoundProblem {
    FoundProblem {
        stream: StreamName::new(stream),
        revision: Revision(revision),
        event_type: "OrderPaid".into(),
        kind: "paid-twice",
        text: "The order is already paid.".to_owned(),
    }
}

fn open(app: &mut App) -> Ticket {
    app.apply(Action::Problems.intent().unwrap());
    app.goal().past.problems.unwrap().ticket
}

#[test]
fn it_is_asked_while_its_view_is_open_and_says_what_can_no_longer_be_read() {
    let mut app = App::new(Target::Sandbox, "order", Settings::default());
    assert!(app.why_not(Action::Problems).is_some());
    app.absorb(Update::Rows(vec![row("order-b", 2), row("order-c", 0), row("order-a", 1)]));
    assert!(app.why_not(Action::Problems).is_none());
    let ticket = open(&mut app);
    let streams = app.goal().past.problems.unwrap().streams;
    assert_eq!(streams.iter().map(StreamName::as_str).collect::<Vec<_>>(), ["order-a", "order-b"]);
    let step = |app: &mut App, ticket, step| app.absorb(Update::Problems { ticket, step });
    step(&mut app, ticket, ProblemStep::Begins);
    let found = vec![problem("order-a", 1)];
    step(&mut app, ticket, ProblemStep::Found { done: 1, unreadable: 0, found });
    // A lost connection begins again.
    step(&mut app, ticket, ProblemStep::Begins);
    let found = vec![problem("order-a", 1), problem("order-b", 2)];
    step(&mut app, ticket, ProblemStep::Found { done: 2, unreadable: 0, found });
    step(&mut app, ticket, ProblemStep::Ended(Ok(())));
    let problems = app.problems().unwrap();
    assert_eq!((problems.total(), problems.gone(), problems.shown()), ((2, 2), 1, 2));
    assert!(app.goal().past.problems.is_none(), "it is answered");
    let intent = |intent| Intent::View(ViewIntent::Problems(intent));
    app.apply(intent(ProblemsIntent::Words("ORDER-B already".to_owned())));
    assert_eq!(app.problems().unwrap().shown(), 1);
    app.apply(intent(ProblemsIntent::Open(0)));
    assert!(app.problems().is_none() && app.dialog().is_none());
    assert_eq!(app.opened().unwrap().stream().as_str(), "order-b");
    // Answers to an earlier question are of no use, and a failure is said.
    let later = open(&mut app);
    step(&mut app, ticket, ProblemStep::Found { done: 1, unreadable: 0, found: vec![problem("order-a", 1)] });
    assert_eq!(app.problems().unwrap().total().0, 0);
    step(&mut app, later, ProblemStep::Ended(Err(StoreError::NotReady)));
    assert!(!app.problems().unwrap().is_running());
    // Those of another category are others.
    app.apply(Intent::List(ListIntent::Category("account".to_owned())));
    assert!(app.problems().is_none() && app.dialog().is_none());
}

#[test]
fn more_problems_than_are_held_are_counted() {
    let mut app = App::new(Target::Sandbox, "order", Settings::default());
    app.absorb(Update::Rows(vec![row("order-a", 50_010)]));
    let ticket = open(&mut app);
    for page in 0..5_001 {
        let found = (0..10).map(|at| problem("order-a", page * 10 + at)).collect();
        let step = ProblemStep::Found { done: 0, unreadable: 0, found };
        app.absorb(Update::Problems { ticket, step });
    }
    app.absorb(Update::Problems { ticket, step: ProblemStep::Ended(Ok(())) });
    let problems = app.problems().unwrap();
    assert_eq!((problems.total(), problems.shown(), problems.gone()), ((50_010, 50_000), 50_000, 0));
    assert_eq!(problems.kinds(), [("paid-twice", 50_000)]);
}

#[test]
fn check_of_a_category_lists_what_the_list_counts() {
    let served = serve(&["--memory", "--samples"]);
    let output = served.run(1, &["check", "--category", "order", "--json"]);
    let lines: Vec<Value> =
        text(&output.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let listed: u64 = served.json(&["list"]).iter().map(|row| row["problems"].as_u64().unwrap()).sum();
    assert_eq!(lines.len() as u64, listed);
    for line in &lines {
        assert!(line["stream"].as_str().unwrap().starts_with("order-") && line["revision"].is_u64());
        assert!(line["problem"]["kind"].is_string() && line["type"].is_string());
    }
    let out = text(&served.run(1, &["check", "--category", "order"]).stdout);
    let told = format!("order: {listed} problems in ");
    assert!(out.lines().last().is_some_and(|line| line.starts_with(&told)), "{out}");
    let output = served.run(0, &["check", "--category", "nothing"]);
    assert_eq!(text(&output.stdout), "nothing: 0 problems in 0 of 0 streams.\n");
    assert!(text(&output.stderr).contains("There is no stream of category nothing"));
    let said = text(&served.run(2, &["check"]).stderr);
    assert!(said.contains("--category"), "{said}");
    served.run(2, &["check", "x.js", "--category", "order"]);
    // By the definitions that count.
    let folder = served.folder.path().join("aggregates");
    std::fs::create_dir(&folder).unwrap();
    let definition = "fromCategory('order').foreachStream().when({ OrderPaid() { throw new Error('no'); } })";
    std::fs::write(folder.join("order.js"), definition).unwrap();
    let by_definition =
        served.run(1, &["check", "--category", "order", "--aggregates", folder.to_str().unwrap()]);
    assert!(text(&by_definition.stdout).contains("script-threw"));
}

#[test]
fn what_is_found_is_what_each_stream_shows() {
    run(async {
        let served = serve(&["--memory"]);
        let client = crate::production::client(&served.url);
        create(&client, "1").await;
        for _ in 0..3 {
            pay(&client, "1").await;
        }
        write(&client, "order-2", "OrderPaid", "no json").await;
        let session = Session::connect(served.url.clone()).await.unwrap();
        let rows = session.list("order").await.unwrap();
        assert_eq!(rows.iter().map(|row| row.problems).sum::<u32>(), 3);
        let shown = text(&served.run(0, &["show", "order-1"]).stdout);
        let told = text(&served.run(1, &["check", "--category", "order"]).stdout);
        let sentence = told.lines().next().unwrap().split("  ").last().unwrap();
        assert!(sentence.contains("at revision 1") && shown.contains(sentence), "{sentence}\n{shown}");
    });
}
