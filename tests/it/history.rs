//! Time travel against the plain fold.

use hindsight::aggregate::{Applied, Registry, State, Value};
use hindsight::history::{ChunkBuilder, Cursor, Mark, Timeline};
use hindsight::record::{Created, Position, Record, Revision, StreamName};
use proptest::prelude::*;
use uuid::Uuid;

pub fn record(revision: u64, event_type: &str, data: &str) -> Record {
    Record {
        stream: StreamName::new("order-a"),
        revision: Revision(revision),
        id: Uuid::from_u128(u128::from(revision)),
        event_type: event_type.into(),
        created: Created(i64::try_from(revision).unwrap() * 10_000_000),
        position: Position { commit: revision + 1, prepare: revision + 1 },
        declared_json: true,
        data: data.as_bytes().into(),
        metadata: Box::default(),
        target: None,
    }
}

pub fn empty(stream: &str) -> Timeline {
    let stream = StreamName::new(stream);
    Timeline::new(Registry::default().for_stream(&stream).clone(), stream)
}

/// A state as its fields show it.
fn shown(timeline: &Timeline, state: &State) -> String {
    format!("{:?} {}", timeline.aggregate().fields(state), timeline.aggregate().is_known(state))
}

fn timeline(records: impl IntoIterator<Item = Record>) -> Timeline {
    let mut timeline = empty("order-a");
    records.into_iter().for_each(|record| assert!(timeline.push(record)));
    timeline
}

