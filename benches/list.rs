//! The list of 100,000 streams of 1.17 million events, beside a bare loop over the same read: `cargo bench --bench list`.
//! `HINDSIGHT_BENCH_DIR` names a folder where the database is kept for the next run (a temporary folder otherwise).
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a bench prints, and has nobody to tell of a failure"
)]

mod on_core;
mod resident;

use eventstore::{
    AppendToStreamOptions, Client, EventData, StreamPosition, SubscribeToAllOptions, SubscriptionEvent,
    SubscriptionFilter,
};
use futures::FutureExt;
use hindsight::aggregate::{Condition, Registry};
use hindsight::app::{App, Intent, ListIntent, Settings};
use hindsight::node::{Config, Node, Storage};
use hindsight::record::Created;
use hindsight::store::{KeptLists, PastList, Session, Store, StoreError, Target};
use on_core::OnCore;
use resident::resident;
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
const CHANGES: usize = 7;
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
    let mut bare_read = Took::LONGEST;
    for _ in 0..RUNS {
        bare_read = bare_read.min(bare(&client).await);
    }
    println!("bare loop over the read: {bare_read}");
    let lists = KeptLists::in_folder(temporary.path());
    terminal(&node, bare_read, &lists).await;
    window(&node, bare_read, &lists);
    past(&node).await;
    println!("resident memory after all of it: {} MiB (client and node)", resident() >> 20);
    node.shutdown().await;
}

/// How long something took on the clock, and how much of the processors all of this program took meanwhile.
#[derive(Clone, Copy)]
struct Took {
    clock: Duration,
    processors: Duration,
}

impl Took {
    const LONGEST: Self = Self { clock: Duration::MAX, processors: Duration::MAX };

    fn since((started, processors): (Instant, Duration)) -> Self {
        Self { clock: started.elapsed(), processors: on_processors("self/stat").saturating_sub(processors) }
    }

    fn now() -> (Instant, Duration) {
        (Instant::now(), on_processors("self/stat"))
    }

    fn min(self, other: Self) -> Self {
        Self { clock: self.clock.min(other.clock), processors: self.processors.min(other.processors) }
    }

    fn times(self, bare: Self) -> String {
        let ratio = |a: Duration, b: Duration| a.as_secs_f64() / b.as_secs_f64();
        let (clock, processors) = (ratio(self.clock, bare.clock), ratio(self.processors, bare.processors));
        format!("{clock:.2} of the bare loop ({processors:.2} of its processor time)")
    }
}

impl std::fmt::Display for Took {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "{:.2?} ({:.2?} of processor time)", self.clock, self.processors)
    }
}

/// What a process was on the processors, in ticks of 10 ms.
fn on_processors(of: &str) -> Duration {
    let text = std::fs::read_to_string(format!("/proc/{of}")).unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11);
    let ticks: u64 = fields.take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
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
    format!("{:08x}", u32::try_from(n).unwrap().wrapping_mul(2_654_435_761))
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
async fn bare(client: &Client) -> Took {
    let started = Took::now();
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
    Took::since(started)
}

/// As `hindsight list` reads it.
async fn terminal(node: &Node, bare: Took, lists: &KeptLists) {
    let session = Session::connect(&node.connection_string()).await.unwrap();
    let mut best = Took::LONGEST;
    for _ in 0..RUNS {
        let started = Took::now();
        assert_eq!(session.list("order").await.unwrap().len(), STREAMS);
        best = best.min(Took::since(started));
    }
    println!("list of {STREAMS} streams as the terminal reads it: {best}, {}", best.times(bare));
    let started = Took::now();
    session.list_keeping("order", Registry::default(), Some(lists.clone())).await.unwrap();
    println!("the same, kept on disk for the next start: {}", Took::since(started));
    let started = Took::now();
    assert_eq!(
        session.list_keeping("order", Registry::default(), Some(lists.clone())).await.unwrap().0.len(),
        STREAMS
    );
    println!("the next start of the terminal: {}", Took::since(started));
}

/// The window without its drawing: what the store says is taken in before each frame.
struct Window {
    app: App,
    store: Store,
    worst: Duration,
}

impl Window {
    fn open(node: &Node, lists: Option<KeptLists>) -> Self {
        let never = Arc::new(|| async { Err(StoreError::Server("no sandbox".into())) }.boxed());
        let runtime = tokio::runtime::Handle::current();
        let store = Store::keeping(&runtime, never, None, lists, Arc::new(|| {}));
        let url = node.connection_string();
        let app = App::new(Target::Server((&*url).into()), "order", Settings::default());
        store.aim(&app.goal());
        Self { app, store, worst: Duration::ZERO }
    }

    /// What a frame does before it draws.
    fn frame(&mut self) {
        let (started, core) = (Instant::now(), OnCore::start());
        for update in self.store.drain(BUDGET) {
            drop(self.app.absorb(update));
        }
        self.app.refresh();
        self.worst = self.worst.max(core.elapsed());
        std::thread::sleep(FRAME.saturating_sub(started.elapsed()));
    }

