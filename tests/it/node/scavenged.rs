//! A scavenge: what is beyond the limits of its stream is gone from the file, and all else is as before.

use super::{
    basics::{events, revisions, start},
    grpc::{Caller, field, number, numeral, text},
};
use crate::run;
use eventstore::{
    AppendToStreamOptions, Client, DeleteStreamOptions, EventData, ReadAllOptions, ReadStreamOptions,
    StreamPosition, TombstoneStreamOptions,
};
use hindsight::node::{Config, Storage};
use std::path::Path;

const OPERATIONS: &str = "event_store.client.operations.Operations";
const STREAMS: [&str; 8] =
    ["kept-1", "count-1", "cut-1", "old-1", "$$count-1", "$ce-count", "$et-Doomed", "$streams"];

fn any() -> AppendToStreamOptions {
    AppendToStreamOptions::default()
}

/// With data that needs pages of its own in every other event, so that both kinds of pages are erased.
fn marked(mark: &str, count: usize) -> Vec<EventData> {
    let event = |n: usize| {
        let data = serde_json::json!({ "mark": format!("{mark}-{n}").repeat(1 + n % 2 * 2_000) });
        EventData::json(if mark == "DOOMED" { "Doomed" } else { "Kept" }, &data)
            .unwrap()
            .id(uuid::Uuid::new_v4())
    };
    (0..count).map(event).collect()
}

async fn describe(client: &Client, stream: &str, metadata: serde_json::Value) {
    let metadata = EventData::json("$metadata", &metadata).unwrap().id(uuid::Uuid::new_v4());
    client.append_to_stream(format!("$${stream}"), &any(), metadata).await.unwrap();
}

/// Each limit with events beyond it, and the last event of each stream, which stays.
async fn fill(client: &Client) {
    for stream in ["count-1", "cut-1", "old-1", "gone-1"] {
        client.append_to_stream(stream, &any(), marked("DOOMED", 8)).await.unwrap();
        client.append_to_stream(stream, &any(), marked("LAST", 2)).await.unwrap();
    }
    client.append_to_stream("kept-1", &any(), marked("OTHER", 8)).await.unwrap();
    client.append_to_stream("over-1", &any(), marked("DOOMED", 8)).await.unwrap();
    describe(client, "count-1", serde_json::json!({ "note": "DOOMED" })).await;
    describe(client, "count-1", serde_json::json!({ "$maxCount": 2 })).await;
    describe(client, "cut-1", serde_json::json!({ "$tb": 8 })).await;
    describe(client, "old-1", serde_json::json!({ "$maxAge": 60 })).await;
    client.delete_stream("gone-1", &DeleteStreamOptions::default()).await.unwrap();
    client.tombstone_stream("over-1", &TombstoneStreamOptions::default()).await.unwrap();
}

/// As if those events had been written long ago.
fn age(file: &Path) {
    let sql = "UPDATE events SET created = 1 WHERE rev < 8
        AND stream = (SELECT id FROM streams WHERE name = 'old-1')";
    assert_eq!(rusqlite::Connection::open(file).unwrap().execute(sql, []).unwrap(), 8);
}

pub async fn scavenge(caller: &Caller) -> String {
    let started = caller.call(OPERATIONS, "StartScavenge", &[field(1, number(1, 1))]).await;
    assert_eq!((started.status(), numeral(&started.messages[0], 2)), (Some(0), None), "started");
    text(&started.messages[0], 1).unwrap()
}

/// Waits for the end of a scavenge, and answers how it ended.
pub async fn ended(client: &Client, id: &str) -> serde_json::Value {
    let all = ReadStreamOptions::default().resolve_link_tos();
    loop {
        let mut read = client.read_stream("$scavenges", &all).await.unwrap();
        while let Some(event) = read.next().await.unwrap() {
            let event = event.event.unwrap();
            if event.event_type == "$scavengeCompleted" && event.stream_id == format!("$scavenges-{id}") {
                return event.as_json().unwrap();
            }
        }
        tokio::task::yield_now().await;
    }
}

/// All lines of `$all`: position, stream, revision.
async fn lines(client: &Client) -> Vec<(u64, String, u64)> {
    let all = ReadAllOptions::default().position(StreamPosition::Start);
    let mut read = client.read_all(&all).await.unwrap();
    let mut lines = Vec::new();
    while let Some(event) = read.next().await.unwrap() {
        let e = event.get_original_event();
        lines.push((e.position.commit, e.stream_id.clone(), e.revision));
    }
    lines
}

async fn seen(client: &Client) -> Vec<(&'static str, Vec<u64>)> {
    let mut seen = Vec::new();
    for stream in STREAMS {
        seen.push((stream, revisions(client, stream, &ReadStreamOptions::default()).await));
    }
    seen
}

#[track_caller]
fn holds(file: &Path, mark: &str) -> bool {
    ["", "-wal"].iter().any(|part| {
        let path = format!("{}{part}", file.display());
        let bytes = std::fs::read(path).unwrap_or_default();
        bytes.windows(mark.len()).any(|window| window == mark.as_bytes())
    })
}

