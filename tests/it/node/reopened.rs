//! A log of more than one piece answers after a start as it did before, also where an earlier version wrote it.

use super::basics::{events, revisions, start};
use crate::run;
use eventstore::{
    AppendToStreamOptions, Client, DeleteStreamOptions, Error, EventData, ExpectedRevision, ReadAllOptions,
    ReadStreamOptions, StreamPosition, TombstoneStreamOptions,
};
use hindsight::node::{Config, Storage};
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

/// Everything a client can see, in words.
async fn seen(client: &Client) -> Vec<String> {
    let all = ReadAllOptions::default().position(StreamPosition::Start);
    let mut read = client.read_all(&all).await.unwrap();
    let mut seen = Vec::new();
    while let Some(event) = read.next().await.unwrap() {
        let e = event.get_original_event();
        seen.push(format!("{} {} {} {} {}", e.position.commit, e.stream_id, e.revision, e.event_type, e.id));
    }
    let forwards = ReadStreamOptions::default();
    for stream in ["long", "cut-0", "$$cut-1", "$streams", "$ce-cut", "$et-$deleted", "$bc-flow", "$$back"] {
        seen.push(format!("{stream} {:?}", revisions(client, stream, &forwards).await));
    }
    for stream in ["back", "nothing-0", "over-1"] {
        let error = match client.read_stream(stream, &forwards).await {
            Ok(mut read) => read.next().await.unwrap_err(),
            Err(refused) => refused,
        };
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
