//! The command dock: what was typed of each aggregate, what a conflict was about, and streams that take no events.

use crate::app::{CREATED, PAID, Window, sent};
use crate::history::{empty, record};
use hindsight::aggregate::order::OrderAggregate;
use hindsight::aggregate::{
    Aggregate, Applied, Command, CommandForm, Field, InputError, NewEvent, Refusal, Registry, Schema, State,
    Status,
};
use hindsight::app::{App, CommandIntent, Decision, Intent, ListIntent, Outcome, Settings};
use hindsight::decision::{Conflict, Declined, Expected, StaleWrite};
use hindsight::history::Timeline;
use hindsight::record::{RecordRef, Revision, StreamName};
use hindsight::store::{AppendError, Life, Target, Update};
use std::sync::Arc;

/// An order by another name.
#[derive(Debug)]
struct Parcel {
    order: OrderAggregate,
    schema: Schema,
}

impl Default for Parcel {
    fn default() -> Self {
        let order = OrderAggregate::default();
        let schema = Schema { category: "parcel".into(), ..order.schema().clone() };
        Self { order, schema }
    }
}

impl Aggregate for Parcel {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn initial(&self, stream: &StreamName) -> State {
        self.order.initial(stream)
    }

    fn truncated(&self, stream: &StreamName) -> State {
        self.order.truncated(stream)
    }

    fn is_known(&self, state: &State) -> bool {
        self.order.is_known(state)
    }

    fn apply(&self, state: &mut State, event: RecordRef<'_>, changed: &mut Vec<Arc<str>>) -> Applied {
        self.order.apply(state, event, changed)
    }

    fn fields(&self, state: &State) -> Option<Vec<Field>> {
        self.order.fields(state)
    }

    fn size(&self, state: &State) -> usize {
        self.order.size(state)
    }

    fn status(&self, state: &State) -> Option<Arc<Status>> {
        self.order.status(state)
    }

    fn command(&self, form: &CommandForm, texts: &[&str], fresh_id: &str) -> Result<Command, InputError> {
        self.order.command(form, texts, fresh_id)
    }

    fn decide(&self, state: &State, command: &Command) -> Result<Vec<NewEvent>, Refusal> {
        self.order.decide(state, command)
    }
}

#[test]
fn what_is_typed_stays_with_its_aggregate_and_its_command() {
    let mut registry = Registry::default();
    registry.define(Arc::new(Parcel::default()));
    let mut app = App::with_aggregates(registry, Target::Sandbox, "order", Settings::default());
    let field = |form, field, text: &str| Intent::Command(CommandIntent::Field(form, field, text.into()));
    let list = |category: &str| Intent::List(ListIntent::Category(category.into()));
    let select = |stream: &str| Intent::List(ListIntent::Select(StreamName::new(stream)));
    app.apply(field(0, 0, "Zoë"));
    app.apply(field(1, 0, "of-order"));
    app.apply(list("parcel"));
    assert_eq!((app.typed(0, 0), app.typed(1, 0)), ("", ""), "nothing was typed for a parcel");
    app.apply(field(0, 0, "Bob"));
    app.apply(Intent::Command(CommandIntent::Form(1)));
    app.apply(list("order"));
    assert_eq!((app.typed(0, 0), app.typed(1, 0), app.form_at()), ("Zoë", "of-order", 0));
    // A stream that is open counts more than the category that is listed.
    app.apply(select("parcel-p"));
    assert_eq!((app.typed(0, 0), app.typed(1, 0), app.form_at()), ("Bob", "p", 1));
    app.apply(select("order-o"));
    assert_eq!((app.typed(0, 0), app.typed(1, 0), app.form_at()), ("Zoë", "o", 0));
}

fn timeline(notes: u64) -> Timeline {
    let mut timeline = empty("order-a");
    assert!(timeline.push(record(0, CREATED.0, CREATED.1)));
    for revision in 1..=notes {
        assert!(timeline.push(record(revision, "OrderNoteAdded", "{}")));
    }
    assert!(timeline.push(record(notes + 1, PAID.0, PAID.1)));
    timeline
}