    fn until(&mut self, holds: impl Fn(&App) -> bool) -> Took {
        let started = Took::now();
        while !holds(&self.app) {
            self.frame();
        }
        Took::since(started)
    }

    /// One intent and the refresh before the frame that shows it; the best of several.
    fn apply(&mut self, before: &ListIntent, intent: &ListIntent) -> Duration {
        let mut best = Duration::MAX;
        for _ in 0..CHANGES {
            drop(self.app.apply(Intent::List(before.clone())));
            self.app.refresh();
            let started = Instant::now();
            drop(self.app.apply(Intent::List(intent.clone())));
            self.app.refresh();
            best = best.min(started.elapsed());
        }
        best
    }
}

fn is_whole(app: &App) -> bool {
    app.list().len() == STREAMS
}

fn window(node: &Node, bare: Took, lists: &KeptLists) {
    let (mut best, mut worst) = (Took::LONGEST, Duration::MAX);
    for _ in 0..RUNS {
        let mut window = Window::open(node, None);
        best = best.min(window.until(|app| app.listing().caught_up && is_whole(app)));
        worst = worst.min(window.worst);
    }
    println!("list of the window: {best}, {}", best.times(bare));
    println!("the longest work before a frame meanwhile: {worst:.2?}");
    let mut best = Took::LONGEST;
    for _ in 0..RUNS {
        let mut window = Window::open(node, Some(lists.clone()));
        best = best.min(window.until(is_whole));
        window.until(|app| app.listing().caught_up);
        worst = worst.min(window.worst);
    }
    println!("the next start of the window, all rows there: {best}");
    let mut window = Window::open(node, Some(lists.clone()));
    window.until(|app| app.listing().caught_up && is_whole(app));
    println!("the longest work before a frame meanwhile: {:.2?}", window.worst);
    changes(&mut window);
}

/// The list at other moments, once the events are there.
async fn past(node: &Node) {
    let session = Session::connect(&node.connection_string()).await.unwrap();
    let mut past = PastList::new("order", Registry::default());
    let started = Took::now();
    past.at(&session, Created(0)).await.unwrap();
    println!("events read for the past of {STREAMS} streams: {}", Took::since(started));
    let newest = session.list("order").await.unwrap().iter().filter_map(|row| row.last_event).max().unwrap();
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let mut fresh = PastList::new("order", Registry::default());
        fresh.hold(&session).await.unwrap();
        let started = Instant::now();
        assert_eq!(fresh.at(&session, newest).await.unwrap().len(), STREAMS);
        best = best.min(started.elapsed());
        past = fresh;
    }
    println!("list of {STREAMS} streams at a moment, the first time: {best:.2?}");
    for (label, ticks) in [("1 ms", 10_000), ("100 ms", 1_000_000), ("1 s", 10_000_000)] {
        let mut best = Duration::MAX;
        for _ in 0..CHANGES {
            past.at(&session, newest).await.unwrap();
            let started = Instant::now();
            past.at(&session, Created(newest.0 - ticks)).await.unwrap();
            best = best.min(started.elapsed());
        }
        println!("the same, {label} earlier: {best:.2?}, {} streams", past.rows().len());
    }
    for text in ["Paid && Total > 50", "problem", "Missing exists"] {
        let condition = Arc::new(Condition::parse(text).unwrap());
        let started = Instant::now();
        let (found, streams) = past.ever(&session, &condition, None).await.unwrap();
        println!("ever {text}: {:.1?}, in {} of {streams}", started.elapsed(), found.len());
    }
    println!("resident memory with the past: {} MiB (client and node)", resident() >> 20);
}

/// Sorting and typing: one intent, and the refresh before the frame that shows it.
fn changes(window: &mut Window) {
    let sorts: Vec<_> = window.app.list().sorts().collect();
    for &sort in &sorts {
        let other = sorts.iter().find(|other| **other != sort).copied().unwrap_or_default();
        let took = window.apply(&ListIntent::Sort(other), &ListIntent::Sort(sort));
        println!("sort of {STREAMS} rows by {}: {took:.2?}", window.app.list().sort_label(sort));
    }
    let filter = |text: &str| ListIntent::Filter(text.to_owned());
    let typed = "user12 a";
    for end in 1..=typed.len() {
        let took = window.apply(&filter(&typed[..end - 1]), &filter(&typed[..end]));
        println!("filter {:?}, {} rows: {took:.2?}", &typed[..end], window.app.list().shown());
    }
    let took = window.apply(&filter("user12"), &filter("user1"));
    println!("filter back to \"user1\", {} rows: {took:.2?}", window.app.list().shown());
    let took = window.apply(&filter("user12"), &ListIntent::ClearFilter);
    println!("filter cleared: {took:.2?}");
}
