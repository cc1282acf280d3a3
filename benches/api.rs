//! Figures of orders over HTTP, on the sandbox over loopback: `cargo bench --bench api`.
//! `HINDSIGHT_BENCH_DIR` names the disk to write to (a temporary folder otherwise).
//!
//! Compared are: an append of one event by the Rust client straight to the sandbox; an order created over HTTP (a request, and
//! the same append by the same crate, noted in the journal before and after); an order paid over HTTP (a request, a read of the
//! stream, a decision on it, and an append at the revision read). Client, service and sandbox share one process and its cores:
//! the time on a core of each covers all three.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::cast_precision_loss,
    reason = "a bench prints, and has nobody to tell of a failure"
)]

use eventstore::{AppendToStreamOptions, EventData, ExpectedRevision};
use futures::FutureExt;
use hindsight::api::{self, Api};
use hindsight::node::{Config, Node, Storage};
use hindsight::store::Resolve;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const CONNECTIONS: [usize; 2] = [1, 64];
/// Requests of one kind over all connections.
const REQUESTS: [usize; 2] = [1_000, 20_032];
const LONG: usize = 1_000_000;
const EACH: usize = 2_500;

#[tokio::main]
async fn main() {
    let folder =
        std::env::var_os("HINDSIGHT_BENCH_DIR").map_or_else(tempfile::tempdir, tempfile::tempdir_in).unwrap();
    let storage = Storage::File(folder.path().join("sandbox.db"));
    let node = Node::start(Config { storage, ..Config::default() }).await.unwrap();
    let client =
        eventstore::Client::new(format!("{}&discoveryInterval=0", node.connection_string()).parse().unwrap())
            .unwrap();
    let http = serve(node.connection_string(), folder.path()).await;
    for (connections, requests) in CONNECTIONS.into_iter().zip(REQUESTS) {
        let alone = bare(&client, connections, requests).await;
        let (created, orders) = creates(http, connections, requests).await;
        let paid = pays(http, connections, orders).await;
        println!(
            "of the bare rate, {connections} connections: creates {:.2}, pays {:.2}",
            created / alone,
            paid / alone
        );
    }
    rehydrations(&client, http, &folder.path().join("snapshots")).await;
}

async fn serve(url: String, data_dir: &Path) -> SocketAddr {
    let resolve: Resolve = Arc::new(move || std::future::ready(Ok(url.as_str().into())).boxed());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(api::serve(listener, Api::new(resolve, data_dir), std::future::pending()));
    address
}

/// One connection of a client that costs next to nothing, so that the service is measured and not the client.
struct Http(TcpStream);

impl Http {
    async fn connect(address: SocketAddr) -> Self {
        let socket = TcpStream::connect(address).await.unwrap();
        socket.set_nodelay(true).unwrap();
        Self(socket)
    }

    async fn send(&mut self, method: &str, path: &str, body: &str) -> Value {
        let (host, length) = (self.0.peer_addr().unwrap(), body.len());
        let request =
            format!("{method} {path} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {length}\r\n\r\n{body}");
        self.0.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::with_capacity(1024);
        loop {
            assert!(self.0.read_buf(&mut answer).await.unwrap() > 0, "the connection was closed");
            let Some(end) = answer.windows(4).position(|at| at == b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&answer[..end]).unwrap();
            assert!(head.starts_with("HTTP/1.1 200"), "{head}");
            let length = head.split("\r\n").find_map(|line| line.strip_prefix("content-length: ")).unwrap();
            let body = end + 4;
            if answer.len() == body + length.parse::<usize>().unwrap() {
                return serde_json::from_slice(&answer[body..]).unwrap();
            }
        }
    }
}

/// Runs the work of each connection side by side; prints and returns how many were done a second.
async fn measured<T: Send + 'static>(
    what: &str,
    tasks: Vec<impl Future<Output = Vec<(Duration, T)>> + Send + 'static>,
) -> (f64, Vec<T>) {
    let (started, connections, on_cores) = (Instant::now(), tasks.len(), on_cores());
    let tasks: Vec<_> = tasks.into_iter().map(tokio::spawn).collect();
    let (mut times, mut done) = (Vec::new(), Vec::new());
    for task in tasks {
        for (time, value) in task.await.unwrap() {
            times.push(time);
            done.push(value);
        }
    }
    let rate = times.len() as f64 / started.elapsed().as_secs_f64();
    times.sort();
    let at = |q: usize| times[times.len() * q / 100];
    let on_cores = on_cores.zip(self::on_cores()).map(|(then, now)| (now - then) / times.len() as f64 * 1e6);
    let on_cores = on_cores.map_or_else(String::new, |micros| format!(", {micros:.0} µs on a core each"));
    println!("{what}, {connections} connections: {rate:.0}/s, p50 {:?}, p99 {:?}{on_cores}", at(50), at(99));
    (rate, done)
}

