//! The newest events of a long stream are shown while those before them are read.

use crate::history::record;
use crate::run;
use crate::store::Watcher;
use egui_kittest::Harness;
use egui_kittest::kittest::Queryable;
use hindsight::aggregate::Registry;
use hindsight::app::{App, Intent, ListIntent, Settings, Tab, TimeIntent, ViewIntent};
use hindsight::history::{ChunkBuilder, Cursor};
use hindsight::node::{Config, Node};
use hindsight::record::{Record, Revision, StreamName};
use hindsight::store::{Life, Target, Ticket, Update};
use hindsight::ui;
use std::ops::Range;

struct Reading {
    app: App,
    kept: ui::Kept,
    ticket: Ticket,
    fold: ChunkBuilder,
}

impl Reading {
    fn new() -> Self {
        let mut app = App::new(Target::Sandbox, "order", Settings::default());
        let stream = StreamName::new("order-a");
        app.apply(Intent::List(ListIntent::Select(stream.clone())));
        let (ticket, _) = app.goal().opened.unwrap();
        let fold = ChunkBuilder::new(Registry::default().for_stream(&stream).clone(), stream);
        Self { app, kept: ui::Kept::default(), ticket, fold }
    }

    fn read(&mut self, revisions: Range<u64>) {
        for chunk in self.fold.chunks(&notes(revisions)) {
            self.app.absorb(Update::Chunk { ticket: self.ticket, chunk: Box::new(chunk) });
        }
    }

    fn newest(&mut self, revisions: Range<u64>) {
        self.app.absorb(Update::Newest { ticket: self.ticket, records: notes(revisions) });
    }

    fn life(&mut self, life: Life) {
        self.app.absorb(Update::Life { ticket: self.ticket, life, last: None });
    }

    fn time(&mut self, intent: TimeIntent) {
        self.app.apply(Intent::Time(intent));
    }

    /// The revision that the inspector shows, and whether its state is known.
    fn shown(&self) -> (u64, bool) {
        let frame = self.app.opened().unwrap().frame();
        (frame.record().unwrap().revision.0, !frame.is_not_read_to())
    }

    fn rows(&self) -> usize {
        self.app.opened().unwrap().row_count()
    }
}