fn doomed((_, stream, revision): &(u64, String, u64)) -> bool {
    match stream.as_str() {
        "count-1" | "cut-1" | "old-1" | "over-1" => *revision < 8,
        "gone-1" => *revision < 9,
        "$$count-1" => *revision < 1,
        _ => false,
    }
}

#[test]
fn what_is_beyond_its_limits_leaves_the_file_and_the_rest_is_as_before() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let config = Config { storage: Storage::File(file.clone()), ..Config::default() };
        let (node, client) = start(config.clone()).await;
        fill(&client).await;
        node.shutdown().await;
        age(&file);
        let (node, client) = start(config.clone()).await;
        let (seen_before, lines_before) = (seen(&client).await, lines(&client).await);
        assert!(holds(&file, "DOOMED-3") && holds(&file, "DOOMED-6"));
        let size = std::fs::metadata(&file).unwrap().len();

        let id = scavenge(&Caller::new(node.address())).await;
        let end = ended(&client, &id).await;
        assert_eq!((&end["result"], &end["error"]), (&"Success".into(), &"".into()), "{end}");
        assert!(end["spaceSaved"].as_u64().unwrap() > 100_000, "{end}");
        assert!(!holds(&file, "DOOMED"), "an erased event is still in the file");
        assert!(holds(&file, "OTHER-7") && holds(&file, "LAST-1"));
        assert!(std::fs::metadata(&file).unwrap().len() < size, "the file is not smaller");
        let check = |client: Client| {
            let (seen_before, lines_before) = (seen_before.clone(), lines_before.clone());
            async move {
                let left: Vec<_> = lines_before.into_iter().filter(|line| !doomed(line)).collect();
                let mut now = lines(&client).await;
                // The scavenge's own are behind.
                now.truncate(left.len());
                assert_eq!(now, left);
                let now = seen(&client).await;
                for (before, now) in seen_before[..7].iter().zip(&now) {
                    assert_eq!(before, now, "also links to what is gone");
                }
            }
        };
        check(client.clone()).await;
        // Revisions go on where they were.
        let written = client.append_to_stream("gone-1", &any(), events(1)).await.unwrap();
        assert_eq!(written.next_expected_version, 10);
        node.shutdown().await;
        assert!(!holds(&file, "DOOMED"));
        let (_node, client) = start(config).await;
        let mut read = client.read_stream("gone-1", &ReadStreamOptions::default()).await.unwrap();
        assert_eq!(read.next().await.unwrap().unwrap().get_original_event().revision, 10);
    });
}

/// Links of some streams: id, target, and whether an event came along.
async fn links(client: &Client, resolve: bool) -> Vec<(uuid::Uuid, String, bool)> {
    let all = ReadStreamOptions::default();
    let all = if resolve { all.resolve_link_tos() } else { all };
    let mut links = Vec::new();
    for stream in ["$ce-count", "$ce-over", "$et-Doomed", "$et-$deleted"] {
        let mut read = client.read_stream(stream, &all).await.unwrap();
        while let Some(event) = read.next().await.unwrap() {
            let link = event.get_original_event();
            let data = String::from_utf8(link.data.to_vec()).unwrap();
            links.push((link.id, data, event.event.is_some()));
        }
    }
    links
}

#[test]
fn links_stay_and_lead_nowhere_where_their_target_is_gone() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::File(folder.path().join("sandbox.db"));
        let config = Config { storage, ..Config::default() };
        let (node, client) = start(config.clone()).await;
        fill(&client).await;
        let before = (links(&client, false).await, links(&client, true).await);
        ended(&client, &scavenge(&Caller::new(node.address())).await).await;
        assert_eq!(links(&client, false).await, before.0);
        assert_eq!(links(&client, true).await, before.1, "what was beyond the limits did not resolve before");
        node.shutdown().await;
        let (_node, client) = start(config).await;
        let count = before.0.len();
        assert_eq!(links(&client, false).await[..count], before.0, "after a restart");
        assert_eq!(links(&client, true).await[..count], before.1, "after a restart");
        assert!(before.1.iter().any(|(_, target, there)| target == "0@count-1" && !there));
        assert!(before.1.iter().any(|(_, target, there)| target == "9@count-1" && *there));
    });
}

#[test]
fn a_scavenge_is_told_in_streams_that_operators_read() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let id = scavenge(&Caller::new(node.address())).await;
        ended(&client, &id).await;
        let stream = format!("$scavenges-{id}");
        let mut told = Vec::new();
        for name in [format!("$${stream}"), stream.clone(), "$scavenges".to_owned()] {
            let mut read = client.read_stream(name, &ReadStreamOptions::default()).await.unwrap();
            while let Some(event) = read.next().await.unwrap() {
                let e = event.get_original_event();
                told.push((e.event_type.clone(), String::from_utf8(e.data.to_vec()).unwrap()));
            }
        }
        let kinds: Vec<_> = told.iter().map(|(kind, _)| kind.as_str()).collect();
        assert_eq!(kinds, ["$metadata", "$scavengeStarted", "$scavengeCompleted", "$>", "$>"]);
        assert!(told[0].1.contains(r#""$r":"$ops""#), "{}", told[0].1);
        assert_eq!(
            told[1].1,
            format!("{{\n  \"scavengeId\": \"{id}\",\n  \"nodeEndpoint\": \"{}\"\n}}", node.address())
        );
        assert_eq!([&told[3].1, &told[4].1], [&format!("0@{stream}"), &format!("1@{stream}")]);
    });
}

