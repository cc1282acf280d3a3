//! What was acknowledged is there after the process was killed: once, in order and whole.

use super::child::spawn;
use crate::run;
use eventstore::{AppendToStreamOptions, Client, EventData, ExpectedRevision, ReadStreamOptions};
use hindsight::node::running_address;
use std::{
    collections::HashMap,
    path::Path,
    process::Child,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::task::JoinSet;
use uuid::Uuid;

/// `HINDSIGHT_KILL_ROUNDS` asks for more.
const ROUNDS: usize = 5;
const WRITERS: usize = 8;
/// Appends that were acknowledged in a round before the process is killed in the middle of more.
const LEAST: usize = 20;
/// Events of one append: all or none of them are there.
const TOGETHER: usize = 2;

/// Connects as soon as the child says where it is.
pub async fn connect(file: &Path, child: &mut Child) -> Client {
    loop {
        assert!(child.try_wait().unwrap().is_none(), "the server ended");
        if let Some(address) = running_address(file) {
            let client = Client::new(format!("{address}&discoveryInterval=0").parse().unwrap()).unwrap();
            if client.server_info().await.is_ok() {
                return client;
            }
        }
        tokio::task::yield_now().await;
    }
}

/// Half of the writers share a stream.
fn stream(writer: usize) -> String {
    if writer.is_multiple_of(2) { "shared".to_owned() } else { format!("own-{writer}") }
}

/// Appends until the process is gone; answers the stream and the ids that were acknowledged, in order.
async fn write(client: Client, writer: usize, acknowledged: Arc<AtomicUsize>) -> (String, Vec<Uuid>) {
    let options = AppendToStreamOptions::default().expected_revision(ExpectedRevision::Any);
    let (stream, mut kept) = (stream(writer), Vec::new());
    loop {
        let ids: Vec<Uuid> = (0..TOGETHER).map(|_| Uuid::new_v4()).collect();
        let events: Vec<_> =
            ids.iter().map(|id| EventData::json("Counted", &writer).unwrap().id(*id)).collect();
        if client.append_to_stream(stream.as_str(), &options, events).await.is_err() {
            return (stream, kept);
        }
        kept.extend(ids);
        acknowledged.fetch_add(1, Ordering::Relaxed);
    }
}

async fn ids(client: &Client, stream: &str) -> Vec<Uuid> {
    let mut read = client.read_stream(stream, &ReadStreamOptions::default()).await.unwrap();
    let mut ids = Vec::new();
    while let Some(event) = read.next().await.unwrap() {
        let event = event.get_original_event();
        assert_eq!(event.revision, ids.len() as u64);
        ids.push(event.id);
    }
    ids
}

/// Each once, and in this order among others.
#[track_caller]
fn holds(there: &[Uuid], acknowledged: &[Uuid]) {
    let places: HashMap<_, _> = there.iter().enumerate().map(|(place, id)| (id, place)).collect();
    assert_eq!(places.len(), there.len(), "no event is there twice");
    assert!(there.len().is_multiple_of(TOGETHER), "an append is whole or not there");
    let found: Vec<_> =
        acknowledged.iter().map(|id| places.get(id).expect("what was acknowledged is there")).collect();
    assert!(found.is_sorted(), "events are in the order of their acknowledgements");
}

#[test]
fn a_killed_node_has_lost_nothing_it_acknowledged() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let rounds = std::env::var("HINDSIGHT_KILL_ROUNDS").map_or(ROUNDS, |text| text.parse().unwrap());
        // By writer, because only one writer's acknowledgements have an order.
        let mut kept: HashMap<usize, (String, Vec<Uuid>)> = HashMap::new();
        for round in 0..rounds {
            let mut child = spawn(&file);
            let client = connect(&file, &mut child).await;
            for (stream, acknowledged) in kept.values() {
                holds(&ids(&client, stream).await, acknowledged);
            }
            let (acknowledged, mut writers) = (Arc::new(AtomicUsize::new(0)), JoinSet::new());
            for writer in 0..WRITERS {
                let writing = write(client.clone(), writer, acknowledged.clone());
                writers.spawn(async move { (writer, writing.await) });
            }
            // Another moment in each round.
            while acknowledged.load(Ordering::Relaxed) < LEAST + round % 17 {
                tokio::task::yield_now().await;
            }
            child.kill().unwrap();
            child.wait().unwrap();
            while let Some(ended) = writers.join_next().await {
                let (writer, (stream, ids)) = ended.unwrap();
                kept.entry(writer).or_insert((stream, Vec::new())).1.extend(ids);
            }
        }
        let mut child = spawn(&file);
        let client = connect(&file, &mut child).await;
        for (stream, acknowledged) in kept.values() {
            holds(&ids(&client, stream).await, acknowledged);
        }
        child.kill().unwrap();
        child.wait().unwrap();
    });
}
