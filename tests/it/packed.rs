//! Packed histories against the plain fold: any chunking, any budget of kept states.

use crate::history::{empty, record};
use hindsight::aggregate::{Aggregate, Registry, State};
use hindsight::history::{ChunkBuilder, Cursor, Mark, Pack, Replay, Timeline, Unknown, changes};
use hindsight::record::{Created, Position, Record, RecordRef, Revision, StreamName};
use proptest::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

const STREAMS: [&str; 2] = ["order-a", "account-1"];

fn event(kind: u8, value: u8) -> (&'static str, String) {
    match kind {
        0 => ("OrderCreated", format!(r#"{{"OrderID":"a","UserID":"u{value}","Total":{value}.90}}"#)),
        1 => ("OrderPaid", r#"{"OrderID":"a"}"#.to_owned()),
        2 => ("OrderPaid", "no json".to_owned()),
        3 => ("OrderPaid", r#"{"OrderID":"another"}"#.to_owned()),
        4 => ("Renamed", format!(r#"{{"owner":"o{value}","address":{{"city":{value}}}}}"#)),
        5 => ("Grown", format!(r#"{{"f{value}":{value},"big":"{}"}}"#, "x".repeat(usize::from(value) * 40))),
        6 => ("Shrunk", r#"{"address":3}"#.to_owned()),
        _ => ("", String::new()),
    }
}

/// Kind and value, the gap before it, the clock, and how far back its prepare position lies.
type Draw = (u8, u8, u8, i8, u64);

fn records(stream: &str, first: u64, draws: &[Draw]) -> Vec<Record> {
    let (mut revision, mut commit) = (first, 10);
    let record = |&(kind, value, gap, clock, back): &Draw| {
        let (event_type, data) = event(kind, value);
        let at = Record {
            stream: StreamName::new(stream),
            created: Created(i64::try_from(revision).unwrap() * 10 + i64::from(clock)),
            position: Position { commit, prepare: commit.wrapping_sub(back) },
            metadata: if value % 3 == 0 {
                Box::default()
            } else {
                br#"{"$correlationId":"c"}"#.as_slice().into()
            },
            declared_json: value % 5 != 0,
            target: (kind == 6).then(|| Box::new(record(u64::from(value), "Target", "{}"))),
            ..record(revision, event_type, &data)
        };
        revision += 1 + if gap > 250 { u64::from(u32::MAX) } else { u64::from(gap / 100) };
        commit += 1;
        at
    };
    draws.iter().map(record).collect()
}

fn aggregate(stream: &str) -> Arc<dyn Aggregate> {
    Registry::default().for_stream(&StreamName::new(stream)).clone()
}

/// As a reader packs them: one more where the next record does not fit.
fn packs(stream: &str, records: &[Record]) -> Vec<Pack> {
    let mut packs = vec![Pack::new(StreamName::new(stream))];
    for record in records {
        if !packs.last().is_some_and(|pack| pack.takes(record.into())) {
            packs.push(Pack::new(StreamName::new(stream)));
        }
        packs.last_mut().unwrap().push(record.into());
    }
    packs
}

/// The timeline at every place, against states that were all kept.
fn is_the_plain_fold(timeline: &Timeline, stream: &str, records: &[Record]) {
    let aggregate = aggregate(stream);
    let mut replay = Replay::new(aggregate.clone(), StreamName::new(stream));
    if records[0].revision.0 > 0 {
        replay.begins_truncated();
    }
    assert_eq!(timeline.len(), records.len());
    let start = timeline.frame(None);
    assert_eq!(start.fields, aggregate.fields(replay.state()));
    assert!(start.record().is_none());
    let mut setters: HashMap<Arc<str>, usize> = HashMap::new();
    let mut problems = Vec::new();
    for (index, record) in records.iter().enumerate() {
        let before = replay.state().clone();
        let mut changed = Vec::new();
        let (mark, problem) = replay.apply(record, &mut changed).unwrap();
        setters.extend(changed.iter().map(|field| (field.clone(), index)));
        problems.extend(problem.as_ref().map(|_| index));
        let frame = timeline.frame(Some(index));
        assert_eq!(frame.record().map(RecordRef::to_record).as_ref(), Some(record));
        assert_eq!(frame.mark, Some(mark));
        assert_eq!(frame.problem, problem);
        assert_eq!(frame.fields, aggregate.fields(replay.state()), "after {index}");
        assert_eq!(frame.changes, changes(&*aggregate, &before, replay.state()));
        for (field, setter) in &setters {
            assert_eq!(timeline.setter(field, Some(index)), Some(*setter), "{field} at {index}");
        }
        assert_eq!(timeline.index_at(record.revision), Some(index));
        assert_eq!(timeline.mark(index), Some(mark));
    }
    let density = timeline.density();
    let found = std::iter::successors(density.problem_after(None), |&at| density.problem_after(Some(at)));
    assert_eq!(found.collect::<Vec<_>>(), problems);
    let (all, none) = (density.cut_before(records.len()), density.cut_before(0));
    assert_eq!(density.problems_between(none, all), problems.len());
    for index in 0..records.len() {
        let next = problems.iter().find(|&&at| at > index).copied();
        let last = problems.iter().rfind(|&&at| at < index).copied();
        assert_eq!((density.problem_before(index), density.problem_after(Some(index))), (last, next));
        let time = records[index].created;
        let at_time = records.iter().rposition(|record| record.created <= time);
        assert_eq!(Cursor::at_time(timeline, time).index(timeline), at_time);
    }
    let states: Vec<_> = (0..records.len()).map(|at| timeline.state_at(Some(at))).collect();
    for wanted in [0, records.len() / 2, records.len() - 1] {
        let is_wanted = |state: &State| aggregate.fields(state) == aggregate.fields(&states[wanted]);
        let naive = (0..records.len())
            .find(|&at| !timeline.frame(Some(at)).changes.is_empty() && is_wanted(&states[at]));
        assert_eq!(timeline.first_after(None, usize::MAX, is_wanted), Ok(naive));
    }
    assert_eq!(timeline.first_after(None, records.len() - 1, |_| false), Err(Unknown));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_packed_history_is_the_plain_fold(
        draws in prop::collection::vec(
            (0u8..8, any::<u8>(), any::<u8>(), any::<i8>(), prop_oneof![Just(0u64), 0u64..20, any::<u64>()]), 1..300),
        of_order in any::<bool>(),
        first in prop_oneof![Just(0u64), 1u64..9],
        batch in 1usize..90,
        budget in prop_oneof![Just(0usize), 1usize..20_000],
    ) {
        let stream = STREAMS[usize::from(of_order)];
        let records = records(stream, first, &draws);
        let name = StreamName::new(stream);
        let mut builder = ChunkBuilder::new(aggregate(stream), name);
        let mut timeline = empty(stream).with_budget(budget);
        for batch in records.chunks(batch) {
            builder.chunks(batch).into_iter().for_each(|chunk| timeline.append(chunk));
        }
        is_the_plain_fold(&timeline, stream, &records);
    }

    #[test]
    fn packs_are_folded_as_records_are(
        draws in prop::collection::vec((0u8..8, any::<u8>(), any::<u8>(), any::<i8>(), 0u64..20), 1..200),
        of_order in any::<bool>(),
        first in prop_oneof![Just(0u64), 1u64..9],
        batch in 1usize..90,
        again in 0usize..5,
    ) {
        let stream = STREAMS[usize::from(of_order)];
        let records = records(stream, first, &draws);
        let mut builder = ChunkBuilder::new(aggregate(stream), StreamName::new(stream));
        let mut timeline = empty(stream);
        for start in (0..records.len()).step_by(batch) {
            // A pack may begin with records that were folded before.
            let part = &records[start.saturating_sub(again)..records.len().min(start + batch)];
            for pack in packs(stream, part) {
                builder.push_pack(pack).into_iter().for_each(|chunk| timeline.append(chunk));
            }
            builder.finish().into_iter().for_each(|chunk| timeline.append(chunk));
        }
        is_the_plain_fold(&timeline, stream, &records);
    }
}

/// Kept states are spread evenly over all that was read, and their sum stays within the budget.
#[test]
fn a_large_history_is_a_few_events_away_at_every_place() {
    const EVENTS: u32 = 40_000;
    let stream = "account-1";
    let mut builder = ChunkBuilder::new(aggregate(stream), StreamName::new(stream));
    let mut timeline = empty(stream).with_budget(20_000);
    for n in 0..EVENTS {
        let event = record(n.into(), "Set", &format!(r#"{{"n":{n},"f{}":{n}}}"#, n % 10));
        let event = Record { stream: StreamName::new(stream), ..event };
        builder.push((&event).into()).into_iter().for_each(|chunk| timeline.append(chunk));
    }
    builder.finish().into_iter().for_each(|chunk| timeline.append(chunk));
    let kept = timeline.keyframes();
    assert!(kept.size <= 20_000, "{kept:?}");
    assert!(kept.longest <= 2 * usize::try_from(EVENTS).unwrap() / kept.count, "{kept:?}");
    assert!(kept.count >= 8, "{kept:?}");
}

/// Live events come one by one; what they are kept in grows with their number and no faster.
#[test]
fn records_that_come_one_by_one_are_kept_as_those_that_come_together() {
    let mut timeline = empty("account-1");
    for n in 0..2_000 {
        assert!(timeline.push(record(n, "Noted", r#"{"note":1}"#)));
    }
    assert!(timeline.chunk_count() <= 2_000 / 64 + 1, "{}", timeline.chunk_count());
    assert_eq!(timeline.mark(1_999), Some(Mark::Folded));
    assert_eq!(timeline.last_revision(), Some(Revision(1_999)));
}
