//! Fuzz targets for what stands inside well-formed requests: event bodies, filters, pages of the port, orders over HTTP.

use crate::api::Service;
use bolero::check;
use eventstore::{
    AppendToStreamOptions, Client, DeleteStreamOptions, Error, EventData, ReadStreamOptions, StreamPosition,
    SubscribeToAllOptions, SubscriptionEvent, SubscriptionFilter,
};
use hindsight::node::{Config, Node};
use std::sync::LazyLock;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::runtime::Runtime;

/// Each input crosses a socket some times.
const RANDOM: usize = 200;
static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| Runtime::new().unwrap());
static NODE: LazyLock<Node> = LazyLock::new(|| RUNTIME.block_on(Node::start(Config::default())).unwrap());
static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let url = format!("{}&discoveryInterval=0", NODE.connection_string());
    let _inside = RUNTIME.enter();
    Client::new(url.parse().unwrap()).unwrap()
});

/// What is started late cannot be started from within the runtime.
#[track_caller]
fn go(input: impl Future<Output = ()>) {
    LazyLock::force(&CLIENT);
    RUNTIME.block_on(input);
}

async fn append(stream: &str, kind: &str, bytes: &[u8]) {
    let body = bytes::Bytes::copy_from_slice(bytes);
    let event = EventData::binary(kind, body.clone()).metadata(body).id(uuid::Uuid::new_v4());
    CLIENT.append_to_stream(stream, &AppendToStreamOptions::default(), event).await.unwrap();
}

/// Reads to the end; a stream that is not there is an answer.
async fn read(stream: &str) -> usize {
    let options = ReadStreamOptions::default().resolve_link_tos();
    let mut events = CLIENT.read_stream(stream, &options).await.unwrap();
    let mut count = 0;
    loop {
        match events.next().await {
            Ok(Some(_)) => count += 1,
            Ok(None) | Err(Error::ResourceNotFound) => return count,
            Err(error) => panic!("{error}"),
        }
    }
}

/// As stream metadata, as the data of a link, and as an event's own metadata.
#[test]
fn node_bodies() {
    check!().with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        go(async {
            let category = format!("fuzz{}", uuid::Uuid::new_v4().simple());
            let stream = format!("{category}-1");
            append(&stream, "$>", bytes).await;
            append(&format!("$${stream}"), "$metadata", bytes).await;
            assert!(read(&format!("$ce-{category}")).await >= 1);
            read(&stream).await;
            CLIENT.delete_stream(stream.as_str(), &DeleteStreamOptions::default()).await.unwrap();
            append(&format!("$${stream}"), "$metadata", bytes).await;
            append(&stream, "Noted", bytes).await;
            assert_eq!(read(&format!("$${stream}")).await, 1);
            read(&format!("$bc-{}", String::from_utf8_lossy(bytes))).await;
        });
    });
}

#[test]
fn node_filter() {
    check!().with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        go(async {
            append("filtered-1", "Noted", b"{}").await;
            for filter in [SubscriptionFilter::on_stream_name(), SubscriptionFilter::on_event_type()] {
                let options = SubscribeToAllOptions::default().position(StreamPosition::Start);
                let mut all = CLIENT.subscribe_to_all(&options.filter(filter.regex(&text))).await;
                // Caught up, or told that this is no pattern.
                while !matches!(all.next_subscription_event().await, Ok(SubscriptionEvent::CaughtUp) | Err(_))
                {
                }
            }
            assert!(read("filtered-1").await > 0, "it serves others");
        });
    });
}

#[test]
fn node_pages() {
    check!().with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        go(async {
            for before in ["GET /", ""] {
                let mut socket = tokio::net::TcpStream::connect(NODE.address()).await.unwrap();
                socket.write_all(&[before.as_bytes(), bytes, b"\r\n\r\n"].concat()).await.unwrap();
                socket.shutdown().await.unwrap();
                // An answer, or a closed door.
                drop(socket.read_to_end(&mut Vec::new()).await);
            }
            assert!(CLIENT.server_info().await.is_ok(), "it serves others");
        });
    });
}

#[test]
fn order_requests() {
    static SERVICE: LazyLock<Service> = LazyLock::new(|| RUNTIME.block_on(Service::start()));
    check!().with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        let service = &*SERVICE;
        go(async {
            let made = service.send("POST", "/orders", &[], &text).await;
            assert!(matches!(made.status, 200 | 400 | 409 | 413 | 422), "{} for {text:?}", made.status);
            assert_eq!(service.get("/health").await.status, 200, "it serves others");
        });
    });
}