fn created(revision: u64) -> Record {
    record(revision, "OrderCreated", r#"{"OrderID":"a","UserID":"u","Total":99.90}"#)
}

fn paid(revision: u64) -> Record {
    record(revision, "OrderPaid", r#"{"OrderID":"a"}"#)
}

/// What a window can see of a timeline, at every place.
fn seen(timeline: &Timeline) -> Vec<String> {
    let places = std::iter::once(None).chain((0..timeline.len()).map(Some));
    let seen = |at: Option<usize>| {
        let frame = timeline.frame(at);
        let setters: Vec<_> = ["ID", "Paid", "owner"].map(|field| timeline.setter(field, at)).into();
        format!("{:?} {:?} {:?} {:?} {setters:?}", frame.fields, frame.changes, frame.mark, frame.problem)
    };
    places.map(seen).collect()
}

#[test]
fn a_timeline_of_chunks_folded_elsewhere_is_the_one_of_records_pushed_one_by_one() {
    for (stream, first) in [("order-a", 0), ("order-a", 3), ("account-1", 0)] {
        let events = (first..first + 400).map(|revision| match revision {
            0 => created(0),
            n if n % 7 == 0 => paid(n),
            n if n % 5 == 0 => record(n, "Renamed", &format!(r#"{{"owner":"o{n}","f{n}":{n}}}"#)),
            n => record(n, "OrderPaid", "not json"),
        });
        let events: Vec<Record> = events.collect();
        let mut pushed = empty(stream);
        for record in &events {
            assert!(pushed.push(record.clone()));
        }
        let name = StreamName::new(stream);
        let mut builder = ChunkBuilder::new(Registry::default().for_stream(&name).clone(), name);
        let mut chunked = empty(stream);
        for batch in events.chunks(37) {
            // A record that comes twice is left out.
            let again = events.first().cloned().into_iter();
            let batch: Vec<_> = again.chain(batch.iter().cloned()).collect();
            builder.chunks(&batch).into_iter().for_each(|chunk| chunked.append(chunk));
        }
        assert_eq!(chunked.len(), events.len());
        assert_eq!(seen(&chunked), seen(&pushed), "{stream} from {first}");
        assert_eq!(shown(&chunked, chunked.head()), shown(&pushed, pushed.head()));
        // A timeline of chunks goes on record by record.
        assert!(chunked.push(record(900, "Renamed", r#"{"owner":"last"}"#)));
        assert!(pushed.push(record(900, "Renamed", r#"{"owner":"last"}"#)));
        assert_eq!(seen(&chunked), seen(&pushed));
    }
}

#[test]
fn a_frame_says_what_changed_and_who_set_it() {
    let timeline = timeline([created(0), record(1, "OrderNoteAdded", "{}"), paid(2)]);
    let frame = timeline.frame(Some(2));
    assert_eq!(frame.changes.len(), 1);
    assert_eq!(&*frame.changes[0].field, "Paid");
    assert_eq!(frame.changes[0].before.as_deref(), Some("false"));
    assert_eq!(frame.changes[0].after.as_deref(), Some("true"));
    assert_eq!(timeline.setter("Paid", Some(2)), Some(2));
    assert_eq!(timeline.setter("Paid", Some(1)), Some(0));
    assert_eq!(timeline.setter("Total", Some(2)), Some(0));
    assert_eq!(timeline.mark(1), Some(Mark::NotFolded));
    assert_eq!(timeline.frame(Some(0)).fields.unwrap()[2].value, Value::Token("99.90".into()));
}

#[test]
fn a_problem_names_the_revision_it_contradicts() {
    let timeline = timeline([created(0), paid(1), paid(2)]);
    let text = timeline.problem_text(2).unwrap();
    assert_eq!(
        text,
        "OrderPaid, but the order was already paid at revision 1. The state stays as it was after revision 1."
    );
    assert_eq!(
        shown(&timeline, &timeline.frame(Some(2)).after),
        shown(&timeline, &timeline.frame(Some(1)).after)
    );
}

#[test]
fn a_repeat_changes_nothing() {
    let mut timeline = timeline([created(0), paid(1)]);
    assert!(!timeline.push(paid(1)));
    assert_eq!(timeline.len(), 2);
    assert_eq!(timeline.density().problem_after(None), None);
}

#[test]
fn the_cursor_stays_between_before_the_first_and_the_last() {
    let timeline = timeline([created(7), paid(8)]);
    assert_eq!(Cursor::At(Revision(7)).step(&timeline, -1), Cursor::Origin);
    assert_eq!(Cursor::Origin.step(&timeline, -1), Cursor::Origin);
    assert_eq!(Cursor::Origin.step(&timeline, 1), Cursor::At(Revision(7)));
    assert_eq!(Cursor::Origin.step(&timeline, i64::MAX), Cursor::At(Revision(8)));
    assert_eq!(Cursor::Live.step(&timeline, 1), Cursor::Live);
    assert_eq!(Cursor::Live.step(&timeline, i64::MIN), Cursor::Origin);
    assert_eq!(Cursor::at_time(&timeline, Created(75_000_000)), Cursor::At(Revision(7)));
    assert_eq!(Cursor::at_time(&timeline, Created(0)), Cursor::Origin);
}

#[test]
fn problems_are_found_in_both_directions() {
    let timeline = timeline([paid(0), created(1), paid(2), paid(3), created(4)]);
    assert_eq!(Cursor::Origin.problem(&timeline, true), Some(Cursor::At(Revision(0))));
    assert_eq!(Cursor::At(Revision(0)).problem(&timeline, true), Some(Cursor::At(Revision(3))));
    assert_eq!(Cursor::At(Revision(4)).problem(&timeline, false), Some(Cursor::At(Revision(3))));
    assert_eq!(Cursor::Live.problem(&timeline, true), None);
    assert_eq!(Cursor::Origin.problem(&timeline, false), None);
}

#[test]
fn an_empty_history_has_a_frame() {
    let timeline = timeline([]);
    let frame = timeline.frame(Some(3));
    assert!(frame.record().is_none() && frame.fields.is_none() && frame.changes.is_empty());
}

fn any_event() -> impl Strategy<Value = (String, String)> {
    let types = prop_oneof![
        3 => Just("OrderPaid".to_owned()),
        3 => Just("OrderCreated".to_owned()),
        1 => "[A-Za-z$]{0,12}"
    ];
    let data = prop_oneof![
        3 => Just(r#"{"OrderID":"a"}"#.to_owned()),
        3 => (0u32..9, "[a-c]").prop_map(|(t, u)| format!(r#"{{"OrderID":"a","UserID":"{u}","Total":{t}.50}}"#)),
        1 => ".{0,40}",
    ];
    (types, data)
}

proptest! {
    #[test]
    fn the_keyframed_frame_equals_the_plain_fold(
        begins in 0u64..2,
        events in prop::collection::vec((any_event(), 1u64..4), 0..300)
    ) {
        let mut revision = begins;
        let records: Vec<Record> = events.iter().map(|((event_type, data), gap)| {
            let this = record(revision, event_type, data);
            revision += gap;
            this
        }).collect();
        let timeline = timeline(records.clone());
        let whole = records.first().is_none_or(|record| record.revision.0 == 0);
        let aggregate = timeline.aggregate();
        let stream = StreamName::new("order-a");
        let mut state = if whole { aggregate.initial(&stream) } else { aggregate.truncated(&stream) };
        for (index, record) in records.iter().enumerate() {
            let frame = timeline.frame(Some(index));
            prop_assert_eq!(shown(&timeline, &frame.before), shown(&timeline, &state));
            let applied = aggregate.apply(&mut state, record.into(), &mut Vec::new());
            let is_problem = matches!(applied, Applied::Problem(_));
            prop_assert_eq!(shown(&timeline, &frame.after), shown(&timeline, &state));
            prop_assert_eq!(shown(&timeline, &timeline.state_at(Some(index))), shown(&timeline, &state));
            prop_assert_eq!(frame.problem.is_some(), is_problem);
            prop_assert_eq!(timeline.index_at(record.revision), Some(index));
        }
        prop_assert_eq!(shown(&timeline, timeline.head()), shown(&timeline, &state));
    }

    #[test]
    fn stepping_there_and_back_again_returns(length in 1u64..200, from in 0u64..200, by in 1i64..50) {
        let timeline = timeline((0..length).map(|r| record(r, "Note", "{}")));
        let start = Cursor::At(Revision(from.min(length - 1)));
        let there = start.step(&timeline, -by);
        if there != Cursor::Origin {
            prop_assert_eq!(there.step(&timeline, by), start);
        }
    }
}
