//! Figures of the sandbox node, taken through the official client: `cargo bench --bench node`.
//! `HINDSIGHT_BENCH_DIR` names the disk to write to (a temporary folder otherwise). With `HINDSIGHT_BENCH_EVENTS=10000000` only
//! the start of a database of so many events is measured, once with the file dropped from the page cache.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a bench prints, and has nobody to tell of a failure"
)]

mod resident;

use eventstore::{
    AppendToStreamOptions, Client, EventData, ReadAllOptions, ReadStreamOptions, StreamPosition,
    SubscribeToAllOptions, SubscriptionEvent, SubscriptionFilter,
};
use hindsight::node::{Config, Node, Storage};
use hindsight::record::StreamName;
use hindsight::store::Session;
use resident::resident;
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Events of the large log: notes, and a few orders among them.
const NOTES: usize = 1_036_667;
const ORDERS: usize = 33_333;
const EACH: usize = 2500;
/// Events of a stream, and writers, of a large database.
const HUNDRED: usize = 100;
const WRITERS: usize = 16;

#[tokio::main]
async fn main() {
    let folder =
        std::env::var_os("HINDSIGHT_BENCH_DIR").map_or_else(tempfile::tempdir, tempfile::tempdir_in).unwrap();
    let file = folder.path().join("sandbox.db");
    let cores = std::thread::available_parallelism().unwrap();
    println!(
        "{cores} cores, client and node in one process, gRPC over loopback, each append synced to {}",
        file.display()
    );
    if let Some(events) = std::env::var_os("HINDSIGHT_BENCH_EVENTS") {
        let events = events.to_str().and_then(|text| text.parse().ok()).expect("a number of events");
        return start_with(&file, events).await;
    }
    start_with_samples(&folder.path().join("samples.db")).await;
    let (node, client) = open(&file, false).await;
    first_answer(&client).await;
    println!("resident memory, empty: {} MiB (client and node)", resident() >> 20);
    singles(&client, "1 writer", 1, 500).await;
    singles(&client, "32 writers", 32, 100).await;
    bulk(&client).await;
    orders(&client).await;
    reading(&client).await;
    beside_readers(&node, &client).await;
    filtered(&client).await;
    listed(&node).await;
    println!("resident memory after all of it: {} MiB (client and node)", resident() >> 20);
    node.shutdown().await;
    let started = Instant::now();
    let (_node, client) = open(&file, false).await;
    first_answer(&client).await;
    println!("start with {} events to first answer: {:?}", NOTES + ORDERS, started.elapsed());
    println!("resident memory then: {} MiB", resident() >> 20);
}

async fn open(file: &Path, samples: bool) -> (Node, Client) {
    let node = Node::start(Config { storage: Storage::File(file.into()), samples, ..Config::default() })
        .await
        .unwrap();
    let client = connect(&node);
    (node, client)
}

/// A client with a connection of its own.
fn connect(node: &Node) -> Client {
    Client::new(format!("{}&discoveryInterval=0", node.connection_string()).parse().unwrap()).unwrap()
}

async fn first_answer(client: &Client) {
    let options = ReadAllOptions::default().position(StreamPosition::End).max_count(1);
    client.read_all(&options).await.unwrap().next().await.unwrap();
}

async fn start_with_samples(file: &Path) {
    for what in ["new file with samples", "the same file again"] {
        let started = Instant::now();
        let (node, client) = open(file, true).await;
        let up = started.elapsed();
        first_answer(&client).await;
        println!("start, {what}: {up:?}, first answer {:?}", started.elapsed());
        node.shutdown().await;
    }
}

/// The start of a node whose log has so many events, in streams of a hundred.
async fn start_with(file: &Path, events: usize) {
    let (node, client) = open(file, false).await;
    let started = Instant::now();
    let streams = events.div_ceil(HUNDRED);
    let tasks: Vec<_> = (0..WRITERS)
        .map(|writer| {
            let client = client.clone();
            tokio::spawn(async move {
                for stream in (writer..streams).step_by(WRITERS) {
                    let events: Vec<_> = (stream * HUNDRED..(stream + 1) * HUNDRED)
                        .map(|n| event("OrderNoteAdded", n))
                        .collect();
                    let name = format!("order-{stream:08x}");
                    client.append_to_stream(name, &AppendToStreamOptions::default(), events).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    println!(
        "{events} events in {streams} streams: {:.0} events/s",
        events as f64 / started.elapsed().as_secs_f64()
    );
    node.shutdown().await;
    for what in ["dropped from the page cache", "in the page cache"] {
        if what.starts_with("dropped") {
            // Only clean pages are dropped.
            let open = std::fs::File::open(file).unwrap();
            open.sync_all().unwrap();
            #[cfg(target_os = "linux")]
            rustix::fs::fadvise(&open, 0, None, rustix::fs::Advice::DontNeed).unwrap();
        }
        let started = Instant::now();
        let (node, client) = open(file, false).await;
        let up = started.elapsed();
        first_answer(&client).await;
        println!(
            "start, {what}: {up:?}, first answer {:?}, resident memory {} MiB",
            started.elapsed(),
            resident() >> 20
        );
        node.shutdown().await;
    }
}

fn event(kind: &str, n: usize) -> EventData {
    let data = format!(r#"{{"OrderID":"{n:08x}","UserID":"user-{n}","Total":{n}.50}}"#);
    EventData::binary(kind, data.into()).id(uuid::Uuid::from_u128(n as u128 + 1))
}

/// Durable appends of one event, one after another in each of the writers.
async fn singles(client: &Client, how: &'static str, writers: usize, each: usize) {
    let started = Instant::now();
    let tasks: Vec<_> = (0..writers)
        .map(|w| {
            let client = client.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                for n in 0..each {
                    let began = Instant::now();
                    let name = format!("{how}-{w}");
                    let one = event("Single", n).id(uuid::Uuid::new_v4());
                    client.append_to_stream(name, &AppendToStreamOptions::default(), one).await.unwrap();
                    times.push(began.elapsed());
                }
                times
            })
        })
        .collect();
    let mut times: Vec<Duration> = Vec::new();
    for task in tasks {
        times.extend(task.await.unwrap());
    }
    times.sort();
    let rate = times.len() as f64 / started.elapsed().as_secs_f64();
    let at = |q: usize| times[times.len() * q / 100];
    println!("append of one event, {how}: p50 {:?}, p99 {:?}, {rate:.0}/s", at(50), at(99));
}

/// Appends on a connection of their own while another reads a million events twice at once, over and over.
async fn beside_readers(node: &Node, client: &Client) {
    let readers: Vec<_> = (0..2)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                loop {
                    let mut read = client.read_stream("notes", &ReadStreamOptions::default()).await.unwrap();
                    while read.next().await.unwrap().is_some() {}
                }
            })
        })
        .collect();
    singles(&connect(node), "1 writer beside 2 readers that keep both cores busy", 1, 500).await;
    for reader in readers {
        reader.abort();
    }
}

