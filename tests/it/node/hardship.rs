//! Slow readers, silent connections, a disk with no room.

use super::basics::{events, start};
use crate::run;
use eventstore::{
    AppendToStreamOptions, Client, EventData, ReadStreamOptions, StreamPosition, SubscribeToStreamOptions,
    SubscriptionEvent,
};
use hindsight::node::{Config, Node};
use std::process::{Command, Stdio};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Events that are appended while a subscriber does not read; `HINDSIGHT_SLOW_EVENTS` asks for more.
const MISSED: usize = 50_000;
/// Events of one append, a kilobyte each.
const EACH: usize = 1_000;
/// Bytes that the node takes whatever its length: the newest events, the file's cache, buffers of connections.
const FIXED: usize = 32 << 20;
/// Bytes that it takes for an event: its place in the index.
const EVENT: usize = 24;

/// Resident memory of a process in bytes, where the system tells.
fn resident(pid: u32) -> usize {
    let text = std::fs::read_to_string(format!("/proc/{pid}/statm")).unwrap_or_default();
    text.split_whitespace().nth(1).map_or(0, |pages| pages.parse::<usize>().unwrap() * 4096)
}

#[test]
fn a_subscriber_that_stops_reading_misses_nothing_and_holds_nobody_up() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let mut child = super::child::spawn(&file);
        let client = super::durable::connect(&file, &mut child).await;
        let options = SubscribeToStreamOptions::default().start_from(StreamPosition::Start);
        let mut subscription = client.subscribe_to_stream("s", &options).await;
        while !matches!(subscription.next_subscription_event().await.unwrap(), SubscriptionEvent::CaughtUp) {}
        let missed = std::env::var("HINDSIGHT_SLOW_EVENTS").map_or(MISSED, |text| text.parse().unwrap());
        let before = resident(child.id());
        // Far more than socket and channels hold; nobody reads meanwhile.
        for _ in 0..missed / EACH {
            let big =
                (0..EACH).map(|_| EventData::binary("Big", vec![7; 1_000].into()).id(uuid::Uuid::new_v4()));
            let big: Vec<_> = big.collect();
            client.append_to_stream("s", &AppendToStreamOptions::default(), big).await.unwrap();
        }
        let grown = resident(child.id()).saturating_sub(before);
        assert!(
            grown < FIXED + missed * EVENT,
            "{missed} events of a kilobyte wait in {grown} bytes of memory"
        );
        let mut next = 0;
        while next < missed as u64 {
            if let SubscriptionEvent::EventAppeared(event) =
                subscription.next_subscription_event().await.unwrap()
            {
                assert_eq!(event.get_original_event().revision, next);
                next += 1;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
    });
}

/// On a clock that goes on by itself as soon as everybody waits.
#[test]
fn who_never_asks_anything_is_let_go() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    let test = async {
        let node = Node::start(Config::default()).await.unwrap();
        for said in ["", "PRI * HT", "GET /info HTTP/1.1\r\nhost: x\r\n"] {
            let mut socket = TcpStream::connect(node.address()).await.unwrap();
            socket.write_all(said.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            socket.read_to_end(&mut answer).await.unwrap();
            assert_eq!(String::from_utf8_lossy(&answer), "", "{said:?}");
        }
    };
    let ended = runtime.unwrap().block_on(async { tokio::time::timeout(crate::HANGS, test).await });
    assert!(ended.is_ok(), "a connection was kept");
}

#[test]
fn connections_that_say_nothing_or_half_a_word_keep_nobody_out() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let mut held = Vec::new();
        for n in 0..300 {
            let mut socket = TcpStream::connect(node.address()).await.unwrap();
            socket.write_all(&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x04"[..n % 26]).await.unwrap();
            held.push(socket);
        }
        client.append_to_stream("s", &AppendToStreamOptions::default(), events(1)).await.unwrap();
        let other = Client::new(node.connection_string().parse().unwrap()).unwrap();
        let mut read = other.read_stream("s", &ReadStreamOptions::default()).await.unwrap();
        assert!(read.next().await.unwrap().is_some());
        drop(held);
    });
}

/// A limit on the size of a file stands for a disk with no room left.
#[cfg(unix)]
#[test]
fn a_full_disk_refuses_writes_and_goes_on_reading() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let limited = r#"trap '' XFSZ; ulimit -f 2048; exec "$@""#;
        let mut child = Command::new("sh")
            .args(["-c", limited, "sh", env!("CARGO_BIN_EXE_hindsight"), "--data-dir"])
            .arg(folder.path())
            .args(["serve", "--listen", "127.0.0.1:0", "--file"])
            .arg(&file)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let client = super::durable::connect(&file, &mut child).await;
        let mut acknowledged = 0;
        let refused = loop {
            let big = EventData::binary("Big", vec![7; 50_000].into()).id(uuid::Uuid::new_v4());
            match client.append_to_stream("s", &AppendToStreamOptions::default(), big).await {
                Ok(_) => acknowledged += 1,
                Err(error) => break error.to_string(),
            }
            assert!(acknowledged < 1_000, "the disk never filled");
        };
        assert!(refused.to_lowercase().contains("disk"), "{refused}");
        let kept = super::basics::revisions(&client, "s", &ReadStreamOptions::default()).await;
        assert_eq!(kept, (0..acknowledged).collect::<Vec<u64>>(), "all that was acknowledged, and no more");
        child.kill().unwrap();
        child.wait().unwrap();
    });
}
