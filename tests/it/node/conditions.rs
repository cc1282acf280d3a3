//! Conditions of a real server that clients must live with: events that nothing links, limits that expire, late answers.

use super::basics::{events, revisions, start};
use super::grpc::{Caller, STREAMS, append_event, event, field};
use crate::run;
use eventstore::{
    AppendToStreamOptions, Client, Error, EventData, ReadAllOptions, ReadStreamOptions, StreamPosition,
    SubscribeToStreamOptions, SubscriptionEvent,
};
use hindsight::node::{Config, Connections, Node, Security, Storage};
use serde_json::json;
use std::time::{Duration, Instant};

fn any() -> AppendToStreamOptions {
    AppendToStreamOptions::default()
}

/// What the events of a computed stream name.
async fn named(client: &Client, stream: &str) -> Vec<String> {
    let mut read = client.read_stream(stream, &ReadStreamOptions::default()).await.unwrap();
    let mut named = Vec::new();
    loop {
        match read.next().await {
            Ok(Some(event)) => named.push(String::from_utf8(event.event.unwrap().data.to_vec()).unwrap()),
            Ok(None) | Err(Error::ResourceNotFound) => return named,
            Err(error) => panic!("{error}"),
        }
    }
}

async fn lists(client: &Client) -> [Vec<String>; 5] {
    let ours = |names: Vec<String>| names.into_iter().filter(|name| name.contains("list-")).collect();
    [
        ours(named(client, "$streams").await),
        named(client, "$ce-list").await,
        named(client, "$et-Told").await,
        named(client, "$category-list").await,
        named(client, "$bc-flow").await,
    ]
}

#[test]
fn nothing_links_an_event_that_says_it_is_json_and_is_not() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let config = Config { storage: Storage::File(folder.path().join("s.db")), ..Config::default() };
        let (node, client) = start(config.clone()).await;
        let caller = Caller::new(node.address());
        let deep = "[".repeat(65) + &"]".repeat(65);
        let broken = ["", "NaN", "\u{FEFF}{}", "garbage", &deep];
        let fine = ["{\"a\":1,}", "{} // said", &deep[1..129]];
        for (n, data) in broken.into_iter().chain(fine).enumerate() {
            let told = [event("Told", data.as_bytes()), field(3, r#"{"$correlationId":"flow"}"#)].concat();
            let answer = caller.call(STREAMS, "Append", &append_event(&format!("list-{n}"), &told)).await;
            assert_eq!(answer.status(), Some(0), "{data}");
        }
        let links = ["0@list-5", "0@list-6", "0@list-7"].map(str::to_owned).to_vec();
        let names = ["list-5", "list-6", "list-7"].map(str::to_owned).to_vec();
        let expected = [links.clone(), links.clone(), links.clone(), names, links];
        assert_eq!(lists(&client).await, expected);
        let mut read = client.read_stream("list-0", &ReadStreamOptions::default()).await.unwrap();
        assert!(read.next().await.unwrap().is_some(), "the event is there all the same");
        node.shutdown().await;
        let (_node, client) = start(config).await;
        assert_eq!(lists(&client).await, expected, "also after a start");
    });
}

#[test]
fn bytes_that_claim_nothing_are_linked() {
    run(async {
        let (_node, client) = start(Config::default()).await;
        let bytes = EventData::binary("Told", "garbage".into()).id(uuid::Uuid::new_v4());
        client.append_to_stream("list-0", &any(), bytes).await.unwrap();
        assert_eq!(named(&client, "$ce-list").await, ["0@list-0"]);
    });
}

/// The next event, and how often the subscription caught up before.
async fn next(subscription: &mut eventstore::Subscription) -> (u64, u32) {
    let mut caught_up = 0;
    loop {
        match subscription.next_subscription_event().await.unwrap() {
            SubscriptionEvent::EventAppeared(event) => {
                return (event.get_original_event().revision, caught_up);
            }
            SubscriptionEvent::CaughtUp => caught_up += 1,
            _ => {}
        }
    }
}

#[test]
fn events_expire_as_time_goes_by() {
    run(async {
        let (_node, client) = start(Config::default()).await;
        let metadata = EventData::json("$metadata", &json!({"$maxAge": 1})).unwrap();
        client.append_to_stream("$$s", &any(), metadata).await.unwrap();
        client.append_to_stream("s", &any(), events(2)).await.unwrap();
        let link = EventData::binary("$>", "1@s".into()).id(uuid::Uuid::new_v4());
        client.append_to_stream("links", &any(), link).await.unwrap();
        let from_start = SubscribeToStreamOptions::default().start_from(StreamPosition::Start);
        let mut early = client.subscribe_to_stream("s", &from_start).await;
        assert_eq!([next(&mut early).await, next(&mut early).await], [(0, 0), (1, 0)]);
        while !revisions(&client, "s", &ReadStreamOptions::default()).await.is_empty() {
            tokio::task::yield_now().await;
        }
        let mut late = client.subscribe_to_stream("s", &from_start).await;
        while !matches!(late.next_subscription_event().await.unwrap(), SubscriptionEvent::CaughtUp) {}
        let options = ReadStreamOptions::default().resolve_link_tos();
        let mut read = client.read_stream("links", &options).await.unwrap();
        let resolved = read.next().await.unwrap().unwrap();
        assert!(resolved.event.is_none() && resolved.link.is_some(), "the target is gone");
        client.append_to_stream("s", &any(), events(1)).await.unwrap();
        assert_eq!([next(&mut early).await, next(&mut late).await], [(2, 1), (2, 0)]);
        let mut all =
            client.read_all(&ReadAllOptions::default().position(StreamPosition::Start)).await.unwrap();
        let mut kept = 0;
        while let Some(event) = all.next().await.unwrap() {
            kept += u32::from(event.get_original_event().stream_id == "s");
        }
        assert_eq!(kept, 3, "$all keeps what has expired");
    });
}

/// The median of some appends of the official client, which leaves Nagle on.
async fn append_time(connections: Connections) -> Duration {
    let node = Node::start_with(Config::default(), Security::default(), connections).await.unwrap();
    let text = format!("{}&discoveryInterval=0", node.connection_string());
    let client = Client::new(text.parse().unwrap()).unwrap();
    let mut times = Vec::new();
    // A system acknowledges at once at the beginning of a connection.
    for n in 0..60 {
        let started = Instant::now();
        client.append_to_stream("s", &any(), events(1)).await.unwrap();
        times.extend((n >= 30).then(|| started.elapsed()));
    }
    times.sort_unstable();
    times[times.len() / 2]
}

#[cfg(target_os = "linux")]
#[test]
fn lazy_acknowledgement_makes_clients_wait() {
    run(async {
        let (prompt, lazy) = (
            append_time(Connections::default()).await,
            append_time(Connections { lazy_ack: true, ..Connections::default() }).await,
        );
        assert!(lazy > Duration::from_millis(30) && lazy > prompt, "{lazy:?} and {prompt:?}");
    });
}
