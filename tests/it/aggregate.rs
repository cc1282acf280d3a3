//! Any aggregate: the generic fold, its registry, and what a state shows of itself.

use crate::history::record;
use hindsight::aggregate::{Applied, Registry, State, Value, leaves};
use hindsight::history::{Replay, Timeline};
use hindsight::record::{Record, Revision, StreamName};
use std::sync::Arc;

fn replay(stream: &str) -> Replay {
    let stream = StreamName::new(stream);
    Replay::new(Registry::default().for_stream(&stream).clone(), stream)
}

/// The leaves of a state as `path token`, and the paths that each event changed.
fn folded(events: &[&str]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut replay = replay("account-1");
    let changes = events.iter().zip(0..).map(|(data, revision)| {
        let mut changed = Vec::new();
        replay.apply(&record(revision, "Noted", data), &mut changed);
        changed.iter().map(ToString::to_string).collect()
    });
    let changes = changes.collect();
    let fields = replay.aggregate().fields(replay.state()).unwrap_or_default();
    (leaves(&fields).iter().map(|(path, token)| format!("{path} {token}")).collect(), changes)
}

#[test]
fn the_last_value_of_each_field_counts() {
    let (state, changes) = folded(&[
        r#"{"Owner":"ada","Balance":0.10,"Tags":["a","b"]}"#,
        r#"{"Balance":9007199254740993.250}"#,
        r#"{"Balance":9007199254740993.250,"Tags":["c"]}"#,
    ]);
    assert_eq!(state, [r#"Owner "ada""#, "Balance 9007199254740993.250", r#"Tags ["c"]"#]);
    assert_eq!(changes, [vec!["Owner", "Balance", "Tags"], vec!["Balance"], vec!["Tags"]]);
}

/// The state that was saved and loaded, and the one that was folded, go on alike.
#[track_caller]
fn survives(stream: &str, event_type: &str, events: &[&str]) {
    let mut folded = replay(stream);
    for (data, revision) in events.iter().zip(0..) {
        folded.apply(&record(revision, event_type, data), &mut Vec::new());
        let aggregate = folded.aggregate().clone();
        let saved = aggregate.save(folded.state()).unwrap();
        let mut loaded = aggregate.load(folded.stream(), &saved).unwrap();
        let mut state = folded.state().clone();
        assert_eq!(aggregate.fields(&loaded), aggregate.fields(&state), "{data}");
        assert_eq!(aggregate.is_known(&loaded), aggregate.is_known(&state));
        for next in events {
            let next = record(revision + 1, event_type, next);
            let (mut ours, mut theirs) = (Vec::new(), Vec::new());
            assert_eq!(
                aggregate.apply(&mut loaded, (&next).into(), &mut ours),
                aggregate.apply(&mut state, (&next).into(), &mut theirs)
            );
            assert_eq!((ours, aggregate.fields(&loaded)), (theirs, aggregate.fields(&state)));
        }
        assert!(
            aggregate.load(folded.stream(), b"").is_none()
                && aggregate.load(folded.stream(), b"\xff").is_none()
        );
    }
}

#[test]
fn a_state_that_was_saved_loses_nothing() {
    let deep = format!("{}1{}", r#"{"d":"#.repeat(40), "}".repeat(40));
    survives(
        "account-1",
        "Noted",
        &[
            "[1]",
            r#"{"a":{"b":1.50,"c":{}},"e":[1,  2],"":null,"x.y":"\u0041\n","half \ud83d":"\ud83d"}"#,
            r#"{"a":{"c":{"d":0.10}},"e":{"f":1e400}}"#,
            &deep,
            r#"{"a":7,"x.y":{"z":9007199254740993.250}}"#,
        ],
    );
    let created = r#"{"OrderID":"7","UserID":"line\nend","Total":99.900}"#;
    survives("order-7", "OrderCreated", &["{}", created]);
    survives("order-7", "OrderPaid", &[r#"{"OrderID":"7"}"#]);
}

#[test]
fn objects_are_merged_by_key() {
    let (state, changes) = folded(&[
        r#"{"Address":{"City":"Ulm","Geo":{"x":1}}}"#,
        r#"{"Address":{"Zip":"89073","Geo":{"y":2}}}"#,
        r#"{"Address":{}}"#,
    ]);
    assert_eq!(
        state,
        [r#"Address.City "Ulm""#, "Address.Geo.x 1", "Address.Geo.y 2", r#"Address.Zip "89073""#]
    );
    assert_eq!(changes[1], ["Address.Zip", "Address.Geo.y"]);
    assert!(changes[2].is_empty(), "an empty object changes nothing");
}

#[test]
fn a_value_takes_the_place_of_an_object_and_back() {
    let (state, changes) = folded(&[r#"{"a":{"b":1,"c":2}}"#, r#"{"a":null}"#, r#"{"a":{"d":3}}"#]);
    assert_eq!(state, ["a.d 3"]);
    assert_eq!(changes[1], ["a.b", "a.c", "a"], "what is gone changed, too");
    assert_eq!(changes[2], ["a", "a.d"]);
}

#[test]
fn names_with_points_are_no_paths() {
    let (state, _) = folded(&[r#"{"a.b":1,"a":{"b":2},"":3,"q\"":4,"u\u0041":5}"#]);
    assert_eq!(state, [r#""a.b" 1"#, "a.b 2", r#""" 3"#, r#""q\"" 4"#, "uA 5"]);
}

#[test]
fn of_a_repeated_name_the_last_one_counts() {
    assert_eq!(folded(&[r#"{"a":1,"a":2}"#]).0, ["a 2"]);
}

#[test]
fn only_objects_are_folded_and_broken_json_is_a_problem() {
    let apply = |declared_json, data: &[u8]| {
        let mut state = replay("account-1").state().clone();
        let event = Record { declared_json, data: data.into(), ..record(0, "Noted", "") };
        replay("account-1").aggregate().apply(&mut state, (&event).into(), &mut Vec::new())
    };
    assert_eq!(apply(true, b"{}"), Applied::Folded);
    for other in [&b"[1]"[..], b"7", b"\"text\"", b""] {
        assert_eq!(apply(true, other), Applied::NotFolded, "{other:?}");
    }
    assert_eq!(apply(false, b"\xff\x00"), Applied::NotFolded, "bytes are not JSON");
    for broken in [&b"{"[..], b"{\"a\":1,}", b"\xff", b"{} {}", b"NaN"] {
        assert!(matches!(apply(true, broken), Applied::Problem(p) if p.kind == "not-json"), "{broken:?}");
    }
}

#[test]
fn hostile_depth_and_breadth_are_folded_in_time() {
    let deep = format!("{}1{}", "{\"a\":".repeat(20_000), "}".repeat(20_000));
    let (state, _) = folded(&[&deep]);
    assert_eq!(state.len(), 1);
    let mut timeline = Timeline::new(replay("account-1").aggregate().clone(), StreamName::new("account-1"));
    for revision in 0..20_000 {
        assert!(timeline.push(record(revision, "Noted", &format!(r#"{{"f{revision}":{revision}}}"#))));
    }
    let fields = timeline.aggregate().fields(timeline.head()).unwrap();
    assert_eq!(fields.len(), 20_000);
    let seventh = leaves(&fields).into_iter().find(|(path, _)| &***path == "f7");
    assert_eq!(seventh.map(|(_, token)| &**token), Some("7"));
}

#[test]
fn a_state_of_another_aggregate_is_none() {
    let order = replay("order-1");
    let account = replay("account-1");
    let mut state: State = order.state().clone();
    assert_eq!(
        account.aggregate().apply(&mut state, (&record(0, "Noted", "{}")).into(), &mut Vec::new()),
        Applied::NotFolded
    );
    assert!(account.aggregate().fields(&state).is_none());
    assert_eq!(order.aggregate().schema().noun, "order".into());
    assert!(account.aggregate().schema().note.is_some(), "nobody takes it for the service's own logic");
}

#[test]
fn who_set_a_field_is_known_for_every_field() {
    let mut timeline = Timeline::new(replay("account-1").aggregate().clone(), StreamName::new("account-1"));
    for (revision, data) in [(3, r#"{"a":{"b":1},"c":1}"#), (5, r#"{"a":{"b":1}}"#), (6, r#"{"a":{"b":2}}"#)]
    {
        timeline.push(record(revision, "Noted", data));
    }
    assert_eq!(timeline.setter("a.b", Some(1)), Some(0), "the same value again sets nothing");
    assert_eq!(timeline.setter("a.b", Some(2)), Some(2));
    assert_eq!(timeline.setter("c", Some(2)), Some(0));
    let changes = timeline.frame(Some(2)).changes;
    assert_eq!(changes.len(), 1);
    assert_eq!((&*changes[0].field, changes[0].after.as_deref()), ("a.b", Some("2")));
    assert!(!timeline.is_known(), "what was before revision 3 may have set others");
    assert_eq!(timeline.first_revision(), Some(Revision(3)));
    let nested = &timeline.frame(Some(2)).fields.unwrap()[0];
    assert!(matches!(&nested.value, Value::Object(fields) if fields[0].path == Arc::from("a.b")));
}
