//! Write, read and subscribe with the official client.

use crate::run;
use eventstore::{
    AppendToStreamOptions, Client, Error, EventData, ExpectedRevision, ReadStreamOptions, StreamPosition,
    SubscribeToAllOptions, SubscribeToStreamOptions, SubscriptionEvent,
};
use hindsight::node::{Config, Node, NodeError, Storage, running_address};
use serde_json::json;

pub async fn start(config: Config) -> (Node, Client) {
    let node = Node::start(config).await.unwrap();
    let text = format!("{}&discoveryInterval=0", node.connection_string());
    let client = Client::new(text.parse().unwrap()).unwrap();
    (node, client)
}

pub fn events(count: usize) -> Vec<EventData> {
    (0..count)
        .map(|n| EventData::json("Counted", &json!({ "n": n })).unwrap().id(uuid::Uuid::new_v4()))
        .collect()
}

pub async fn revisions(client: &Client, stream: &str, options: &ReadStreamOptions) -> Vec<u64> {
    let mut read = client.read_stream(stream, options).await.unwrap();
    let mut seen = Vec::new();
    while let Some(event) = read.next().await.unwrap() {
        seen.push(event.get_original_event().revision);
    }
    seen
}

fn exactly(expected: ExpectedRevision) -> AppendToStreamOptions {
    AppendToStreamOptions::default().expected_revision(expected)
}

#[test]
fn what_is_appended_is_read_in_both_directions() {
    run(async {
        let (node, client) = start(Config::default()).await;
        client.append_to_stream("s", &exactly(ExpectedRevision::NoStream), events(700)).await.unwrap();
        let forwards = ReadStreamOptions::default().position(StreamPosition::Start);
        assert_eq!(revisions(&client, "s", &forwards).await, (0..700).collect::<Vec<_>>());
        let backwards = ReadStreamOptions::default().position(StreamPosition::End).max_count(3);
        assert_eq!(revisions(&client, "s", &backwards).await, [699, 698, 697]);
        node.shutdown().await;
    });
}

#[test]
fn a_conflict_is_told_and_a_repeat_is_not_one() {
    run(async {
        let (_node, client) = start(Config::default()).await;
        let first = events(2);
        let none = exactly(ExpectedRevision::NoStream);
        let one = client.append_to_stream("s", &none, first.clone()).await.unwrap();
        let two = client.append_to_stream("s", &none, first).await.unwrap();
        assert_eq!(one.next_expected_version, two.next_expected_version);
        let refused = client.append_to_stream("s", &none, events(1)).await;
        assert!(matches!(refused, Err(Error::WrongExpectedVersion { .. })), "{refused:?}");
    });
}

#[test]
fn a_subscription_goes_from_history_to_live() {
    run(async {
        let (_node, client) = start(Config::default()).await;
        client.append_to_stream("s", &AppendToStreamOptions::default(), events(2)).await.unwrap();
        let options = SubscribeToStreamOptions::default().start_from(StreamPosition::Start);
        let mut sub = client.subscribe_to_stream("s", &options).await;
        let mut seen = Vec::new();
        while seen.len() < 4 {
            match sub.next_subscription_event().await.unwrap() {
                SubscriptionEvent::EventAppeared(event) => seen.push(event.get_original_event().revision),
                SubscriptionEvent::CaughtUp => {
                    client.append_to_stream("s", &AppendToStreamOptions::default(), events(2)).await.unwrap();
                }
                _ => {}
            }
        }
        assert_eq!(seen, [0, 1, 2, 3]);
    });
}

#[test]
fn a_file_keeps_its_events_and_has_one_server() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandbox.db");
        let config = Config { storage: Storage::File(file.clone()), samples: true, ..Config::default() };
        let (node, client) = start(config.clone()).await;
        assert_eq!(running_address(&file), Some(node.connection_string()));
        let second = Node::start(config.clone()).await;
        assert!(
            matches!(&second, Err(NodeError::InUse { address: Some(a), .. }) if *a == node.connection_string())
        );
        client.append_to_stream("mine", &AppendToStreamOptions::default(), events(3)).await.unwrap();
        node.shutdown().await;
        assert_eq!(running_address(&file), None);
        let (_node, client) = start(config).await;
        assert_eq!(revisions(&client, "mine", &ReadStreamOptions::default()).await, [0, 1, 2]);
    });
}

#[test]
fn a_reset_ends_subscriptions_and_brings_the_samples_back() {
    run(async {
        let (node, client) = start(Config { samples: true, ..Config::default() }).await;
        client.append_to_stream("mine", &AppendToStreamOptions::default(), events(3)).await.unwrap();
        let options = SubscribeToAllOptions::default().position(StreamPosition::End);
        let mut sub = client.subscribe_to_all(&options).await;
        while !matches!(sub.next_subscription_event().await.unwrap(), SubscriptionEvent::CaughtUp) {}
        node.reset().await.unwrap();
        assert!(sub.next_subscription_event().await.is_err());
        let mut read = client.read_stream("mine", &ReadStreamOptions::default()).await.unwrap();
        assert!(matches!(read.next().await, Err(Error::ResourceNotFound)));
        assert!(revisions(&client, "$ce-order", &ReadStreamOptions::default()).await.len() > 2000);
    });
}

#[test]
fn shutdown_ends_a_subscription_with_an_error() {
    run(async {
        let (node, client) = start(Config::default()).await;
        let mut sub = client.subscribe_to_stream("s", &SubscribeToStreamOptions::default()).await;
        while !matches!(sub.next_subscription_event().await.unwrap(), SubscriptionEvent::CaughtUp) {}
        node.shutdown().await;
        assert!(sub.next_subscription_event().await.is_err());
    });
}
