//! A log of more than one piece answers after a start as it did before, also where an earlier version wrote it.

use super::basics::{events, revisions, start};
use super::grpc::{Caller, field, part, text};
use crate::run;
use eventstore::{
    AppendToStreamOptions, Client, DeleteStreamOptions, Error, EventData, ExpectedRevision, ReadAllOptions,
    ReadStreamOptions, StreamPosition, TombstoneStreamOptions,
};
use hindsight::node::{Config, Node, Storage};
use std::path::Path;

fn any() -> AppendToStreamOptions {
    AppendToStreamOptions::default().expected_revision(ExpectedRevision::Any)
}

/// Some of each kind of record, twice over several pieces of the saved index.
async fn fill(client: &Client) {
    for round in 0..2 {
        client.append_to_stream("long", &any(), events(5000)).await.unwrap();
        let flow = bytes::Bytes::from_static(br#"{"$correlationId":"flow"}"#);
        let cut: Vec<_> = events(3).into_iter().map(|event| event.metadata(flow.clone())).collect();
        client.append_to_stream(format!("cut-{round}"), &any(), cut).await.unwrap();
        let cut = EventData::json("$metadata", &serde_json::json!({"$tb": 2})).unwrap();
        client.append_to_stream(format!("$$cut-{round}"), &any(), cut).await.unwrap();
        client.append_to_stream(format!("nothing-{round}"), &any(), events(0)).await.unwrap();
        client.append_to_stream("back", &any(), events(4)).await.unwrap();
        client.delete_stream("back", &DeleteStreamOptions::default()).await.unwrap();
        client.append_to_stream(format!("over-{round}"), &any(), events(2)).await.unwrap();
        client.tombstone_stream(format!("over-{round}"), &TombstoneStreamOptions::default()).await.unwrap();
        client.append_to_stream("long", &any(), events(5000)).await.unwrap();
    }
}

/// Every record of `$all`, in words.
async fn whole(client: &Client) -> Vec<String> {
    let all = ReadAllOptions::default().position(StreamPosition::Start);
    let mut read = client.read_all(&all).await.unwrap();
    let mut seen = Vec::new();
    while let Some(event) = read.next().await.unwrap() {
        let e = event.get_original_event();
        seen.push(format!("{} {} {} {} {}", e.position.commit, e.stream_id, e.revision, e.event_type, e.id));
    }
    seen
}

/// The revision of the first event of a stream.
async fn first(client: &Client, stream: &str) -> Result<Option<u64>, Error> {
    let options = ReadStreamOptions::default().max_count(1);
    let first = client.read_stream(stream, &options).await?.next().await?;
    Ok(first.map(|event| event.get_original_event().revision))
}

/// Everything a client can see, in words.
async fn seen(client: &Client) -> Vec<String> {
    let mut seen = whole(client).await;
    let forwards = ReadStreamOptions::default();
    for stream in ["long", "cut-0", "$$cut-1", "$streams", "$ce-cut", "$et-$deleted", "$bc-flow", "$$back"] {
        seen.push(format!("{stream} {:?}", revisions(client, stream, &forwards).await));
    }
    for stream in ["back", "nothing-0", "over-1"] {
        let error = first(client, stream).await.unwrap_err();
        assert!(matches!(error, Error::ResourceNotFound | Error::ResourceDeleted), "{error}");
        seen.push(format!("{stream} {error}"));
    }
    seen
}

/// Answers what was seen then, and writes on where the streams end.
async fn reopened(file: &Path, round: u64) -> Vec<String> {
    let (node, client) = start(Config { storage: Storage::File(file.into()), ..Config::default() }).await;
    let seen = seen(&client).await;
    for (stream, last) in [("cut-0", 2 + round), ("back", 7 + round)] {
        let exactly = AppendToStreamOptions::default().expected_revision(ExpectedRevision::Exact(last));
        client.append_to_stream(stream, &exactly, events(1)).await.unwrap();
    }
    client.delete_stream("back", &DeleteStreamOptions::default()).await.unwrap();
    node.shutdown().await;
    seen
}

/// As the first version of the format was.
fn without_indexes(file: &Path) {
    let db = rusqlite::Connection::open(file).unwrap();
    db.execute_batch("DROP TABLE chunks; DROP TABLE correlations; DROP TABLE gone; PRAGMA user_version = 1;")
        .unwrap();
}

#[test]
fn a_log_is_after_a_start_what_it_was_before() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let (node, client) =
            start(Config { storage: Storage::File(file.clone()), ..Config::default() }).await;
        fill(&client).await;
        let before = seen(&client).await;
        node.shutdown().await;
        let kept: i64 = rusqlite::Connection::open(&file)
            .unwrap()
            .query_row("SELECT count(*) FROM chunks", [], |row| row.get(0))
            .unwrap();
        assert_eq!(kept, 2, "20 026 records are two whole pieces");
        assert_eq!(reopened(&file, 0).await, before);
        without_indexes(&file);
        let old = reopened(&file, 1).await;
        let copy = folder.path().join("copy.db");
        std::fs::copy(&file, &copy).unwrap();
        without_indexes(&copy);
        assert_eq!(reopened(&file, 2).await, reopened(&copy, 2).await, "with the pieces as without");
        assert!(old.len() > before.len());
    });
}