/// Seconds that all threads of this process were on a core, where the system tells.
fn on_cores() -> Option<f64> {
    /// Of the clock that `/proc` counts in.
    const TICKS: f64 = 100.0;
    let text = std::fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = text.rsplit(')').next()?.split_whitespace().skip(11);
    let mut ticks = || fields.next()?.parse::<f64>().ok();
    Some((ticks()? + ticks()?) / TICKS)
}

/// The same events through the Rust client, with nothing in between.
async fn bare(client: &eventstore::Client, connections: usize, requests: usize) -> f64 {
    let task = |n: usize| {
        let client = client.clone();
        async move {
            let mut times = Vec::new();
            for i in 0..requests / connections {
                let id = format!("bare-{connections}-{n}-{i}");
                let data = json!({"OrderID": id, "UserID": "user123", "Total": 99.9});
                let event = EventData::json("OrderCreated", &data).unwrap().id(uuid::Uuid::new_v4());
                let options = AppendToStreamOptions::default().expected_revision(ExpectedRevision::NoStream);
                let began = Instant::now();
                client.append_to_stream(format!("order-{id}"), &options, event).await.unwrap();
                times.push((began.elapsed(), ()));
            }
            times
        }
    };
    measured("bare append", (0..connections).map(task).collect()).await.0
}

async fn creates(http: SocketAddr, connections: usize, requests: usize) -> (f64, Vec<String>) {
    let task = |_| async move {
        let (mut http, mut done) = (Http::connect(http).await, Vec::new());
        for _ in 0..requests / connections {
            let began = Instant::now();
            let answer = http.send("POST", "/orders", r#"{"UserID":"user123","Total":99.9}"#).await;
            done.push((began.elapsed(), answer["order_id"].as_str().unwrap().to_owned()));
        }
        done
    };
    measured("create over HTTP", (0..connections).map(task).collect()).await
}

async fn pays(http: SocketAddr, connections: usize, orders: Vec<String>) -> f64 {
    let share = orders.len() / connections;
    let task = |mine: &[String]| {
        let mine = mine.to_vec();
        async move {
            let (mut http, mut done) = (Http::connect(http).await, Vec::new());
            for id in mine {
                let began = Instant::now();
                http.send("POST", &format!("/orders/{id}/pay"), "").await;
                done.push((began.elapsed(), ()));
            }
            done
        }
    };
    measured("pay over HTTP", orders.chunks(share).map(task).collect()).await.0
}

/// An order with a million notes: read whole, then from its snapshot and the tail.
async fn rehydrations(client: &eventstore::Client, http: SocketAddr, snapshots: &Path) {
    let order = json!({"OrderID": "long", "UserID": "user123", "Total": 99.9});
    let order = EventData::json("OrderCreated", &order).unwrap().id(uuid::Uuid::new_v4());
    client.append_to_stream("order-long", &AppendToStreamOptions::default(), order).await.unwrap();
    for _ in 0..LONG / EACH {
        let note =
            |n| EventData::json("OrderNoteAdded", &json!({ "Note": n })).unwrap().id(uuid::Uuid::new_v4());
        let notes: Vec<_> = (0..EACH).map(note).collect();
        client.append_to_stream("order-long", &AppendToStreamOptions::default(), notes).await.unwrap();
    }
    for what in ["without a snapshot", "with its snapshot"] {
        let mut http = Http::connect(http).await;
        let began = Instant::now();
        http.send("GET", "/orders/long", "").await;
        println!("rehydrated an order of {LONG} events {what}: {:?}", began.elapsed());
    }
    let kept = std::fs::read_dir(snapshots).map_or(0, Iterator::count);
    println!("snapshot folders kept: {kept}");
}
