//! Intents and updates in, state and effects out; no window, no server.

use crate::history::record;
use hindsight::aggregate::Aggregate;
use hindsight::aggregate::order::OrderAggregate;
use hindsight::app::{
    Action, Answer, App, CommandIntent, ConnectionIntent, Decision, Dialog, Effect, Facet, Failure, Intent,
    ListIntent, Notice, Outcome, PaletteHits, Said, Settings, Take, TimeIntent, ViewIntent, WriteMode,
};
use hindsight::decision::{Append, Declined, Expected};
use hindsight::history::Cursor;
use hindsight::record::{Created, Position, Record, Revision, StreamName};
use hindsight::store::{
    AppendError, Cell, Connection, Declaration, Life, Presence, SandboxFault, StreamRow, Target, Ticket,
    Update, Written,
};
use std::time::Duration;

pub struct Window {
    pub app: App,
}

impl Window {
    /// The text of the notice.
    #[track_caller]
    fn said(&self) -> &str {
        match self.app.notice().map(Notice::said) {
            Some(Said::Text(text)) => text,
            other => panic!("{other:?}"),
        }
    }

    pub fn online() -> Self {
        let mut app = App::new(Target::Sandbox, "order", Settings::default());
        app.absorb(Update::Connection(Connection::Online {
            address: "here".into(),
            server: "24.10".into(),
            declaration: Declaration::NotProduction,
            refused: None,
        }));
        Self { app }
    }

    /// Order `a` is open: created at 0, paid from `paid` on.
    pub fn opened(records: &[(&str, &str)]) -> Self {
        let mut window = Self::online();
        let ticket = window.select("order-a");
        let records =
            records.iter().enumerate().map(|(i, (t, d))| record(i as u64, t, d)).collect::<Vec<_>>();
        window.records(ticket, &records);
        window.app.absorb(Update::Life { ticket, life: Life::Live, last: None });
        window
    }

    /// The store says that these events were read.
    pub fn records(&mut self, ticket: Ticket, records: &[Record]) {
        for chunk in self.app.opened().unwrap().timeline().continued_by(records) {
            self.app.absorb(Update::Chunk { ticket, chunk: Box::new(chunk) });
        }
    }

    /// Takes what the palette says first.
    pub fn goes_to(&mut self, text: &str) {
        let mut palette = PaletteHits::default();
        self.app.refresh();
        palette.update(&self.app, text, Created::now(), &jiff::tz::TimeZone::UTC);
        if let Take::Intents(intents) = palette.hits()[0].take.clone() {
            self.does(intents);
        }
    }

    pub fn select(&mut self, stream: &str) -> Ticket {
        self.app.apply(Intent::List(ListIntent::Select(StreamName::new(stream))));
        let (ticket, opened) = self.app.goal().opened.unwrap();
        assert_eq!(opened.as_str(), stream);
        ticket
    }

    /// Does what is wanted; the store takes each write.
    pub fn does(&mut self, intents: impl IntoIterator<Item = Intent>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for intent in intents {
            for effect in self.app.apply(intent) {
                if let Effect::Append(write) = &effect {
                    self.app.sent((**write).clone(), true);
                }
                effects.push(effect);
            }
        }
        effects
    }

    fn cursor(&self) -> Cursor {
        self.app.opened().unwrap().cursor()
    }
}

