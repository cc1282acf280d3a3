//! The room of the database in the window, by accessible name, and in the state.

use crate::window::Window;
use egui::accesskit::Role;
use egui::{Event, Key, Modifiers};
use egui_kittest::kittest::Queryable;
use hindsight::app::{
    App, DatabaseIntent, DatabaseTab, Dialog, Intent, SearchState, Settings, TailFilter, ViewIntent,
};
use hindsight::decision::Expected;
use hindsight::record::{Created, Position, Record, Revision, StreamName};
use hindsight::store::{LogStep, ScanEnd, Search, StoreError, Target, Update};

impl Window {
    fn open_database(&mut self) {
        self.press(Modifiers::NONE, Key::B);
        self.until("the newest first. Live.");
    }

    fn write_into(&mut self, name: &str, text: &str) {
        self.harness.get_by_role_and_label(Role::TextInput, name).focus();
        self.harness.run_steps(2);
        self.harness.event(Event::Text(text.to_owned()));
        self.harness.run_steps(3);
    }
}

#[test]
fn the_tail_is_live_filtered_and_paused_and_a_click_goes_there() {
    let mut window = Window::with_order(egui::Theme::Dark);
    window.open_database();
    window.elsewhere(
        "live",
        Expected::NoStream,
        "OrderCreated",
        r#"{"OrderID":"live","UserID":"u","Total":70}"#,
    );
    window.until("OrderCreated, order-live@0");
    window.click("Pause");
    window.elsewhere("live", Expected::Exact(Revision(0)), "OrderPaid", r#"{"OrderID":"live"}"#);
    window.until("Paused: 1 event came meanwhile");
    assert!(!window.shows("OrderPaid, order-live@1"));
    window.click("Go on");
    window.until("OrderPaid, order-live@1");
    window.write_into("Text or condition", "data.Total == 70");
    window.until("1 of the");
    assert!(window.shows("OrderCreated, order-live@0") && !window.shows("OrderPaid, order-live@1"));
    window.click("OrderCreated, order-live@0");
    window.until("order-live");
    assert!(!window.shows("Parked messages"), "the room is closed");
}

#[test]
fn a_search_shows_its_hits_and_a_click_opens_the_stream() {
    let mut window = Window::open(true, egui::Theme::Light);
    window.open_database();
    window.click("Search");
    window.click("Find events");
    window.until("Type a text or a condition to look for.");
    window.write_into("Text or condition", "customer-17");
    window.press(Modifiers::NONE, Key::Enter);
    window.until("2 hits,");
    window.until("from the beginning of $all");
    window.write_into("From", "gestern");
    window.click("Find events");
    window.until("“gestern” is no moment");
    let hit = window.harness.query_all_by_label_contains("OrderPlaced, customer-17@1").next();
    assert!(hit.is_some());
    window.click("OrderPlaced, customer-17@1");
    window.until("customer-17");
    window.press(Modifiers::NONE, Key::B);
    window.until("2 hits,");
}

#[test]
fn projections_and_parked_messages_are_told_and_lead_on() {
    let mut window = Window::open(true, egui::Theme::Dark);
    window.open_database();
    window.click("Projections");
    window.until("$by_category: Running, not behind");
    assert!(window.shows("Open $projections-sales-result"));
    window.click("Parked messages");
    window.until("Maximum retry count reached.");
    window.harness.run_steps(2);
    let parked = window.harness.query_all_by_label_contains("no JSON").next().unwrap();
    parked.click();
    window.harness.run_steps(4);
    window.until("OrderPaid");
    assert!(!window.shows("Parked messages"));
}

fn record(n: u64, data: &str) -> Record {
    Record {
        stream: StreamName::new(&format!("order-{}", n % 7)),
        revision: Revision(n / 7),
        id: uuid::Uuid::from_u128(u128::from(n)),
        event_type: "Noted".into(),
        created: Created(i64::try_from(n).unwrap()),
        position: Position { commit: n, prepare: n },
        declared_json: true,
        data: data.as_bytes().into(),
        metadata: Box::default(),
        target: None,
    }
}

fn opened() -> App {
    let mut app = App::new(Target::Sandbox, "order", Settings::default());
    app.apply(Intent::View(ViewIntent::Open(Dialog::Database)));
    app
}

#[test]
fn the_tail_keeps_the_newest_events_and_no_more() {
    let mut app = opened();
    let ticket = app.goal().log.tail.unwrap();
    let filter = TailFilter { text: "odd".into(), ..TailFilter::default() };
    app.apply(Intent::Database(DatabaseIntent::Filter(filter)));
    for n in 0..5000 {
        let data = if n % 2 == 1 { r#"{"is":"odd"}"# } else { "{}" };
        app.absorb(Update::Log { ticket, step: LogStep::Events(vec![record(n, data)]) });
    }
    let tail = app.database().tail();
    assert_eq!((tail.kept(), tail.shown().len()), (2000, 1000));
    assert_eq!(tail.shown().back().unwrap().position.commit, 4999);
    app.apply(Intent::Database(DatabaseIntent::Filter(TailFilter::default())));
    assert_eq!(app.database().tail().shown().len(), 2000);
    let large = "x".repeat(5 << 20);
    for n in 5000..5020 {
        app.absorb(Update::Log { ticket, step: LogStep::Events(vec![record(n, &large)]) });
    }
    assert!(app.database().tail().kept() < 10, "bytes are bounded too");
    app.apply(Intent::View(ViewIntent::CloseDialog));
    assert!(app.goal().log.tail.is_none(), "nothing is read for a room that is closed");
}

#[test]
fn a_search_is_stopped_and_gone_on_with() {
    let mut app = opened();
    app.apply(Intent::Database(DatabaseIntent::Tab(DatabaseTab::Search)));
    app.apply(Intent::Database(DatabaseIntent::Search(Box::new(Search { limit: 2, ..Search::default() }))));
    let first = app.goal().log.asked.unwrap().ticket;
    app.absorb(Update::Log { ticket: first, step: LogStep::Events(vec![record(1, "{}"), record(2, "{}")]) });
    let at = Position { commit: 2, prepare: 2 };
    app.absorb(Update::Log { ticket: first, step: LogStep::Ended(Ok(ScanEnd::Limit(at))) });
    assert!(app.goal().log.asked.is_none(), "it waits");
    app.apply(Intent::Database(DatabaseIntent::GoOn));
    let second = app.goal().log.asked.unwrap().ticket;
    app.absorb(Update::Log { ticket: first, step: LogStep::Events(vec![record(2, "{}")]) });
    app.absorb(Update::Log { ticket: second, step: LogStep::Events(vec![record(3, "{}")]) });
    app.absorb(Update::Log { ticket: second, step: LogStep::Ended(Ok(ScanEnd::Complete)) });
    let commits: Vec<_> = app.database().search().hits().iter().map(|hit| hit.position.commit).collect();
    assert_eq!(commits, [1, 2, 3], "what an earlier go still says is left out");
    assert!(matches!(app.database().search().state(), SearchState::Complete));
    app.apply(Intent::Database(DatabaseIntent::Search(Box::default())));
    let third = app.goal().log.asked.unwrap().ticket;
    app.apply(Intent::View(ViewIntent::CloseDialog));
    app.apply(Intent::View(ViewIntent::Open(Dialog::Database)));
    assert!(matches!(app.database().search().state(), SearchState::Stopped), "it ended with its room");
    let why = StoreError::NotReady;
    app.absorb(Update::Log { ticket: third, step: LogStep::Ended(Err(why)) });
    assert!(matches!(app.database().search().state(), SearchState::Stopped));
}

#[test]
fn the_tail_goes_on_after_a_lost_connection_without_a_gap_or_a_double() {
    let folder = tempfile::tempdir().unwrap();
    let storage = || hindsight::node::Storage::File(folder.path().join("events.db"));
    let config = || hindsight::node::Config { storage: storage(), ..hindsight::node::Config::default() };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(hindsight::node::Node::start(config())).unwrap();
    let url = node.connection_string();
    let (updates, wake) = (std::sync::Mutex::new(Vec::new()), std::sync::Arc::new(|| ()));
    let resolve: hindsight::store::Resolve = std::sync::Arc::new({
        let url = url.clone();
        move || {
            let url = url.clone();
            Box::pin(async move { Ok(url.into()) })
        }
    });
    let mut store = hindsight::store::Store::start(runtime.handle(), resolve, None, wake);
    let mut goal = hindsight::store::Goal::listing(Target::Sandbox, "order");
    goal.log.tail = Some(hindsight::store::Ticket(7));
    store.aim(&goal);
    let write = |n: u64| {
        runtime.block_on(async {
            let client = eventstore::Client::new(url.parse().unwrap()).unwrap();
            let event = eventstore::EventData::json("Noted", &serde_json::json!({ "n": n })).unwrap();
            client
                .append_to_stream("note-1", &eventstore::AppendToStreamOptions::default(), event)
                .await
                .unwrap();
        });
    };
    let mut until = |revision: u64| {
        let deadline = std::time::Instant::now() + std::time::Duration::from_mins(1);
        let mut seen = updates.lock().unwrap();
        while seen.last() != Some(&revision) {
            assert!(std::time::Instant::now() < deadline, "{seen:?}");
            for update in store.drain(100) {
                if let Update::Log { step: LogStep::Events(records), .. } = update {
                    let own = records.iter().filter(|record| record.stream.as_str() == "note-1");
                    seen.extend(own.map(|record| record.revision.0));
                }
            }
            std::thread::park_timeout(std::time::Duration::from_millis(2));
        }
        seen.clone()
    };
    write(0);
    until(0);
    write(1);
    until(1);
    let listen = node.address();
    runtime.block_on(node.shutdown());
    let _node = runtime
        .block_on(hindsight::node::Node::start(hindsight::node::Config { listen, ..config() }))
        .unwrap();
    write(2);
    write(3);
    assert_eq!(until(3), [0, 1, 2, 3]);
}