async fn bulk(client: &Client) {
    let started = Instant::now();
    for first in (0..NOTES).step_by(EACH) {
        let events: Vec<_> = (first..(first + EACH).min(NOTES)).map(|n| event("OrderNoteAdded", n)).collect();
        client.append_to_stream("notes", &AppendToStreamOptions::default(), events).await.unwrap();
    }
    println!("append, {EACH} events a call: {:.0} events/s", NOTES as f64 / started.elapsed().as_secs_f64());
}

/// 33 333 events in 20 000 streams.
async fn orders(client: &Client) {
    let started = Instant::now();
    let tasks: Vec<_> = (0..32)
        .map(|writer| {
            let client = client.clone();
            tokio::spawn(async move {
                for n in (writer..ORDERS).step_by(32) {
                    let name = format!("order-{:08x}", n % 20_000);
                    let one = event("OrderCreated", (1 << 60) + n);
                    client.append_to_stream(name, &AppendToStreamOptions::default(), one).await.unwrap();
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    println!(
        "20 000 order streams, 32 writers: {:.0} appends/s",
        ORDERS as f64 / started.elapsed().as_secs_f64()
    );
}

async fn reading(client: &Client) {
    let started = Instant::now();
    let mut read = client.read_stream("notes", &ReadStreamOptions::default()).await.unwrap();
    let (mut count, mut first, mut most) = (0_usize, None, 0);
    while read.next().await.unwrap().is_some() {
        first.get_or_insert_with(|| started.elapsed());
        count += 1;
        if count % 50_000 == 0 {
            most = most.max(resident() >> 20);
        }
    }
    let rate = count as f64 / started.elapsed().as_secs_f64();
    println!("read of a stream of {count} events: {rate:.0} events/s, the first after {first:?}");
    println!("resident memory while it was read: {most} MiB at most (client and node)");
}

async fn filtered(client: &Client) {
    let started = Instant::now();
    let filter = SubscriptionFilter::on_stream_name().add_prefix("order-");
    let options = SubscribeToAllOptions::default().position(StreamPosition::Start).filter(filter);
    let mut sub = client.subscribe_to_all(&options).await;
    let mut count = 0;
    loop {
        match sub.next_subscription_event().await.unwrap() {
            SubscriptionEvent::EventAppeared(_) => count += 1,
            SubscriptionEvent::CaughtUp => break,
            _ => {}
        }
    }
    println!("filtered $all, {count} of {} events: caught up after {:?}", NOTES + ORDERS, started.elapsed());
}

/// The window's list with the state of each stream.
async fn listed(node: &Node) {
    let session = Session::connect(&node.connection_string()).await.unwrap();
    let started = Instant::now();
    let rows = session.list("order").await.unwrap().len();
    println!("list of {rows} streams with their state, from $all: {:?}", started.elapsed());
    expire(&session).await;
    let started = Instant::now();
    let rows = session.list("order").await.unwrap();
    let expired = rows.iter().filter(|row| row.events == 0).count();
    println!("the same, {expired} of them expired: {:?}", started.elapsed());
    let started = Instant::now();
    let (records, ..) = session.read_resolved(&StreamName::new("notes"), 6).await.unwrap();
    println!("the first {} events of a million: {:?}", records.len(), started.elapsed());
}

/// Gives 500 orders an age of a second, and waits for it to pass.
async fn expire(session: &Session) {
    let client =
        Client::new(format!("esdb://{}?tls=false&discoveryInterval=0", session.address()).parse().unwrap());
    let client = client.unwrap();
    for n in 0..500 {
        let age = EventData::json("$metadata", &serde_json::json!({"$maxAge": 1})).unwrap();
        let name = format!("$$order-{n:08x}");
        client.append_to_stream(name, &AppendToStreamOptions::default(), age).await.unwrap();
    }
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
}