/// The end of a scavenge waits for who reads the file.
fn reading(file: &Path) -> rusqlite::Connection {
    let reader = rusqlite::Connection::open(file).unwrap();
    reader.execute_batch("BEGIN; SELECT count(*) FROM events;").unwrap();
    reader
}

/// Many events, so that it takes many steps.
async fn long(client: &Client, marks: usize) {
    describe(client, "long", serde_json::json!({ "$maxCount": 1 })).await;
    for _ in 0..marks {
        client.append_to_stream("long", &any(), events(1_000)).await.unwrap();
    }
}

#[test]
fn one_scavenge_runs_at_a_time_and_can_be_stopped() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let (node, client) =
            start(Config { storage: Storage::File(file.clone()), ..Config::default() }).await;
        client.append_to_stream("s", &any(), events(1)).await.unwrap();
        let reader = reading(&file);
        let caller = Caller::new(node.address());
        let id = scavenge(&caller).await;
        let again = caller.call(OPERATIONS, "StartScavenge", &[field(1, "")]).await;
        assert_eq!(
            (text(&again.messages[0], 1).as_ref(), numeral(&again.messages[0], 2)),
            (Some(&id), Some(1))
        );
        let wrong = caller.call(OPERATIONS, "StopScavenge", &[field(1, field(1, "none"))]).await;
        assert_eq!((wrong.status(), wrong.trailer("scavenge-id")), (Some(5), Some(id.as_str())));
        let stopped = caller.call(OPERATIONS, "StopScavenge", &[field(1, field(1, &id))]).await;
        assert_eq!((stopped.status(), numeral(&stopped.messages[0], 2)), (Some(0), Some(2)));
        assert_eq!(ended(&client, &id).await["result"], "Stopped");
        drop(reader);
        assert_eq!(ended(&client, &scavenge(&caller).await).await["result"], "Success");
    });
}

#[test]
fn writes_and_reads_go_on_during_a_scavenge() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let (node, client) =
            start(Config { storage: Storage::File(file.clone()), ..Config::default() }).await;
        long(&client, 10).await;
        let reader = reading(&file);
        let id = scavenge(&Caller::new(node.address())).await;
        for _ in 0..20 {
            client.append_to_stream("meanwhile", &any(), events(1)).await.unwrap();
            let positions: Vec<_> = lines(&client).await.into_iter().map(|(at, ..)| at).collect();
            assert!(positions.is_sorted_by(|a, b| a < b), "a line of $all came twice");
        }
        drop(reader);
        assert_eq!(ended(&client, &id).await["result"], "Success");
        let left = lines(&client).await.into_iter().filter(|(_, stream, _)| stream == "long").count();
        assert_eq!(left, 1);
    });
}

#[test]
fn a_scavenge_that_a_crash_ended_is_told_after_the_start() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let (node, client) =
            start(Config { storage: Storage::File(file.clone()), ..Config::default() }).await;
        let id = scavenge(&Caller::new(node.address())).await;
        ended(&client, &id).await;
        node.shutdown().await;
        // As if the process had ended before these two.
        let db = rusqlite::Connection::open(&file).unwrap();
        let sql = "DELETE FROM events WHERE pos > (SELECT max(pos) FROM events) - 2";
        assert_eq!(db.execute(sql, []).unwrap(), 2);
        drop(db);
        let (_node, client) = start(Config { storage: Storage::File(file), ..Config::default() }).await;
        let end = ended(&client, &id).await;
        assert_eq!(
            (&end["result"], &end["error"]),
            (&"Interrupted".into(), &"The node was restarted.".into())
        );
    });
}

#[test]
fn a_file_of_an_earlier_version_is_rewritten_so_that_it_can_shrink() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let config = Config { storage: Storage::File(file.clone()), ..Config::default() };
        let (node, client) = start(config.clone()).await;
        fill(&client).await;
        let before = lines(&client).await;
        node.shutdown().await;
        let db = rusqlite::Connection::open(&file).unwrap();
        db.execute_batch("DROP TABLE gone; PRAGMA user_version = 2; PRAGMA auto_vacuum = NONE; VACUUM;")
            .unwrap();
        drop(db);
        let (node, client) = start(config).await;
        assert_eq!(lines(&client).await, before);
        let size = std::fs::metadata(&file).unwrap().len();
        ended(&client, &scavenge(&Caller::new(node.address())).await).await;
        assert!(std::fs::metadata(&file).unwrap().len() < size);
        let kind = |name: &str| {
            rusqlite::Connection::open(&file).unwrap().pragma_query_value(None, name, |r| r.get(0))
        };
        assert_eq!((kind("auto_vacuum"), kind("user_version")), (Ok(2), Ok(3)));
    });
}
