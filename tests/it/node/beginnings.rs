//! What a log begins with, and what may still be written after a stream's end.

use super::basics::start;
use super::grpc::{
    Answer, Caller, From, STREAMS, append, append_event, event, field, numeral, part, read, read_all,
    removal, stream, text,
};
use crate::run;
use hindsight::node::{Config, Node, Security, Storage, User};

const OK: Option<u8> = Some(0);
const DELETED: Option<u8> = Some(9);

/// Stream and type of every event of a read but the projections' links.
fn told(answer: &Answer) -> Vec<(String, String)> {
    let events = answer.messages.iter().filter_map(|message| part(&part(message, 1)?, 1));
    let told = events.map(|event| {
        let kind = super::grpc::fields(&event).into_iter().find_map(|(number, value)| match value {
            super::grpc::Value::Bytes(pair) if number == 6 && text(&pair, 1)? == "type" => text(&pair, 2),
            _ => None,
        });
        (text(&part(&event, 2).unwrap(), 3).unwrap(), kind.unwrap())
    });
    told.filter(|(_, kind)| kind != "$>").collect()
}

async fn all(caller: &Caller) -> Vec<(String, String)> {
    told(&caller.call(STREAMS, "Read", &[read_all(From::Start, Some(99), false, false)]).await)
}

#[test]
fn a_new_log_begins_with_the_metadata_of_scavenges() {
    run(async {
        let (node, _) = start(Config::default()).await;
        let caller = Caller::new(node.address());
        let expected = [("$$$scavenges".to_owned(), "$metadata".to_owned())];
        assert_eq!(all(&caller).await, expected);
        node.reset().await.unwrap();
        assert_eq!(all(&caller).await, expected, "also after a reset");
    });
}

#[test]
fn with_users_a_new_log_has_seven_events() {
    run(async {
        let admin = User { name: "admin".into(), password: "changeit".into(), admin: true };
        let security = Security { users: vec![admin], ..Security::default() };
        let node = Node::start_secured(Config::default(), security).await.unwrap();
        let expected = [
            ("$$$scavenges", "$metadata"),
            ("$$$user-admin", "$metadata"),
            ("$$$user-ops", "$metadata"),
            ("$user-admin", "$UserCreated"),
            ("$user-ops", "$UserCreated"),
            ("$users", "$User"),
            ("$users", "$User"),
        ];
        let seen = all(&Caller::new(node.address()).login("admin:changeit")).await;
        let seen: Vec<_> = seen.iter().map(|(stream, kind)| (stream.as_str(), kind.as_str())).collect();
        assert_eq!(seen, expected);
    });
}

/// The revision that a success names.
fn revision(answer: &Answer) -> Option<u64> {
    // A zero is not sent, as its choice is: the number of the first event.
    part(answer.messages.first()?, 1).map(|success| numeral(&success, 1).unwrap_or(0))
}

#[test]
fn metadata_written_since_the_start_outlives_the_tombstone() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { storage: Storage::File(folder.path().join("s.db")), ..Config::default() };
        let (node, _) = start(config.clone()).await;
        let caller = Caller::new(node.address());
        let call = async |method, messages: Vec<Vec<u8>>| caller.call(STREAMS, method, &messages).await;
        let metadata = || append_event("$$s", &event("$metadata", b"{}"));
        assert_eq!(revision(&call("Append", metadata()).await), Some(0));
        assert_eq!(call("Append", append("bare")).await.status(), OK);
        for name in ["s", "bare"] {
            assert_eq!(call("Tombstone", vec![removal(name)]).await.status(), OK, "{name}");
        }
        assert_eq!(revision(&call("Append", metadata()).await), Some(1));
        let nothing = vec![field(1, [field(1, stream("$$s")), field(4, "")].concat())];
        assert_eq!(revision(&call("Append", nothing).await), Some(1), "an append of no events");
        assert_eq!(call("Append", append("$$bare")).await.status(), DELETED, "it had no metadata");
        assert_eq!(call("Append", append("s")).await.status(), DELETED);
        let unread = call("Read", vec![read("$$s", Some(1))]).await;
        assert_eq!((unread.status(), unread.trailer("stream-name")), (DELETED, Some("$$s")));
        node.shutdown().await;

        let (node, _) = start(config).await;
        let caller = Caller::new(node.address());
        let answer = caller.call(STREAMS, "Append", &metadata()).await;
        assert_eq!((answer.status(), answer.trailer("stream-name")), (DELETED, Some("$$s")), "after a start");
    });
}
