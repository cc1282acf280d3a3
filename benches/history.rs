//! Figures of long histories: `cargo bench --bench history`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a bench prints, and has nobody to tell of a failure"
)]

mod on_core;
mod resident;

use eventstore::{AppendToStreamOptions, Client, EventData, ReadStreamOptions, StreamPosition};
use futures::FutureExt;
use hindsight::aggregate::Registry;
use hindsight::history::{ChunkBuilder, Timeline};
use hindsight::node::{Config, Node};
use hindsight::record::{Created, Position, Record, Revision, StreamName};
use hindsight::store::{Goal, Life, Store, StoreError, Target, Ticket, Update};
use on_core::OnCore;
use resident::resident;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use uuid::Uuid;

const EVENTS: u64 = 1_000_000;
const EACH: usize = 2_500;
const STREAM: &str = "account-1";
/// Fields of the wide state.
const FIELDS: u64 = 10_000;
/// Places of a history that are gone to.
const PLACES: u64 = 2_000;

#[tokio::main]
async fn main() {
    // First, while the process holds nothing else.
    memory();
    let node = Node::start(Config::default()).await.unwrap();
    let url = node.connection_string();
    let client = Client::new(format!("{url}&discoveryInterval=0").parse().unwrap()).unwrap();
    write(&client).await;
    for _ in 0..2 {
        let bare = bare(&client).await;
        let (timeline, took, first) = opened(&url).await;
        println!("opened through the store, folded: {}, first rows after {first:.0?}", rate(took));
        println!("  of the bare loop's rate: {:.2}", bare.as_secs_f64() / took.as_secs_f64());
        drop(timeline);
    }
    drop(client);
    node.shutdown().await;
    let orders = folded("order-1", EVENTS, |n| match n % 3 {
        0 => ("OrderCreated", format!(r#"{{"OrderID":"1","UserID":"user{n}","Total":{}.90}}"#, n % 97)),
        1 => ("OrderPaid", r#"{"OrderID":"1"}"#.to_owned()),
        _ => ("OrderNoteAdded", r#"{"Note":"called the customer"}"#.to_owned()),
    });
    frames("an order", &orders);
    let accounts = folded(STREAM, EVENTS, account);
    frames("an account of eight fields", &accounts);
    let wide = folded("wide-1", 100_000, |n| {
        ("Set", format!(r#"{{"field{}":{n},"field{}":"{n}"}}"#, n % FIELDS, (n * 7 + 1) % FIELDS))
    });
    frames("a state of 10,000 fields", &wide);
}

/// 150 bytes each.
fn account(n: u64) -> (&'static str, String) {
    let text = format!(r#"{{"amount":{}.50,"balance":{n}.90,"by":"teller {}","note":""#, n % 97, n % 3);
    let rest = 150 - 2 - text.len();
    ("Deposited", format!(r#"{text}{}"}}"#, "x".repeat(rest)))
}

fn rate(took: Duration) -> String {
    format!("{:.0} events a second ({took:.2?})", EVENTS as f64 / took.as_secs_f64())
}

async fn write(client: &Client) {
    for batch in 0..EVENTS / EACH as u64 {
        let event = |n: u64| {
            let (kind, data) = account(batch * EACH as u64 + n);
            let raw: &serde_json::value::RawValue = serde_json::from_str(&data).unwrap();
            EventData::json(kind, &raw).unwrap().id(Uuid::new_v4())
        };
        let events: Vec<_> = (0..EACH as u64).map(event).collect();
        client.append_to_stream(STREAM, &AppendToStreamOptions::default(), events).await.unwrap();
    }
}

/// A loop over the official client, and nothing else.
async fn bare(client: &Client) -> Duration {
    let started = Instant::now();
    let options = ReadStreamOptions::default().position(StreamPosition::Start).max_count(usize::MAX);
    let mut read = client.read_stream(STREAM, &options).await.unwrap();
    let mut count = 0;
    while let Some(event) = read.next().await.unwrap() {
        black_box(event);
        count += 1;
    }
    assert_eq!(count, EVENTS);
    println!("a bare loop over the client: {}", rate(started.elapsed()));
    started.elapsed()
}

/// As the window does it; the time until all is folded, and until the first rows.
async fn opened(url: &str) -> (Timeline, Duration, Duration) {
    let woken = Arc::new(Notify::new());
    let wake = woken.clone();
    let never = Arc::new(|| async { Err(StoreError::NotReady) }.boxed());
    let runtime = tokio::runtime::Handle::current();
    let mut store = Store::start(&runtime, never, None, Arc::new(move || wake.notify_one()));
    let mut goal = Goal::listing(Target::Server(url.into()), "none");
    store.aim(&goal);
    while !store.drain(64).iter().any(|update| matches!(update, Update::Listing(list) if list.caught_up)) {
        woken.notified().await;
    }
    goal.opened = Some((Ticket(1), StreamName::new(STREAM)));
    let (started, mut first, mut newest) = (Instant::now(), None, None);
    store.aim(&goal);
    let name = StreamName::new(STREAM);
    let mut timeline = Timeline::new(Registry::default().for_stream(&name).clone(), name);
    loop {
        let updates = store.drain(256);
        if updates.is_empty() {
            woken.notified().await;
        }
        for update in updates {
            match update {
                Update::Chunk { chunk, .. } => {
                    first = first.or_else(|| Some(started.elapsed()));
                    timeline.append(*chunk);
                }
                Update::Newest { .. } => newest = newest.or_else(|| Some(started.elapsed())),
                Update::Life { life: Life::Live, .. } => {
                    println!("the newest events after {:?}", newest.unwrap_or_default());
                    assert_eq!(timeline.len() as u64, EVENTS);
                    return (timeline, started.elapsed(), first.unwrap());
                }
                _ => {}
            }
        }
    }
}

fn folded(stream: &str, events: u64, event: impl Fn(u64) -> (&'static str, String)) -> Timeline {
    let name = StreamName::new(stream);
    let aggregate = Registry::default().for_stream(&name).clone();
    let mut builder = ChunkBuilder::new(aggregate.clone(), name.clone());
    let mut timeline = Timeline::new(aggregate, name.clone());
    for n in 0..events {
        let (event_type, data) = event(n);
        let record = Record {
            stream: name.clone(),
            revision: Revision(n),
            id: Uuid::from_u128(n.into()),
            event_type: event_type.into(),
            created: Created(0),
            position: Position { commit: n, prepare: n },
            declared_json: true,
            data: data.as_bytes().into(),
            metadata: Box::default(),
            target: None,
        };
        builder.push((&record).into()).into_iter().for_each(|chunk| timeline.append(chunk));
    }
    builder.finish().into_iter().for_each(|chunk| timeline.append(chunk));
    timeline
}

fn memory() {
    let before = resident();
    let timeline = folded(STREAM, EVENTS, account);
    let payload = 150 * EVENTS;
    let more = resident().saturating_sub(before).saturating_sub(payload);
    println!(
        "memory of {EVENTS} events: {} MiB of payload, {} bytes beside it for each event; kept states: {:?}",
        payload >> 20,
        more / EVENTS,
        timeline.keyframes()
    );
}

/// Any place of a history, from nowhere near.
fn frames(what: &str, timeline: &Timeline) {
    let mut times: Vec<_> = (0..PLACES)
        .map(|n| {
            let at = usize::try_from(n * 7_919_777 % timeline.len() as u64).unwrap();
            let began = OnCore::start();
            black_box(timeline.frame(Some(at)));
            began.elapsed()
        })
        .collect();
    times.sort();
    println!(
        "a frame of {} events, {what}: median {:.0?}, worst {:.0?}; {:?}",
        timeline.len(),
        times[times.len() / 2],
        times[times.len() - 1],
        timeline.keyframes()
    );
}