fn correlated(count: usize, flow: &str) -> Vec<EventData> {
    let metadata = format!(r#"{{"$correlationId":"{flow}"}}"#);
    events(count).into_iter().map(|event| event.metadata(metadata.clone().into())).collect()
}

async fn append(client: &Client, stream: &str, events: Vec<EventData>) {
    client.append_to_stream(stream, &any(), events).await.unwrap();
}

async fn disable(node: &Node, projection: &str) {
    let caller = Caller::new(node.address());
    let service = "event_store.client.projections.Projections";
    assert_eq!(caller.call(service, "Disable", &[field(1, field(1, projection))]).await.status(), Some(0));
}

/// Where the statistics say that a projection is.
async fn position(node: &Node, projection: &str) -> Option<String> {
    let caller = Caller::new(node.address());
    let service = "event_store.client.projections.Projections";
    let answer = caller.call(service, "Statistics", &[field(1, field(1, projection))]).await;
    text(&part(&answer.messages[0], 1).unwrap(), 12)
}

/// The links of a file are worked out when somebody reads one; what is written before that has its links too.
#[test]
fn what_is_written_before_the_first_look_at_links_is_linked() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::File(folder.path().join("sandbox.db"));
        let config = Config { storage, ..Config::default() };
        let (node, client) = start(config.clone()).await;
        append(&client, "cut-0", correlated(2, "flow")).await;
        node.shutdown().await;
        let (node, client) = start(config.clone()).await;
        append(&client, "cut-1", correlated(1, "other")).await;
        append(&client, "cut-0", correlated(1, "flow")).await;
        disable(&node, "$by_category").await;
        append(&client, "cut-1", correlated(1, "flow")).await;
        client.tombstone_stream("cut-1", &TombstoneStreamOptions::default()).await.unwrap();
        let at = position(&node, "$streams").await;
        let written = whole(&client).await;
        let forwards = ReadStreamOptions::default();
        for (stream, links) in [("$bc-flow", 4), ("$bc-other", 1), ("$ce-cut", 4), ("$et-$deleted", 1)] {
            assert_eq!(
                revisions(&client, stream, &forwards).await,
                (0..links).collect::<Vec<_>>(),
                "{stream}"
            );
        }
        node.shutdown().await;
        let (node, client) = start(config).await;
        assert_eq!(position(&node, "$streams").await, at);
        assert_eq!(whole(&client).await, written);
    });
}

/// Several readers ask for links at once, and more is written while they are worked out.
#[test]
fn links_are_the_same_for_all_who_ask_first() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::File(folder.path().join("sandbox.db"));
        let config = Config { storage, ..Config::default() };
        let (node, client) = start(config.clone()).await;
        for _ in 0..8 {
            append(&client, "cut-0", events(5000)).await;
        }
        append(&client, "cut-0", correlated(3, "flow")).await;
        node.shutdown().await;
        let (node, client) = start(config.clone()).await;
        let last = ReadStreamOptions::default().position(StreamPosition::End).backwards().max_count(1);
        let newest = async |stream: &str| revisions(&client, stream, &last).await;
        let writes = async {
            for _ in 0..20 {
                append(&client, "cut-0", correlated(1, "flow")).await;
            }
        };
        let reads = async || (newest("$ce-cut").await[0], newest("$bc-flow").await[0]);
        let ((), one, two, three) = tokio::join!(writes, reads(), reads(), reads());
        for (category, flow) in [one, two, three] {
            assert!((40_002..=40_022).contains(&category) && (2..=22).contains(&flow), "{category} {flow}");
        }
        assert_eq!((newest("$ce-cut").await, newest("$bc-flow").await), (vec![40_022], vec![22]));
        let written = whole(&client).await;
        node.shutdown().await;
        let (_node, client) = start(config).await;
        assert!(whole(&client).await == written, "the links are other ones after a start");
    });
}

#[test]
fn a_reset_before_the_first_look_at_links_leaves_none_of_them() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::File(folder.path().join("sandbox.db"));
        let config = Config { storage, resettable: true, ..Config::default() };
        let (node, client) = start(config.clone()).await;
        for _ in 0..8 {
            append(&client, "old-0", correlated(5000, "old")).await;
        }
        node.shutdown().await;
        let (node, client) = start(config).await;
        // It is before, after or in the middle of the reset.
        let (reset, read) = tokio::join!(node.reset(), first(&client, "$ce-old"));
        reset.unwrap();
        assert!(matches!(read, Ok(_) | Err(Error::ResourceNotFound | Error::Grpc { .. })), "{read:?}");
        append(&client, "new-0", correlated(2, "new")).await;
        for (stream, links) in [("$ce-new", 2), ("$bc-new", 2), ("$streams", 2)] {
            assert_eq!(
                revisions(&client, stream, &ReadStreamOptions::default()).await.len(),
                links,
                "{stream}"
            );
        }
        for stream in ["$ce-old", "$bc-old"] {
            let gone = first(&client, stream).await;
            assert!(matches!(gone, Err(Error::ResourceNotFound)), "{stream}: {gone:?}");
        }
    });
}