fn revisions(conflict: &Conflict) -> Vec<u64> {
    conflict.since.iter().flatten().map(|since| since.revision.0).collect()
}

#[test]
fn a_conflict_tells_what_was_appended_since_and_what_that_changed() {
    let stale =
        |expected, actual| StaleWrite { decided_at: Some(Revision(1)), expected, actual: Some(actual) };
    let timeline = timeline(1);
    let conflict = stale(Expected::Exact(Revision(0)), Revision(2)).conflict(Some(&timeline), || None);
    assert_eq!((conflict.decided_at, revisions(&conflict)), (Some(Revision(1)), vec![1, 2]));
    let since = conflict.since.unwrap();
    assert!(since[0].changes.is_empty(), "a note is not folded");
    let paid = &since[1].changes[0];
    assert_eq!((&*paid.field, paid.after.as_deref()), ("Paid", Some("true")));
    let told = |expected| revisions(&stale(expected, Revision(2)).conflict(Some(&timeline), || None));
    assert_eq!(told(Expected::NoStream), [0, 1, 2]);
    assert_eq!(told(Expected::StreamExists), [2], "since the revision decided at");
}

#[test]
fn a_conflict_tells_nothing_before_it_was_read_and_the_newest_four_of_many() {
    let stale = StaleWrite {
        decided_at: Some(Revision(0)),
        expected: Expected::Exact(Revision(0)),
        actual: Some(Revision(9)),
    };
    for unread in [None, Some(&timeline(3))] {
        let conflict = stale.conflict(unread, || panic!("nothing is decided on what is not read"));
        assert_eq!((conflict.since, conflict.now), (None, None));
    }
    let refused = Declined::Tombstoned;
    let conflict = stale.conflict(Some(&timeline(8)), || Some(Err(refused.clone())));
    assert_eq!((revisions(&conflict), conflict.now), (vec![6, 7, 8, 9], Some(Err(refused))));
}

#[test]
fn the_conflict_of_a_write_decides_its_command_on_what_is_there_now() {
    let mut window = Window::opened(&[CREATED]);
    let effects =
        window.does([Intent::Command(CommandIntent::Form(1)), Intent::Command(CommandIntent::Append)]);
    let (ticket, _) = sent(&effects).unwrap();
    assert!(window.app.conflict().is_none());
    let error = AppendError::Conflict { expected: Expected::Exact(Revision(0)), actual: Some(Revision(1)) };
    window.app.absorb(Update::Appended { ticket, result: Err(error) });
    assert_eq!(window.app.conflict().unwrap().since, None, "it is read first");
    let ticket = window.app.opened().unwrap().ticket();
    window.records(ticket, &[record(1, "OrderNoteAdded", "{}")]);
    let conflict = window.app.conflict().unwrap();
    let now = conflict.now.as_ref().unwrap().as_ref().unwrap();
    assert_eq!((revisions(conflict), now.expected), (vec![1], Expected::Exact(Revision(1))));
    window.records(ticket, &[record(2, PAID.0, PAID.1)]);
    let conflict = window.app.conflict().unwrap();
    assert!(matches!(conflict.now, Some(Err(Declined::Refused(_)))));
    window.does([Intent::Command(CommandIntent::DecideAgain)]);
    assert!(window.app.conflict().is_none());
}

#[test]
fn a_stream_that_takes_no_events_declines_before_the_aggregate_is_asked() {
    let mut window = Window::opened(&[CREATED]);
    let ticket = window.app.opened().unwrap().ticket();
    window.app.absorb(Update::Life { ticket, life: Life::Tombstoned, last: None });
    declines(&mut window, &Declined::Tombstoned);
    let mut window = Window::opened(&[("$>", "0@order-x")]);
    declines(&mut window, &Declined::Derived);
}

#[track_caller]
fn declines(window: &mut Window, why: &Declined) {
    window.does([Intent::Command(CommandIntent::Form(1))]);
    assert!(matches!(&window.app.preview().decision, Decision::Declined(declined) if declined == why));
    assert!(sent(&window.does([Intent::Command(CommandIntent::Append)])).is_none());
    assert_eq!(window.app.dock().outcome(), Some(&Outcome::Declined(why.clone())));
}
