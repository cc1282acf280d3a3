//! The list of 100,000 streams of 1.17 million events, beside a bare loop over the same read: `cargo bench --bench list`.
//! `HINDSIGHT_BENCH_DIR` names a folder where the database is kept for the next run (a temporary folder otherwise).
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a bench prints, and has nobody to tell of a failure"
)]

use eventstore::{
    AppendToStreamOptions, Client, EventData, StreamPosition, SubscribeToAllOptions, SubscriptionEvent,
    SubscriptionFilter,
};
use futures::FutureExt;
use hindsight::app::{App, Intent, ListIntent, Settings};
use hindsight::node::{Config, Node, Storage};
use hindsight::store::{Session, Store, StoreError, Target};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Orders; the first of them has a million events.
const STREAMS: usize = 100_000;
const LONG: usize = 1_000_000;
/// Of ten orders, so many are paid: 1.17 million events in all.
const PAID: usize = 7;
/// Events in one append of the long order.
const EACH: usize = 2_500;
/// Appends under way at once.
const WRITERS: usize = 64;
/// Runs of each; the best counts, because what else the machine does only ever adds time.
const RUNS: usize = 2;
/// Between two frames.
const FRAME: Duration = Duration::from_millis(16);
/// Updates that the window takes in before a frame.
const BUDGET: usize = 64;

#[tokio::main]
async fn main() {
    let temporary = tempfile::tempdir().unwrap();
    let kept = std::env::var_os("HINDSIGHT_BENCH_DIR");
    let folder = kept.as_deref().map_or(temporary.path(), Path::new);
    let file = folder.join("list-bench.db");
    let is_made = file.exists();
    let cores = std::thread::available_parallelism().unwrap();
    println!("{cores} cores, client and node in one process, {}", file.display());
    let config = Config { storage: Storage::File(file), ..Config::default() };
    let node = Node::start(config).await.unwrap();
    let client =
        Client::new(format!("{}&discoveryInterval=0", node.connection_string()).parse().unwrap()).unwrap();
    if !is_made {
        let started = Instant::now();
        make(&client).await;
        println!("database made in {:.1?}", started.elapsed());
    }
    bare(&client).await;
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        best = best.min(bare(&client).await);
    }
    println!("bare loop over the read: {best:.2?}");
    terminal(&node, best).await;
    window(&node, best);
    println!("resident memory after all of it: {} MiB (client and node)", resident());
    node.shutdown().await;
}

fn event(kind: &str, data: String) -> EventData {
    EventData::binary(kind, data.into()).id(uuid::Uuid::new_v4())
}

