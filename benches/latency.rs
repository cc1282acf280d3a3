//! What a lone call costs against a server that acknowledges late, as real ones do: `cargo bench --bench latency`.
//! "crate" is eventstore alone, with Nagle's algorithm; "Hindsight" is the same client in a `Session`.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints, and has nobody to tell of a failure"
)]

use eventstore::{AppendToStreamOptions, Client, EventData, ReadStreamOptions};
use hindsight::decision::{Append, Expected, Proposed};
use hindsight::node::{Config, Node};
use hindsight::record::StreamName;
use hindsight::store::{Permit, Session};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

const CALLS: usize = 200;

#[tokio::main]
async fn main() {
    let node = Node::start(Config::default()).await.unwrap();
    let url = format!("esdb://{}?tls=false&discoveryInterval=0", late(node.address()).await);
    let client = Client::new(url.parse().unwrap()).unwrap();
    let alone = [append_alone(&client).await, read_alone(&client).await];
    let session = Session::connect(url).await.unwrap();
    let ours = [append(&session).await, read(&session).await];
    println!("| {CALLS} calls in a row, p50 / p99 | crate | Hindsight |");
    println!("|---|---|---|");
    for (row, what) in ["append of one event", "read of the newest event"].iter().enumerate() {
        println!("| {what} | {} | {} |", alone[row], ours[row]);
    }
}

/// The address of a proxy that leaves the kernel's delayed ACK on.
async fn late(node: SocketAddr) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            client.set_nodelay(true).unwrap();
            tokio::spawn(async move {
                let mut server = TcpStream::connect(node).await.unwrap();
                server.set_nodelay(true).unwrap();
                tokio::io::copy_bidirectional(&mut client, &mut server).await
            });
        }
    });
    address
}

async fn timed<T>(mut call: impl AsyncFnMut() -> T) -> String {
    let mut times = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let began = Instant::now();
        call().await;
        times.push(began.elapsed());
    }
    times.sort();
    let millis = |at: Duration| at.as_secs_f64() * 1000.0;
    format!("{:.2} / {:.2} ms", millis(times[CALLS / 2]), millis(times[CALLS * 99 / 100]))
}

async fn append_alone(client: &Client) -> String {
    timed(async || {
        let event = EventData::binary("Single", "{}".into()).id(Uuid::new_v4());
        client.append_to_stream("alone", &AppendToStreamOptions::default(), event).await.unwrap()
    })
    .await
}

async fn read_alone(client: &Client) -> String {
    let options = ReadStreamOptions::default().max_count(1).backwards();
    timed(async || client.read_stream("alone", &options).await.unwrap().next().await.unwrap().unwrap()).await
}

async fn append(session: &Session) -> String {
    timed(async || {
        let event = Proposed {
            id: Uuid::new_v4(),
            event_type: "Single".into(),
            data: b"{}".as_slice().into(),
            metadata: Box::default(),
        };
        let append = Append { stream: StreamName::new("ours"), expected: Expected::Any, events: vec![event] };
        session.writer().append(&append, Permit::Production).await.unwrap()
    })
    .await
}

async fn read(session: &Session) -> String {
    timed(async || session.event_at(None).await.unwrap().unwrap()).await
}
