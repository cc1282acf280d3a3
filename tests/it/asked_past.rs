//! What is asked of a history, against the plain way to answer it: turns of a condition, changes of a field, two states.

use crate::history::record;
use hindsight::aggregate::script::{Definition, Folds, Script};
use hindsight::aggregate::{Condition, EventFacts, Registry, Value, leaves};
use hindsight::history::{
    ChunkBuilder, FieldChange, FieldSign, Mark, Timeline, Turns, compare_states, field_changes, field_values,
    judge,
};
use hindsight::record::{Record, StreamName};
use proptest::prelude::*;
use std::sync::Arc;

/// Events of an order and of accounts: good ones, repeated names, and every kind of trouble.
const EVENTS: [(&str, &str); 20] = [
    ("OrderCreated", r#"{"OrderID":"a","UserID":"u","Total":99.90}"#),
    ("OrderCreated", r#"{"OrderID":"a","UserID":"v","Total":1}"#),
    ("OrderPaid", r#"{"OrderID":"a"}"#),
    ("OrderPaid", r#"{"OrderID":"b"}"#),
    ("OrderPaid", "{}"),
    ("OrderPaid", "no json"),
    ("OrderPaid", r#"{"OrderID":7}"#),
    ("OrderNoteAdded", r#"{"Note":"x"}"#),
    ("Set", r#"{"Total":5}"#),
    ("Set", r#"{"Total":100}"#),
    ("Set", r#"{"Total":100.0,"Paid":true}"#),
    ("Set", r#"{"Total":1,"Total":100}"#),
    ("Set", r#"{"Total":100,"Total":1,"Total":100}"#),
    ("Set", r#"{"Paid":false}"#),
    ("Set", r#"{"Paid":{"at":1}}"#),
    ("Set", r#"{"Paid":{"at":2,"by":"x"}}"#),
    ("Set", r#"{"Paid":{},"Total":"7"}"#),
    ("Set", r#"{"Paid":[1],"Paid":{"at":1},"Paid":[1]}"#),
    ("Set", "[1]"),
    ("Set", ""),
];

const CONDITIONS: [&str; 14] = [
    "Paid",
    "!Paid",
    "Total > 50",
    "Paid && Total > 50",
    "Total == 100",
    "Paid.at exists",
    "exists(Total)",
    "changed(Total)",
    "changed(Paid) || Total == 5",
    "problem",
    "!problem && Total > 50",
    "event is OrderPaid",
    "event is Set && changed(Paid.at)",
    "Missing exists",
];
const FIELDS: [&str; 6] = ["Total", "Paid", "Paid.at", "Paid.by", "UserID", "Missing"];

fn events() -> impl Strategy<Value = (Vec<Record>, &'static str)> {
    let places = prop::collection::vec((0..EVENTS.len(), 1_u64..3), 0..300);
    (places, 0_u64..3, prop::sample::select(vec!["order-a", "account-1"])).prop_map(
        |(places, first, stream)| {
            let mut revision = first.saturating_sub(1);
            let records = places.into_iter().map(|(place, gap)| {
                let (event_type, data) = EVENTS[place];
                let mut made = record(revision, event_type, data);
                made.stream = StreamName::new(stream);
                made.declared_json = data != "no json";
                // Events that are gone leave gaps.
                revision += if gap == 2 { 2 } else { 1 };
                made
            });
            (records.collect(), stream)
        },
    )
}

/// Folded elsewhere, in chunks of some size.
fn timeline(records: &[Record], stream: &str, batch: usize) -> Timeline {
    let stream = StreamName::new(stream);
    let aggregate = Registry::default().for_stream(&stream).clone();
    let mut builder = ChunkBuilder::new(aggregate.clone(), stream.clone());
    let mut timeline = Timeline::new(aggregate, stream);
    for batch in records.chunks(batch.max(1)) {
        builder.chunks(batch).into_iter().for_each(|chunk| timeline.append(chunk));
    }
    timeline
}

/// After each record by itself.
fn plain_turns(timeline: &Timeline, condition: &Condition) -> Vec<(usize, bool)> {
    let (mut turns, mut held) = (Vec::new(), false);
    for index in 0..timeline.len() {
        let frame = timeline.frame(Some(index));
        let changed: Vec<Arc<str>> = frame.changes.iter().map(|change| change.field.clone()).collect();
        let record = timeline.get(index).unwrap();
        let facts = EventFacts {
            event_type: record.event_type,
            is_problem: frame.mark == Some(Mark::Problem),
            changed: &changed,
        };
        let holds = condition.holds_after(&**timeline.aggregate(), &frame.after, &facts);
        if holds != held {
            turns.push((index, holds));
        }
        held = holds;
    }
    turns
}

fn all(turns: &Turns) -> Vec<(usize, bool)> {
    (0..turns.len()).filter_map(|place| turns.get(place)).collect()
}

fn token(timeline: &Timeline, index: Option<usize>, field: &str) -> Option<Arc<str>> {
    let fields = timeline.aggregate().fields(&timeline.state_at(index)).unwrap_or_default();
    leaves(&fields).into_iter().find(|(path, _)| ***path == *field).map(|(_, token)| token.clone())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn turns_are_those_of_a_plain_scan((records, stream) in events(), batch in 1_usize..90, pieces in 1_usize..5) {
        let whole = timeline(&records, stream, batch);
        let part = timeline(&records[..records.len() / 2], stream, batch);
        for text in CONDITIONS {
            let condition = Condition::parse(text).unwrap();
            let expected = plain_turns(&whole, &condition);
            let mut turns = Turns::default();
            // Judged in pieces, on a history that grows meanwhile.
            for timeline in [&part, &whole] {
                while turns.judged() < timeline.len() {
                    let segment = timeline.segment(turns.judged()..timeline.len());
                    let mut left = pieces;
                    let mut may_go_on = || { left -= 1; left > 0 };
                    let judged = judge(&segment, &condition, turns.judged(), turns.holds(), &mut may_go_on);
                    prop_assert!(judged.records.end > turns.judged());
                    turns.extend(judged);
                }
            }
            prop_assert_eq!(all(&turns), expected.clone(), "{}", text);
            for index in 0..whole.len() {
                let holds = expected.iter().rfind(|(at, _)| *at <= index).is_some_and(|(_, holds)| *holds);
                prop_assert_eq!(turns.holds_at(index), Some(holds), "{} at {}", text, index);
                let turn = expected.iter().find(|(at, _)| *at == index).map(|(_, to)| *to);
                prop_assert_eq!(turns.turn_at(index), turn);
                let next = turns.place_after(Some(index)).and_then(|place| turns.get(place));
                prop_assert_eq!(next, expected.iter().find(|(at, _)| *at > index).copied());
                let before = turns.place_before(index).and_then(|place| turns.get(place));
                prop_assert_eq!(before, expected.iter().rfind(|(at, _)| *at < index).copied());
                prop_assert_eq!(turns.holds_within(index..index + 1), holds);
            }
            prop_assert_eq!(turns.times_true(), expected.iter().filter(|(_, to)| *to).count());
        }
    }

    #[test]
    fn a_field_changed_where_a_plain_diff_says_so((records, stream) in events(), batch in 1_usize..90) {
        let whole = timeline(&records, stream, batch);
        let half = records.len() / 2;
        let part = timeline(&records[..half], stream, batch);
        for field in FIELDS {
            let before = |index: usize| token(&whole, index.checked_sub(1), field);
            let change = |index: usize| FieldChange { before: before(index), after: token(&whole, Some(index), field) };
            let changes: Vec<_> = (0..whole.len()).map(|index| (u32::try_from(index).unwrap(), change(index))).collect();
            let expected: Vec<_> = changes.into_iter().filter(|(_, change)| change.before != change.after).collect();
            let mut found = field_changes(&part.segment(0..part.len()), field, 0).changed;
            let rest = field_changes(&whole.segment(half..whole.len()), field, half);
            prop_assert_eq!(rest.records, half..whole.len());
            found.extend(rest.changed);
            prop_assert_eq!(&found, &expected.iter().map(|(at, _)| *at).collect::<Vec<_>>(), "{}", field);
            if let (Some(&first), Some(&last)) = (found.first(), found.last()) {
                let segment = whole.segment(first as usize..last as usize + 1);
                prop_assert_eq!(field_values(&segment, field, &found), expected, "{}", field);
            }
        }
    }

    #[test]
    fn comparing_is_symmetric((records, stream) in events(), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let timeline = timeline(&records, stream, 40);
        let fields = |at: prop::sample::Index| {
            let index = Some(at.index(timeline.len() + 1)).and_then(|at| at.checked_sub(1));
            timeline.aggregate().fields(&timeline.state_at(index)).unwrap_or_default()
        };
        let (a, b) = (fields(a), fields(b));
        let shown = |rows: Vec<hindsight::history::ComparedField>, mirrored: bool| {
            let mut all: Vec<_> = rows.into_iter().map(|row| {
                let sign = match row.sign() {
                    FieldSign::OnlyLeft if mirrored => FieldSign::OnlyRight,
                    FieldSign::OnlyRight if mirrored => FieldSign::OnlyLeft,
                    sign => sign,
                };
                let (left, right) = if mirrored { (row.right, row.left) } else { (row.left, row.right) };
                (row.path, left, right, format!("{sign:?}"))
            }).collect();
            all.sort();
            all
        };
        let one = shown(compare_states(&a, &b), false);
        prop_assert_eq!(&one, &shown(compare_states(&b, &a), true));
        // Every field of both is there once.
        let mut paths: Vec<_> = leaves(&a).into_iter().chain(leaves(&b)).map(|(path, _)| path.clone()).collect();
        paths.sort();
        paths.dedup();
        prop_assert_eq!(paths, one.into_iter().map(|(path, ..)| path).collect::<Vec<_>>());
    }

    #[test]
    fn types_between_two_revisions_are_counted((records, stream) in events(), a in any::<prop::sample::Index>(), b in any::<prop::sample::Index>()) {
        let timeline = timeline(&records, stream, 40);
        let (a, b) = (a.index(records.len() + 1), b.index(records.len() + 1));
        let (from, to) = (a.min(b), a.max(b));
        let (types, others) = timeline.density().types_between(from, to);
        prop_assert_eq!(others, 0);
        prop_assert_eq!(types.iter().map(|(_, count)| count).sum::<usize>(), to - from);
        for (event_type, count) in types {
            let same = |index: &usize| **timeline.get(*index).unwrap().event_type == **event_type;
            prop_assert_eq!((from..to).filter(same).count(), count);
            prop_assert_eq!(timeline.density().first_of_type(event_type, from), (from..to).find(same));
        }
    }
}

/// The order of the README as a definition, so that each state is a text that the engine made.
#[test]
fn a_definition_is_asked_as_its_own_states_say() {
    let text = r#"fromCategory("order").foreachStream().when({
        $init() { return { Total: 0, Paid: false, o: {} }; },
        OrderCreated(s, e) { s.Total = e.data.Total; s.o = { user: e.data.UserID }; return s; },
        OrderPaid(s, e) { if (!e.data.OrderID) throw new Error("no id"); s.Paid = !s.Paid; s.o.n = (s.o.n || 0) + 1; return s; },
    })"#;
    let script = Script { file: "order.js".into(), text: text.into() };
    let definition = Definition::read(script).unwrap();
    let Folds::Streams(_, aggregate) = definition.folds() else { panic!("it folds streams") };
    let stream = StreamName::new("order-a");
    let mut builder = ChunkBuilder::new(aggregate.clone(), stream.clone());
    let mut timeline = Timeline::new(aggregate.clone(), stream);
    let records: Vec<_> = (0..120_u64)
        .map(|revision| {
            let (event_type, data) = EVENTS[usize::try_from(revision * 7 % 8).unwrap()];
            record(revision, event_type, data)
        })
        .collect();
    for batch in records.chunks(17) {
        builder.chunks(batch).into_iter().for_each(|chunk| timeline.append(chunk));
    }
    for text in ["Paid", "Total > 50", "o.n >= 3 && !problem", "changed(o)", "o.user == v", "problem"] {
        let condition = Condition::parse(text).unwrap();
        let mut turns = Turns::default();
        let segment = timeline.segment(0..timeline.len());
        turns.extend(judge(&segment, &condition, 0, false, &mut || true));
        assert_eq!(all(&turns), plain_turns(&timeline, &condition), "{text}");
        assert!(!turns.is_empty(), "{text}");
    }
}

#[test]
fn an_object_in_a_state_is_compared_field_by_field() {
    let state = |data: &str| {
        let records =
            [record(0, "Set", data)].map(|record| Record { stream: StreamName::new("account-1"), ..record });
        let timeline = timeline(&records, "account-1", 1);
        timeline.aggregate().fields(timeline.head()).unwrap()
    };
    let (left, right) = (state(r#"{"a":1.50,"o":{"x":1,"y":2}}"#), state(r#"{"o":{"x":1,"z":3},"a":1.5}"#));
    assert!(matches!(&right[0].value, Value::Object(_)));
    let rows: Vec<_> =
        compare_states(&left, &right).iter().map(|row| format!("{} {:?}", row.path, row.sign())).collect();
    assert_eq!(rows, ["o.x Same", "o.z OnlyRight", "a Changed", "o.y OnlyLeft"]);
}
