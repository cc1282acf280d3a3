//! The list as it was at a moment, by every face, over the real socket.

mod faces;
mod followed;
mod state;
mod window;

use crate::node::grpc::Caller;
use crate::node::scavenged::{ended, scavenge};
use crate::run;
use crate::truth::{Dice, live};
use eventstore::{AppendToStreamOptions, Client, DeleteStreamOptions, EventData};
use hindsight::aggregate::Registry;
use hindsight::node::{Config, Node, Storage};
use hindsight::record::{Created, StreamName};
use hindsight::sentences::store_error;
use hindsight::store::{
    ChangeKind, PastList, Presence, Session, StoreError, StreamChange, StreamRow, Unseen,
};
use proptest::prelude::*;
use std::collections::BTreeMap;

type Rows = BTreeMap<StreamName, StreamRow>;

pub async fn write(client: &Client, stream: &str, kind: &str, data: &str) {
    let event = EventData::binary(kind, data.to_owned().into()).id(uuid::Uuid::new_v4());
    client.append_to_stream(stream, &AppendToStreamOptions::default(), event).await.unwrap();
}

pub async fn create(client: &Client, id: &str) {
    let data = format!(r#"{{"OrderID":"{id}","UserID":"ada","Total":99.90}}"#);
    write(client, &format!("order-{id}"), "OrderCreated", &data).await;
}

pub async fn pay(client: &Client, id: &str) {
    write(client, &format!("order-{id}"), "OrderPaid", &format!(r#"{{"OrderID":"{id}"}}"#)).await;
}

/// A moment after all that was written, and before all that will be.
pub fn moment() -> Created {
    let at = Created::now();
    while Created::now() <= at {
        std::hint::spin_loop();
    }
    at
}

fn past() -> PastList {
    PastList::new("order", Registry::default())
}

/// The list as a client saw it, between two moments of which both are its time.
struct Seen {
    from: Created,
    to: Created,
    rows: Rows,
}

async fn see(session: &Session) -> Seen {
    let from = moment();
    let rows = session.list("order").await.unwrap();
    let to = moment();
    // A deletion that was taken back leaves the list a row of a stream that has no event.
    let is_there = |row: &StreamRow| row.presence != Presence::Live || row.revision.is_some();
    let rows = rows.into_iter().filter(is_there).map(|row| (row.stream.clone(), row)).collect();
    Seen { from, to, rows }
}

/// What expired while the list was read may be on either side. Nobody knows whether a stream that was deleted and has no event
/// at the end had any before.
fn same(what: &str, seen: &Rows, (mut from, mut to): (Rows, Rows), ends: &Rows) {
    let has_events = |row: &StreamRow| ends.get(&row.stream).is_some_and(|end| end.revision.is_some());
    from.retain(|_, row| row.presence != Presence::Unknown || has_events(row));
    to.retain(|stream, _| from.contains_key(stream));
    assert_eq!(from.keys().collect::<Vec<_>>(), seen.keys().collect::<Vec<_>>(), "{what}");
    for (stream, row) in seen {
        if from[stream] == to[stream] {
            assert_eq!(&from[stream], row, "{what}, {stream}");
        }
    }
}

async fn differences(session: &Session, past: &mut PastList, one: &Seen, other: &Seen) {
    let before = past.at(session, one.from).await.unwrap().clone();
    let after = past.at(session, other.from).await.unwrap().clone();
    let found = past.difference(session, one.from, other.from).await.unwrap();
    let found: BTreeMap<_, _> = found.iter().map(|change| (&change.stream, change)).collect();
    for stream in before.keys().chain(after.keys()) {
        let (before, after) = (before.get(stream), after.get(stream));
        let sides = |change: &&StreamChange| (change.before.clone(), change.after.clone());
        let change = found.get(stream).map(sides);
        let expected = (before != after).then(|| (before.cloned(), after.cloned()));
        assert_eq!(change, expected, "{stream}");
    }
}

async fn the_past_is_what_was_seen(seed: u64) {
    let node = Node::start(Config::default()).await.unwrap();
    let url = node.connection_string();
    let (client, mut dice) = (crate::production::client(&url), Dice(seed));
    let session = Session::connect(url).await.unwrap();
    let mut moments = Vec::new();
    for _ in 0..7 {
        for _ in 0..40 {
            live(&client, &mut dice, true).await;
        }
        moments.push(see(&session).await);
    }
    let (mut kept, ends) = (past(), &moments[6].rows);
    for _ in 0..20 {
        let place = usize::try_from(dice.roll(moments.len() as u64)).unwrap();
        let sides = both(&mut kept, &session, &moments[place]).await;
        same(&format!("seed {seed}, moment {place}"), &moments[place].rows, sides, ends);
    }
    for one in &moments {
        let sides = both(&mut past(), &session, one).await;
        same(&format!("seed {seed}, from the beginning"), &one.rows, sides, ends);
    }
    differences(&session, &mut kept, &moments[1], &moments[4]).await;
    differences(&session, &mut kept, &moments[0], &moments[6]).await;
    let mut first = kept.at(&session, Created(0)).await.unwrap().values();
    assert!(first.all(|row| row.presence == Presence::Unknown), "before the first event");
    // What is written while the past is held is there, too.
    live(&client, &mut dice, true).await;
    let now = see(&session).await;
    let sides = both(&mut kept, &session, &now).await;
    same(&format!("seed {seed}, later"), &now.rows, sides, &now.rows);
}

async fn both(past: &mut PastList, session: &Session, seen: &Seen) -> (Rows, Rows) {
    let from = past.at(session, seen.from).await.unwrap().clone();
    (from, past.at(session, seen.to).await.unwrap().clone())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 0, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_list_at_a_moment_is_what_was_listed_then(seed in 1_u64..u64::MAX) {
        run(the_past_is_what_was_seen(seed));
    }
}

#[test]
fn streams_whose_events_of_that_time_are_gone_are_unknown_and_no_others() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::File(folder.path().join("s.db"));
        let node = Node::start(Config { storage, ..Config::default() }).await.unwrap();
        let url = node.connection_string();
        let client = crate::production::client(&url);
        for id in ["kept", "cut", "deleted"] {
            create(&client, id).await;
        }
        let early = moment();
        for id in ["kept", "cut", "deleted"] {
            pay(&client, id).await;
        }
        let paid = moment();
        create(&client, "late").await;
        write(&client, "$$order-cut", "$metadata", r#"{"$tb":1}"#).await;
        client.delete_stream("order-deleted", &DeleteStreamOptions::default()).await.unwrap();
        let id = scavenge(&Caller::new(node.address())).await;
        ended(&client, &id).await;
        let session = Session::connect(url).await.unwrap();
        let mut past = past();
        let words = |rows: &Rows| -> Vec<(String, String)> {
            rows.values().map(|row| (row.stream.id().to_owned(), row.word().to_owned())).collect()
        };
        let listed = |all: &[(&str, &str)]| -> Vec<(String, String)> {
            all.iter().map(|(id, word)| ((*id).to_owned(), (*word).to_owned())).collect()
        };
        let rows = past.at(&session, early).await.unwrap();
        assert_eq!(words(rows), listed(&[("cut", "unknown"), ("deleted", "unknown"), ("kept", "unpaid")]));
        assert_eq!(rows[&StreamName::new("order-cut")].presence, Presence::Unknown);
        // A stream that has something of that time is truncated, as in the list.
        let rows = past.at(&session, paid).await.unwrap();
        assert_eq!(rows[&StreamName::new("order-cut")].presence, Presence::Live);
        assert_eq!(rows[&StreamName::new("order-cut")].first.0, 1);
        let rows = past.at(&session, Created::now()).await.unwrap();
        assert_eq!(
            words(rows),
            listed(&[("cut", "unknown"), ("deleted", "deleted"), ("kept", "paid"), ("late", "unpaid")])
        );
        let changes = past.difference(&session, early, Created::now()).await.unwrap();
        let kinds: Vec<_> = changes.iter().map(|change| (change.stream.id(), change.kind)).collect();
        assert_eq!(
            kinds,
            [
                ("cut", ChangeKind::Unknown),
                ("deleted", ChangeKind::Unknown),
                ("kept", ChangeKind::Changed),
                ("late", ChangeKind::New),
            ]
        );
        let fields: Vec<_> =
            changes[2].fields.iter().map(|change| (&*change.field, change.after.as_deref())).collect();
        assert_eq!(fields, [("Paid", Some("true"))]);
    });
}

#[test]
fn who_may_not_read_all_sees_the_past_of_what_is_readable() {
    run(async {
        let node = crate::production::guarded().await;
        let signed = |name| crate::production::signed(&node, name);
        let client = crate::production::client(&signed("admin"));
        create(&client, "a").await;
        let early = moment();
        pay(&client, "a").await;
        create(&client, "b").await;
        let session = Session::connect(signed("ann")).await.unwrap();
        let mut past = past();
        let words = |rows: &Rows| rows.values().map(|row| row.word().to_owned()).collect::<Vec<_>>();
        assert_eq!(words(past.at(&session, early).await.unwrap()), ["unpaid"]);
        assert_eq!(words(past.at(&session, moment()).await.unwrap()), ["paid", "unpaid"]);
        assert_eq!(past.listing().source, "`$ce-order`");
        assert!(past.listing().unseen.is_some_and(Unseen::warns), "it is said what is not seen");
        pay(&client, "b").await;
        assert_eq!(words(past.at(&session, moment()).await.unwrap()), ["paid", "paid"]);
        assert_eq!(words(past.at(&session, early).await.unwrap()), ["unpaid"]);
    });
}

#[test]
fn more_than_may_be_held_is_said_and_a_smaller_category_goes_on() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let url = node.connection_string();
        let client = crate::production::client(&url);
        create(&client, "a").await;
        for _ in 0..40 {
            write(&client, "note-a", "Note", &format!("{:?}", "x".repeat(1000))).await;
        }
        let session = Session::connect(url).await.unwrap();
        let mut large = PastList::new("note", Registry::default()).within(20_000);
        let why = large.at(&session, Created::now()).await.unwrap_err();
        assert!(matches!(&why, StoreError::PastTooLarge { category, .. } if category == "note"));
        let said = store_error(&StoreError::PastTooLarge { category: "account".to_owned(), budget: 1 << 30 });
        assert!(said.starts_with("The events of account-* take more than 1 GiB"), "{said}");
        assert!(said.contains("Ask for a smaller category"), "{said}");
        assert_eq!(past().within(20_000).at(&session, Created::now()).await.unwrap().len(), 1);
    });
}