fn created(id: &str, n: usize) -> EventData {
    let user = n * 7_919 % 1_000;
    let total = n * 104_729 % 90_000;
    event("OrderCreated", format!(r#"{{"OrderID":"{id}","UserID":"user{user}","Total":{total}.90}}"#))
}

/// The order's name does not tell its number, so that no list comes sorted.
fn id(n: usize) -> String {
    format!("{:08x}", (n as u32).wrapping_mul(2_654_435_761))
}

async fn make(client: &Client) {
    let long = format!("order-{}", id(0));
    let append = AppendToStreamOptions::default();
    client.append_to_stream(long.as_str(), &append, created(&id(0), 0)).await.unwrap();
    for first in (1..LONG).step_by(EACH) {
        let note = |n| {
            event("OrderNoteAdded", format!(r#"{{"Note":"{n:08x}","Text":"the customer called again"}}"#))
        };
        let events: Vec<_> = (first..(first + EACH).min(LONG)).map(note).collect();
        client.append_to_stream(long.as_str(), &append, events).await.unwrap();
    }
    let writer = |writer: usize| {
        let client = client.clone();
        tokio::spawn(async move {
            for n in (1..STREAMS).filter(|n| n % WRITERS == writer) {
                let id = id(n);
                let paid = event("OrderPaid", format!(r#"{{"OrderID":"{id}"}}"#));
                let paid = (n % 10 < PAID).then_some(paid);
                let events: Vec<_> = std::iter::once(created(&id, n)).chain(paid).collect();
                let append = AppendToStreamOptions::default();
                client.append_to_stream(format!("order-{id}"), &append, events).await.unwrap();
            }
        })
    };
    for task in (0..WRITERS).map(writer).collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

/// What any client must do: the events, and nothing done with them.
async fn bare(client: &Client) -> Duration {
    let started = Instant::now();
    let filter = SubscriptionFilter::on_stream_name().add_prefix("order-").add_prefix("$$order-");
    let options = SubscribeToAllOptions::default().position(StreamPosition::Start).filter(filter);
    let mut subscription = client.subscribe_to_all(&options).await;
    let mut count = 0_usize;
    loop {
        match subscription.next_subscription_event().await.unwrap() {
            SubscriptionEvent::EventAppeared(_) => count += 1,
            SubscriptionEvent::CaughtUp => break,
            _ => {}
        }
    }
    assert_eq!(count, LONG + (STREAMS - 1) + (1..STREAMS).filter(|n| n % 10 < PAID).count());
    started.elapsed()
}

/// As `hindsight list` reads it.
async fn terminal(node: &Node, bare: Duration) {
    let session = Session::connect(&node.connection_string()).await.unwrap();
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let started = Instant::now();
        assert_eq!(session.list("order").await.unwrap().len(), STREAMS);
        best = best.min(started.elapsed());
    }
    println!("list of {STREAMS} streams as the terminal reads it: {best:.2?}, {}", times(best, bare));
}

fn times(took: Duration, bare: Duration) -> String {
    format!("{:.2} of the bare loop", took.as_secs_f64() / bare.as_secs_f64())
}

/// The window without its drawing: what the store says is taken in before each frame.
struct Window {
    app: App,
    store: Store,
    worst: Duration,
}

impl Window {
    fn open(node: &Node) -> Self {
        let never = Arc::new(|| async { Err(StoreError::Server("no sandbox".into())) }.boxed());
        let store = Store::start(&tokio::runtime::Handle::current(), never, None, Arc::new(|| {}));
        let url = node.connection_string();
        let app = App::new(Target::Server((&*url).into()), "order", Settings::default());
        store.aim(&app.goal());
        Self { app, store, worst: Duration::ZERO }
    }

    /// What a frame does before it draws.
    fn frame(&mut self) {
        let started = Instant::now();
        for update in self.store.drain(BUDGET) {
            drop(self.app.absorb(update));
        }
        self.app.refresh();
        let took = started.elapsed();
        self.worst = self.worst.max(took);
        std::thread::sleep(FRAME.saturating_sub(took));
    }

    fn until_filled(&mut self) -> Duration {
        let started = Instant::now();
        while !self.app.listing().caught_up || self.app.list().len() < STREAMS {
            self.frame();
        }
        started.elapsed()
    }

    /// One intent and the refresh before the frame that shows it.
    fn apply(&mut self, intent: ListIntent) -> Duration {
        let started = Instant::now();
        drop(self.app.apply(Intent::List(intent)));
        self.app.refresh();
        started.elapsed()
    }
}

fn window(node: &Node, bare: Duration) {
    let mut best = Duration::MAX;
    let mut last = None;
    for _ in 0..RUNS {
        drop(last.take());
        let mut window = Window::open(node);
        best = best.min(window.until_filled());
        last = Some(window);
    }
    let Some(mut window) = last else { return };
    println!("list of the window: {best:.2?}, {}", times(best, bare));
    println!("the longest work before a frame meanwhile: {:.2?}", window.worst);
    let sorts: Vec<_> = window.app.list().sorts().collect();
    for sort in sorts.into_iter().rev() {
        let took = window.apply(ListIntent::Sort(sort));
        println!("sort of {STREAMS} rows by {}: {took:.2?}", window.app.list().sort_label(sort));
    }
    let mut typed = String::new();
    for c in "user12 a".chars() {
        typed.push(c);
        let took = window.apply(ListIntent::Filter(typed.clone()));
        println!("filter {typed:?}, {} rows: {took:.2?}", window.app.list().shown());
    }
    let took = window.apply(ListIntent::Filter("user1".to_owned()));
    println!("filter back to \"user1\": {took:.2?}");
    let took = window.apply(ListIntent::ClearFilter);
    println!("filter cleared: {took:.2?}");
}

fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 256
}