pub const CREATED: (&str, &str) = ("OrderCreated", r#"{"OrderID":"a","UserID":"u","Total":99.90}"#);
pub const PAID: (&str, &str) = ("OrderPaid", r#"{"OrderID":"a"}"#);

pub fn sent(effects: &[Effect]) -> Option<(Ticket, &Append)> {
    effects.iter().find_map(|effect| match effect {
        Effect::Append(write) => Some((write.ticket, &write.append)),
        _ => None,
    })
}

fn row(name: &str, status: &str, total: &str, problems: u32) -> StreamRow {
    let statuses = OrderAggregate::default().schema().statuses.clone();
    let cell = |path: &str, text: &str, is_text| Cell { path: path.into(), text: text.into(), is_text };
    StreamRow {
        stream: StreamName::new(name),
        revision: Some(Revision(1)),
        first: Revision(0),
        events: 2,
        presence: Presence::Live,
        status: statuses.iter().find(|known| &*known.word == status).cloned(),
        state: None,
        cells: Box::new([cell("UserID", "用户42", true), cell("Total", total, false)]),
        last_event: Some(Created(1)),
        problems,
    }
}

#[test]
fn pay_expects_exactly_the_revision_it_decided_at() {
    let mut window = Window::opened(&[CREATED, ("OrderNoteAdded", "{}")]);
    let effects =
        window.does([Intent::Command(CommandIntent::Form(1)), Intent::Command(CommandIntent::Append)]);
    let (_, append) = sent(&effects).unwrap();
    assert_eq!(append.expected, Expected::Exact(Revision(1)));
    assert_eq!(append.stream.as_str(), "order-a");
    assert_eq!(&*append.events[0].data, br#"{"OrderID":"a"}"#);
}

#[test]
fn a_paid_order_refuses_and_nothing_is_sent() {
    let mut window = Window::opened(&[CREATED, PAID]);
    let effects =
        window.does([Intent::Command(CommandIntent::Form(1)), Intent::Command(CommandIntent::Append)]);
    assert!(sent(&effects).is_none());
    assert!(
        matches!(window.app.dock().outcome(), Some(Outcome::Declined(Declined::Refused(r))) if r.to_string().contains("already paid"))
    );
    let preview = window.app.preview();
    assert_eq!(preview.because, Some(Revision(1)));
    assert_eq!(preview.accepted_until.as_deref(), Some("Up to revision 0 it would have appended OrderPaid."));
}

#[test]
fn create_expects_no_stream_and_clears_the_form_only_when_it_was_appended() {
    let mut window = Window::online();
    let typed = [
        Intent::Command(CommandIntent::Field(0, 0, "Zoë".into())),
        Intent::Command(CommandIntent::Field(0, 1, "99.90".into())),
        Intent::Command(CommandIntent::Append),
    ];
    let effects = window.does(typed);
    let (ticket, append) = sent(&effects).unwrap();
    assert_eq!(append.expected, Expected::NoStream);
    let data = String::from_utf8(append.events[0].data.to_vec()).unwrap();
    assert!(data.ends_with(r#""UserID":"Zoë","Total":99.90}"#), "{data}");
    let id = append.stream.as_str().strip_prefix("order-").unwrap().to_owned();
    assert!(data.starts_with(&format!(r#"{{"OrderID":"{id}""#)));

    let conflict = AppendError::Conflict { expected: Expected::NoStream, actual: Some(Revision(0)) };
    window.app.absorb(Update::Appended { ticket, result: Err(conflict) });
    assert_eq!(window.app.typed(0, 0), "Zoë");
    assert!(matches!(window.app.dock().outcome(), Some(Outcome::Failed { .. })));

    let effects =
        window.does([Intent::Command(CommandIntent::DecideAgain), Intent::Command(CommandIntent::Append)]);
    let (ticket, again) = sent(&effects).unwrap();
    assert_ne!(again.stream.id(), id, "a generated id is generated anew");
    let written = Written {
        revision: Revision(0),
        position: Position { commit: 9, prepare: 9 },
        recovered: false,
        leader: None,
    };
    window.app.absorb(Update::Appended { ticket, result: Ok(written) });
    assert_eq!(window.app.typed(0, 0), "");
    assert!(window.app.opened().is_some(), "the new order is opened");
    assert!(matches!(window.app.dock().outcome(), Some(Outcome::Appended { .. })));
}

#[test]
fn bad_input_is_a_sentence_and_stays_in_the_form() {
    for (user, total, says) in [
        ("", "1", "user"),
        ("u", "-5", "negative"),
        ("u", "1,250", "not a number"),
        ("u", "abc", "not a number"),
        ("u", "1e5", "not a number"),
        ("u", "99999999999999999999", "too large"),
    ] {
        let mut window = Window::online();
        let typed = [
            Intent::Command(CommandIntent::Field(0, 0, user.into())),
            Intent::Command(CommandIntent::Field(0, 1, total.into())),
            Intent::Command(CommandIntent::Append),
        ];
        let effects = window.does(typed);
        assert!(sent(&effects).is_none());
        let Some(Outcome::Invalid(text)) = window.app.dock().outcome() else { panic!("{total}") };
        assert!(text.contains(says), "{text}");
        assert_eq!(window.app.typed(0, 1), total);
    }
}

#[test]
fn a_real_server_asks_before_each_write_and_read_only_never_writes() {
    let mut window = Window::opened(&[CREATED]);
    window.does([
        Intent::Connection(ConnectionIntent::WriteMode(WriteMode::Confirm)),
        Intent::Command(CommandIntent::Form(1)),
    ]);
    assert!(sent(&window.does([Intent::Command(CommandIntent::Append)])).is_none());
    assert!(matches!(window.app.dialog(), Some(Dialog::ConfirmAppend { .. })));
    assert!(sent(&window.does([Intent::Command(CommandIntent::ConfirmAppend)])).is_some());

    let mut window = Window::opened(&[CREATED]);
    window.does([
        Intent::Connection(ConnectionIntent::WriteMode(WriteMode::ReadOnly)),
        Intent::Command(CommandIntent::Form(1)),
        Intent::Command(CommandIntent::Append),
    ]);
    assert!(matches!(window.app.dock().outcome(), Some(Outcome::NotSent(why)) if why.contains("read-only")));

    let server = App::new(Target::Server("esdb://u:p@h:2113".into()), "order", Settings::default());
    assert_eq!(server.write_mode(), WriteMode::Confirm);
}

#[test]
fn passwords_are_not_remembered() {
    let mut window = Window::online();
    window.does([Intent::Connection(ConnectionIntent::Connect(Target::Server(
        "esdb://admin:se%40cret@db:2113?tls=true".into(),
    )))]);
    window.does([Intent::Connection(ConnectionIntent::Connect(Target::Server(
        "esdb://admin:pa/se?cret@db:2113?tls=true".into(),
    )))]);
    let settings = serde_json::to_string(&window.app.settings()).unwrap();
    assert!(!settings.contains("cret") && settings.contains("esdb://db:2113?tls=true"), "{settings}");
}

#[test]
fn the_last_stream_is_opened_again_on_its_database_only() {
    let mut window = Window::online();
    window.does([Intent::Connection(ConnectionIntent::Connect(Target::Sandbox))]);
    window.select("order-a");
    let mut next = App::new(Target::Sandbox, "order", window.app.settings().clone());
    next.apply(Intent::Connection(ConnectionIntent::Connect(Target::Sandbox)));
    assert_eq!(next.opened().unwrap().stream().as_str(), "order-a");
    next.apply(Intent::Connection(ConnectionIntent::Connect(Target::Server("esdb://other:2113".into()))));
    assert!(next.opened().is_none());
    next.apply(Intent::Connection(ConnectionIntent::Connect(Target::Sandbox)));
    assert!(next.opened().is_none(), "it was left");
}

#[test]
fn a_past_revision_is_a_dry_run() {
    let mut window = Window::opened(&[CREATED, PAID]);
    window.does([
        Intent::Command(CommandIntent::Form(1)),
        Intent::Command(CommandIntent::DecideAt(hindsight::app::DecideAt::Playhead)),
        Intent::Time(TimeIntent::Step(-1)),
    ]);
    let effects = window.does([Intent::Command(CommandIntent::Append)]);
    assert!(sent(&effects).is_none());
    assert!(matches!(window.app.dock().outcome(), Some(Outcome::NotSent(why)) if why.contains("dry run")));
}

#[test]
fn playing_walks_from_the_beginning_to_live() {
    let mut window = Window::opened(&[CREATED, PAID]);
    window.does([Intent::Time(TimeIntent::PlayPause)]);
    assert_eq!(window.cursor(), Cursor::Origin);
    window.does([Intent::Time(TimeIntent::Tick(1.0))]);
    assert_eq!(window.cursor(), Cursor::At(Revision(0)));
    window.does([Intent::Time(TimeIntent::Tick(1.0)), Intent::Time(TimeIntent::Tick(1.0))]);
    assert_eq!(window.cursor(), Cursor::Live);
    assert!(!window.app.playback().playing);
}

#[test]
fn the_playhead_stays_while_events_arrive_unless_it_is_live() {
    let mut window = Window::opened(&[CREATED]);
    let ticket = window.app.opened().unwrap().ticket();
    window.does([Intent::Time(TimeIntent::GoTo(Revision(0)))]);
    window.records(ticket, &[record(1, PAID.0, PAID.1)]);
    assert_eq!(window.app.opened().unwrap().index(), Some(0));
    window.does([Intent::Time(TimeIntent::Newest)]);
    window.records(ticket, &[record(2, PAID.0, PAID.1)]);
    assert_eq!(window.app.opened().unwrap().index(), Some(2));
}

#[test]
fn late_answers_for_another_stream_are_dropped() {
    let mut window = Window::online();
    let first = window.select("order-a");
    window.select("order-b");
    window.records(first, &[record(0, CREATED.0, CREATED.1)]);
    assert!(window.app.opened().unwrap().timeline().is_empty());
}

#[test]
fn a_revision_can_be_asked_for_before_it_was_read() {
    let mut window = Window::online();
    let ticket = window.select("order-a");
    window.does([Intent::Time(TimeIntent::GoTo(Revision(1)))]);
    let records = (0..3).map(|r| record(r, "Note", "{}")).collect::<Vec<_>>();
    window.records(ticket, &records);
    window.app.absorb(Update::Life { ticket, life: Life::Live, last: None });
    assert_eq!(window.cursor(), Cursor::At(Revision(1)));
    window.does([Intent::Time(TimeIntent::GoTo(Revision(9)))]);
    assert!(window.said().contains("revisions 0 to 2"));
}

#[test]
fn the_list_is_filtered_sorted_and_counted() {
    let mut window = Window::online();
    let rows = vec![
        row("order-1", "paid", "12.50", 0),
        row("order-2", "unpaid", "9007199254740993.25", 1),
        row("order-3", "paid", "9007199254740993.26", 0),
    ];
    window.app.absorb(Update::Rows(rows));
    window.does([Intent::List(ListIntent::Sort(hindsight::app::Sort::Column(0)))]);
    window.app.refresh();
    let names: Vec<&str> = (0..3).map(|i| window.app.list().row(i).unwrap().stream.as_str()).collect();
    assert_eq!(names, ["order-3", "order-2", "order-1"]);
    assert_eq!(window.app.list().count(Facet::Status(1)), 2);
    window.does([Intent::List(ListIntent::Facet(Facet::Problems))]);
    window.app.refresh();
    assert_eq!(window.app.list().shown(), 1);
    window.does([
        Intent::List(ListIntent::Facet(Facet::All)),
        Intent::List(ListIntent::Filter("用户42 order-1".into())),
    ]);
    window.app.refresh();
    assert_eq!(window.app.list().shown(), 1);
    assert!(window.app.list().is_filtered());
}

#[test]
fn anything_can_be_gone_to_by_text() {
    let mut window = Window::opened(&[CREATED, PAID]);
    window.goes_to("rev 0");
    assert_eq!(window.cursor(), Cursor::At(Revision(0)));
    window.goes_to("newest");
    assert_eq!(window.cursor(), Cursor::Live);
    window.goes_to("1970-01-01T00:00:00.5Z");
    assert_eq!(window.cursor(), Cursor::At(Revision(0)));
    window.goes_to("invoice-7");
    assert_eq!(window.app.opened().unwrap().stream().as_str(), "invoice-7");
    window.goes_to("7f3c");
    assert_eq!(window.app.opened().unwrap().stream().as_str(), "7f3c", "to the byte");
}

#[test]
fn a_full_queue_loses_nothing_that_was_typed() {
    let mut window = Window::opened(&[CREATED]);
    window.does([Intent::Command(CommandIntent::Form(1))]);
    for effect in window.app.apply(Intent::Command(CommandIntent::Append)) {
        assert!(window.app.dock().in_flight().is_none(), "under way only once it was taken");
        if let Effect::Append(write) = effect {
            window.app.sent(*write, false);
        }
    }
    assert!(window.app.dock().in_flight().is_none());
    assert_eq!(window.app.typed(1, 0), "a");
    assert!(matches!(window.app.dock().outcome(), Some(Outcome::NotSent(_))));
}

#[test]
fn an_opened_stream_hears_that_it_was_deleted_and_recreated() {
    let mut window = Window::opened(&[CREATED]);
    window.app.absorb(Update::Rows(vec![StreamRow {
        presence: Presence::Deleted,
        ..row("order-a", "paid", "1", 0)
    }]));
    assert_eq!(window.app.opened().unwrap().life(), &Life::SoftDeleted);
    let before = window.app.goal().opened;
    window.app.absorb(Update::Rows(vec![row("order-a", "unpaid", "1", 0)]));
    assert_ne!(window.app.goal().opened, before, "it is read anew");
    window.app.absorb(Update::Rows(vec![StreamRow {
        presence: Presence::Tombstoned,
        ..row("order-a", "paid", "1", 0)
    }]));
    assert_eq!(window.app.opened().unwrap().life(), &Life::Tombstoned);
}

#[test]
fn a_time_leads_to_the_last_event_stored_until_then_even_where_a_clock_went_backwards() {
    let mut window = Window::online();
    let ticket = window.select("order-a");
    let stored = |revision: u64, seconds: i64| {
        let mut record = record(revision, "Note", "{}");
        record.created = Created(seconds * 10_000_000);
        record
    };
    let records: Vec<_> = (0..).zip([10, 30, 20, 40, 5, 50]).map(|(r, at)| stored(r, at)).collect();
    window.records(ticket, &records);
    window.app.absorb(Update::Life { ticket, life: Life::Live, last: None });
    for (time, revision) in [("00:00:50", 5), ("00:00:49", 4), ("00:00:25", 4), ("00:00:05", 4)] {
        window.goes_to(&format!("1970-01-01T{time}Z"));
        assert_eq!(window.cursor(), Cursor::At(Revision(revision)), "{time}");
    }
    window.goes_to("1970-01-01T00:00:04Z");
    assert_eq!(window.cursor(), Cursor::Origin);
}

#[test]
fn a_notice_goes_by_itself_and_later_the_longer_it_is() {
    let mut window = Window::opened(&[CREATED]);
    window.does([Intent::View(ViewIntent::CopyData)]);
    let left = window.app.notice().unwrap().left().unwrap();
    assert_eq!(left, Duration::from_millis(6_000 + 60 * 24));
    window.app.apply(Intent::View(ViewIntent::TimePassed(left.mul_f64(0.5))));
    assert!(window.app.notice().is_some(), "half of the time");
    window.app.apply(Intent::View(ViewIntent::TimePassed(left.mul_f64(0.6))));
    assert!(window.app.notice().is_none());
}

#[test]
fn a_notice_goes_with_the_next_action_and_a_failure_stays() {
    let mut window = Window::opened(&[CREATED]);
    window.does([Intent::View(ViewIntent::CopyData), Intent::Time(TimeIntent::Tick(0.1))]);
    assert!(window.app.notice().is_some(), "time is no action");
    window.does([Intent::Time(TimeIntent::Step(-1))]);
    assert!(window.app.notice().is_none());
    window.app.answer(Answer::Reset(Err(Failure::Sandbox(SandboxFault::NotReset("a test".into())))));
    window.app.apply(Intent::View(ViewIntent::TimePassed(Duration::from_hours(1))));
    window.does([Intent::Time(TimeIntent::Step(1))]);
    assert!(window.app.notice().is_some());
    window.does([Intent::View(ViewIntent::DismissNotice)]);
    assert!(window.app.notice().is_none());
}

#[test]
fn all_streams_are_not_opened_as_one_whatever_the_way() {
    let mut window = Window::opened(&[CREATED]);
    for by_palette in [false, true] {
        if by_palette {
            window.goes_to("$all");
        } else {
            window.does([Intent::List(ListIntent::Select(StreamName::new("$all")))]);
        }
        assert!(window.said().contains("$all is every stream"));
        assert_eq!(window.app.opened().unwrap().stream().as_str(), "order-a");
    }
}

#[test]
fn the_form_names_an_order_to_the_byte() {
    for id in ["lead", " lead", "a b", "", "line\nbreak", &"x".repeat(300)] {
        let mut window = Window::online();
        let ticket = window.select(&format!("order-{id}"));
        let data = serde_json::json!({"OrderID": id, "UserID": "u", "Total": 1}).to_string();
        window.records(ticket, &[record(0, "OrderCreated", &data)]);
        window.app.absorb(Update::Life { ticket, life: Life::Live, last: None });
        let effects =
            window.does([Intent::Command(CommandIntent::Form(1)), Intent::Command(CommandIntent::Append)]);
        let (_, append) = sent(&effects).unwrap();
        assert_eq!(append.stream.as_str(), format!("order-{id}"));
    }
    let mut window = Window::online();
    window.does([
        Intent::Command(CommandIntent::Form(1)),
        Intent::Command(CommandIntent::Field(1, 0, " lead".into())),
        Intent::Command(CommandIntent::Append),
    ]);
    assert_eq!(window.app.goal().opened.unwrap().1.as_str(), "order- lead", "it is read first");
    let mut window = Window::online();
    window
        .app
        .absorb(Update::Rows(vec![row("order- lead", "paid", "1", 0), row("order-lead", "paid", "1", 0)]));
    window.goes_to(" lead");
    assert_eq!(window.app.goal().opened.unwrap().1.as_str(), "order- lead");
}

#[test]
fn a_new_order_is_not_trimmed_into_another() {
    let mut window = Window::online();
    let typed = [
        Intent::Command(CommandIntent::Field(0, 0, "u".into())),
        Intent::Command(CommandIntent::Field(0, 1, "1".into())),
        Intent::Command(CommandIntent::Field(0, 2, " lead".into())),
    ];
    window.does(typed);
    assert!(sent(&window.does([Intent::Command(CommandIntent::Append)])).is_none());
    assert!(matches!(window.app.dock().outcome(), Some(Outcome::Invalid(text)) if text.contains("space")));
}

#[test]
fn a_stream_of_another_database_stays_and_the_list_is_not_touched_by_it() {
    let mut window = Window::opened(&[CREATED]);
    let ticket = window.app.opened().unwrap().ticket();
    window.app.absorb(Update::Rows(vec![row("order-b", "paid", "1", 0)]));
    window.app.absorb(Update::FormerStream { ticket });
    assert!(window.app.opened().unwrap().is_former());
    assert_eq!((window.app.list().len(), window.app.goal().opened), (1, None), "it is no longer followed");
    // Late words about a stream that is not open any more.
    window.select("order-b");
    window.app.absorb(Update::FormerStream { ticket });
    assert!(!window.app.opened().unwrap().is_former());
    // Of one that is still being read nothing is of the former database.
    window.app.absorb(Update::AnotherDatabase);
    assert!(window.app.goal().opened.is_some() && window.app.list().is_empty());
}

#[test]
fn a_connection_test_grows_and_a_later_one_or_a_closed_dialog_forgets_it() {
    use hindsight::store::{Diagnosis, Fact, Finding, Step, StepKind};
    let step = |kind| {
        let (node, finding) = ("h:1".into(), Finding::Passed(Fact::Answers));
        Some(Box::new(Step { node, kind, took: None, finding, certificate: None, changes: Vec::new() }))
    };
    let mut window = Window::online();
    window.does([Intent::View(ViewIntent::Open(Dialog::Connect))]);
    let mut asked = || match &window.app.apply(Intent::View(ViewIntent::Probe("esdb://h:1".into())))[..] {
        [Effect::Probe(number, string, category)] => {
            assert_eq!((string.hosts().as_str(), category.as_str()), ("h:1", "order"));
            *number
        }
        other => panic!("{other:?}"),
    };
    let (first, second) = (asked(), asked());
    for (number, kind) in [(first, StepKind::Name), (second, StepKind::Tcp), (second, StepKind::Name)] {
        window.app.answer(Answer::Step(number, step(kind)));
    }
    let kinds = |app: &App| -> Vec<_> {
        app.probe().diagnosis().into_iter().flat_map(Diagnosis::steps).map(|step| step.kind).collect()
    };
    assert_eq!(kinds(&window.app), [StepKind::Name, StepKind::Tcp], "in order, and of the second alone");
    window.app.answer(Answer::Step(first, None));
    assert!(window.app.probe().is_running());
    window.app.answer(Answer::Step(second, None));
    assert!(!window.app.probe().is_running() && kinds(&window.app).len() == 2);
    window.does([Intent::View(ViewIntent::CloseDialog)]);
    window.app.answer(Answer::Step(second, step(StepKind::Tls)));
    assert!(window.app.probe().diagnosis().is_none());
}

#[test]
fn reading_is_stopped_and_goes_on_and_nothing_is_decided_meanwhile() {
    let mut window = Window::online();
    let ticket = window.select("order-a");
    let created = r#"{"OrderID":"a","UserID":"u","Total":99.90}"#;
    window.records(ticket, &[record(0, "OrderCreated", created)]);
    assert_eq!(window.app.why_not(Action::ReadOn), Some("No reading was stopped"));
    window.app.apply(Action::StopReading.intent().unwrap());
    assert!(window.app.goal().stopped && window.app.opened().unwrap().is_stopped());
    assert_eq!(window.app.goal().opened.map(|(ticket, _)| ticket), Some(ticket), "what was read stays");
    window.app.apply(Intent::Command(CommandIntent::Form(1)));
    assert_eq!(window.app.preview().decision, Decision::Stopped);
    window.app.apply(Action::ReadOn.intent().unwrap());
    assert!(!window.app.goal().stopped);
    window.app.absorb(Update::Life { ticket, life: Life::Live, last: None });
    window.app.apply(Action::StopReading.intent().unwrap());
    assert!(!window.app.goal().stopped, "it was read to its end");
    assert!(matches!(window.app.preview().decision, Decision::Accepted(_)));
}