fn notes(revisions: Range<u64>) -> Vec<Record> {
    revisions.map(|n| record(n, "OrderNoteAdded", &format!(r#"{{"Note":"note {n}"}}"#))).collect()
}

fn window(reading: Reading) -> Harness<'static, Reading> {
    let builder = Harness::builder().with_size([1280.0, 800.0]).allow_missing_glyphs();
    let mut installed = false;
    let mut harness = builder.build_ui_state(
        move |ui, reading: &mut Reading| {
            if !std::mem::replace(&mut installed, true) {
                return ui::theme::install(ui.ctx());
            }
            reading.app.refresh();
            let mut out = Vec::new();
            ui::window(ui, &reading.app, &mut reading.kept, &mut out);
            for intent in out {
                reading.app.apply(intent);
            }
        },
        reading,
    );
    harness.run_steps(6);
    harness
}

fn shows(harness: &Harness<'_, Reading>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

#[test]
fn the_newest_events_are_shown_at_once_and_no_event_twice_once_they_are_read() {
    let mut reading = Reading::new();
    reading.read(0..300);
    reading.newest(900..1_000);
    let mut window = window(reading);
    assert!(shows(&window, "Revision 999 ") && shows(&window, "Being read"));
    assert!(shows(&window, "rev 999 of 999"));
    window.state_mut().app.apply(Intent::View(ViewIntent::Tab(Tab::Event)));
    window.run_steps(3);
    assert!(shows(&window, "\"Note\": \"note 999\""), "its data are there");
    window.state_mut().time(TimeIntent::GoTo(Revision(900)));
    window.run_steps(3);
    assert!(shows(&window, "Events 300–899 are being read") && shows(&window, "Revision 299 "));
    // What is read meanwhile moves nothing that is looked at.
    let place = |window: &Harness<'_, Reading>| window.get_by_label("Revision 900 OrderNoteAdded").rect();
    let before = place(&window);
    window.state_mut().read(300..600);
    window.run_steps(3);
    assert_eq!(place(&window), before);
    assert!(shows(&window, "Events 600–899 are being read"));
    window.state_mut().read(600..950);
    window.run_steps(3);
    assert_eq!(window.state().rows(), 1_000, "none twice, and no gap");
    assert_eq!(window.state().shown(), (900, true));
    window.state_mut().read(950..1_001);
    window.state_mut().life(Life::Live);
    window.run_steps(3);
    assert_eq!(window.state().rows(), 1_001);
    assert_eq!(window.query_all_by_label("Revision 900 OrderNoteAdded").count(), 1);
}

#[test]
fn steps_and_jumps_stay_among_the_events_that_are_shown() {
    let mut reading = Reading::new();
    reading.read(100..300);
    reading.newest(900..1_000);
    assert_eq!(reading.shown(), (999, false));
    reading.time(TimeIntent::Step(1));
    assert_eq!(reading.app.opened().unwrap().cursor(), Cursor::Live);
    reading.time(TimeIntent::Step(-10));
    assert_eq!(reading.shown(), (989, false));
    reading.time(TimeIntent::Step(-1_000));
    assert_eq!(reading.shown(), (900, false));
    reading.time(TimeIntent::Oldest);
    reading.time(TimeIntent::Step(10_000));
    assert_eq!(reading.shown(), (299, true));
    // A revision in between is gone to once it is read.
    reading.time(TimeIntent::GoTo(Revision(500)));
    assert_eq!(reading.shown(), (299, true));
    reading.read(300..1_000);
    reading.life(Life::Live);
    assert_eq!(reading.shown(), (500, true));
}

#[test]
fn events_that_are_left_unread_are_said_and_read_on() {
    let mut reading = Reading::new();
    reading.read(0..300);
    reading.newest(900..1_000);
    reading.app.apply(Intent::List(ListIntent::StopReading));
    reading.time(TimeIntent::GoTo(Revision(900)));
    let mut window = window(reading);
    assert!(shows(&window, "Events 300–899 are not read") && shows(&window, "Not read"));
    window.state_mut().app.apply(Intent::List(ListIntent::ReadOn));
    window.state_mut().read(300..1_000);
    window.state_mut().life(Life::Live);
    window.run_steps(3);
    assert!(!shows(&window, "are not read") && !shows(&window, "being read"));
    assert_eq!(window.state().shown(), (900, true));
}

#[test]
fn a_stream_that_ends_otherwise_shows_only_what_was_read() {
    for life in [Life::Tombstoned, Life::SoftDeleted, Life::Live] {
        let mut reading = Reading::new();
        reading.newest(900..1_000);
        assert_eq!((reading.rows(), reading.shown()), (101, (999, false)), "what is before is not known yet");
        reading.read(850..860);
        reading.life(life.clone());
        assert_eq!((reading.rows(), reading.shown()), (10, (859, true)), "{life:?}");
        // What comes late is not shown.
        reading.newest(900..1_000);
        assert_eq!(reading.rows(), 10);
    }
}

#[test]
fn of_a_long_stream_the_newest_events_are_read_too_and_of_a_short_one_not() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let client = eventstore::Client::new(node.connection_string().parse().unwrap()).unwrap();
        let options = eventstore::AppendToStreamOptions::default();
        for stream in ["order-long", "order-long", "order-long", "order-short"] {
            let event = |_| eventstore::EventData::json("Note", &serde_json::json!({})).unwrap();
            let notes: Vec<_> = (0..500).map(event).collect();
            client.append_to_stream(stream, &options, notes).await.unwrap();
        }
        let metadata = eventstore::StreamMetadataBuilder::new().truncate_before(300).build();
        client.set_stream_metadata("order-long", &options, &metadata).await.unwrap();
        let mut watcher = Watcher::of(&node.connection_string());
        watcher.until("online", Watcher::online);
        watcher.open("long");
        watcher.until("read, and its newest", |w| w.life == Some(Life::Live) && !w.newest.is_empty());
        assert_eq!(watcher.revisions(), (300..1_500).collect::<Vec<_>>());
        assert_eq!(watcher.newest, watcher.records[watcher.records.len() - watcher.newest.len()..]);
        watcher.newest.clear();
        watcher.records.clear();
        watcher.life = None;
        watcher.aims(|goal| goal.opened = Some((Ticket(2), StreamName::new("order-short"))));
        watcher.until("read", |w| w.life == Some(Life::Live));
        assert_eq!((watcher.records.len(), watcher.newest.len()), (500, 0));
    });
}
