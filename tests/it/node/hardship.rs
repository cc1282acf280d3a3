//! Slow readers, silent connections, a disk with no room.

use super::basics::{events, start};
use crate::run;
use eventstore::{
    AppendToStreamOptions, Client, EventData, ReadStreamOptions, StreamPosition, SubscribeToStreamOptions,
    SubscriptionEvent,
};
use hindsight::node::{Config, running_address};
use std::process::{Command, Stdio};
use tokio::{io::AsyncWriteExt, net::TcpStream};

#[test]
fn a_subscriber_that_stops_reading_misses_nothing_and_holds_nobody_up() {
    const CALLS: usize = 50;
    const EACH: usize = 1_000;
    run(async {
        let (node, client) = start(Config::default()).await;
        let options = SubscribeToStreamOptions::default().start_from(StreamPosition::Start);
        let mut subscription = client.subscribe_to_stream("s", &options).await;
        while !matches!(subscription.next_subscription_event().await.unwrap(), SubscriptionEvent::CaughtUp) {}
        // Far more than socket and channels hold; nobody reads meanwhile.
        for _ in 0..CALLS {
            let big =
                (0..EACH).map(|_| EventData::binary("Big", vec![7; 1_000].into()).id(uuid::Uuid::new_v4()));
            let big: Vec<_> = big.collect();
            client.append_to_stream("s", &AppendToStreamOptions::default(), big).await.unwrap();
        }
        let mut next = 0;
        while next < (CALLS * EACH) as u64 {
            if let SubscriptionEvent::EventAppeared(event) =
                subscription.next_subscription_event().await.unwrap()
            {
                assert_eq!(event.get_original_event().revision, next);
                next += 1;
            }
        }
        node.shutdown().await;
    });
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
        let address = loop {
            assert!(child.try_wait().unwrap().is_none(), "it ended");
            if let Some(address) = running_address(&file) {
                break address;
            }
            tokio::task::yield_now().await;
        };
        let client = Client::new(format!("{address}&discoveryInterval=0").parse().unwrap()).unwrap();
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
