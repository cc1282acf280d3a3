//! Any moment of any log, clocks that go backwards among them, against a list that was fed only what the moment includes.

use super::*;
use crate::store::listing::list_event::ListEvent;
use crate::store::listing::stream_list::{StreamList, StreamRead};
use crate::store::{Life, Presence};
use proptest::prelude::*;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A stream, what is written, and when by the clock of its writer.
fn written() -> impl Strategy<Value = (u8, u8, i64)> {
    (0..4_u8, 0..12_u8, 0..60_i64)
}

fn log(written: &[(u8, u8, i64)]) -> Vec<Record> {
    let mut next = HashMap::<String, u64>::new();
    let record = |(at, &(stream, kind, created)): (usize, &(u8, u8, i64))| {
        let id = format!("order-{stream}");
        let about = format!("$${id}");
        let own = [
            ("OrderCreated", format!(r#"{{"OrderID":"{stream}","UserID":"u","Total":{at}}}"#)),
            ("OrderPaid", format!(r#"{{"OrderID":"{stream}"}}"#)),
            ("OrderNoteAdded", "{}".to_owned()),
        ];
        let limits = [r#"{"$maxCount":2}"#, r#"{"$tb":2}"#, r#"{"$maxAge":1}"#, "{}"];
        let (name, event_type, data) = match usize::from(kind) {
            kind @ 0..8 => (id, own[kind % 3].0, own[kind % 3].1.clone()),
            kind => (about, "$metadata", limits[kind - 8].to_owned()),
        };
        let revision = next.entry(name.clone()).or_default();
        *revision += 1;
        let position = Position { commit: at as u64, prepare: at as u64 };
        Record {
            stream: StreamName::new(&name),
            revision: Revision(*revision - 1),
            id: Uuid::from_u128(at as u128),
            event_type: event_type.into(),
            // In halves of a second, so that some have expired.
            created: Created(created * 5_000_000),
            position,
            declared_json: true,
            data: data.into_bytes().into(),
            metadata: Box::default(),
            target: None,
        }
    };
    written.iter().enumerate().map(record).collect()
}

/// Of each stream everything up to its last event that was created until then.
fn included(log: &[Record], at: Created) -> Vec<&Record> {
    let of = |record: &Record| subject(record.stream.as_str()).to_owned();
    let mut ends = HashMap::new();
    for (place, record) in log.iter().enumerate().filter(|(_, record)| record.created <= at) {
        ends.insert(of(record), place);
    }
    let is_included =
        |(place, record): &(usize, &Record)| ends.get(&of(record)).is_some_and(|end| place <= end);
    log.iter().enumerate().filter(is_included).map(|(_, record)| record).collect()
}

/// The list that a replay of these events makes; what it must read is read from them.
fn replayed(events: &[&Record], at: Created) -> BTreeMap<StreamName, StreamRow> {
    let mut list = StreamList::new("order", Registry::default());
    for &record in events {
        list.absorb(ListEvent::Event(record.clone()));
    }
    for stream in list.unread(usize::MAX) {
        let own = events.iter().filter(|record| record.stream == stream).map(|&record| record.clone());
        let read = StreamRead { records: own.collect(), life: Life::Live, last: None, metadata: None };
        list.replace(&stream, &read);
    }
    list.take_changed(usize::MAX, at).into_iter().map(|row| (row.stream.clone(), row)).collect()
}

fn answer(past: &mut Past, rows: &mut BTreeMap<StreamName, StreamRow>, at: Created) {
    let mut answer = past.begin(at);
    while !past.work(&mut answer) {}
    rows.extend(answer.rows.into_iter().map(|row| (row.stream.clone(), row)));
    answer.absent.iter().for_each(|stream| drop(rows.remove(stream)));
}

proptest! {
    #[test]
    fn any_moment_is_a_replay_of_all_that_was_there(
        written in proptest::collection::vec(written(), 1..60),
        moments in proptest::collection::vec(-1..62_i64, 1..12),
    ) {
        let log = log(&written);
        let (mut past, mut rows) = (Past::new("order", Registry::default()), BTreeMap::new());
        // Some come while the past is looked at already.
        let (first, later) = log.split_at(log.len() / 2);
        for record in first {
            past.take(record);
        }
        answer(&mut past, &mut rows, Created(150_000_000));
        for record in later {
            past.take(record);
        }
        for moment in moments {
            let at = Created(moment * 5_000_000);
            answer(&mut past, &mut rows, at);
            prop_assert_eq!(&rows, &replayed(&included(&log, at), at), "at {}", moment);
        }
    }
}

#[test]
fn a_long_stream_is_folded_in_turns_and_back_from_where_a_fold_was_kept() {
    for room in [ROOM, 1500, 0] {
        long_stream(room);
    }
}

fn long_stream(room: usize) {
    let written: Vec<_> = (0..20_000_i64).map(|at| (0, 2, at)).collect();
    let mut rows = BTreeMap::new();
    let mut past = Past { room, ..Past::new("order", Registry::default()) };
    for record in log(&written) {
        past.take(&record);
    }
    for events in [20_000, 9_000, 8_999, 12_288, 1, 0] {
        answer(&mut past, &mut rows, Created((events - 1) * 5_000_000));
        let found = rows.values().next().map_or(0, |row| row.events);
        assert_eq!(Some(found), u64::try_from(events).ok());
    }
}

#[test]
fn a_stream_of_which_nothing_is_left_but_its_deletion_is_unknown_before_it() {
    let mut past = Past::new("order", Registry::default());
    let mut deleted = log(&[(0, 9, 10)]).remove(0);
    deleted.data = br#"{"$tb":9223372036854775807}"#.as_slice().into();
    past.take(&deleted);
    let mut rows = BTreeMap::new();
    for (at, presence) in [(9, Presence::Unknown), (10, Presence::Deleted)] {
        answer(&mut past, &mut rows, Created(at * 5_000_000));
        assert_eq!(rows.values().map(|row| row.presence).collect::<Vec<_>>(), [presence]);
    }
}
