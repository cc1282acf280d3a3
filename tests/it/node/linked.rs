//! The projections' links as records of `$all`, each behind its target.

use super::basics::{events, start};
use crate::run;
use eventstore::{
    AppendToStreamOptions, Client, Position, ReadAllOptions, ReadStreamOptions, ResolvedEvent,
    StreamPosition, SubscribeToAllOptions, SubscriptionEvent, SubscriptionFilter, TombstoneStreamOptions,
};
use hindsight::node::{Config, Node};

/// Position, `revision@stream` and what it says: of a link where it leads, of another event its type.
type Line = (u64, String, String);

fn line(resolved: &ResolvedEvent) -> Line {
    let event = resolved.get_original_event();
    let says = if event.event_type == "$>" {
        String::from_utf8_lossy(&event.data).into()
    } else {
        event.event_type.clone()
    };
    (event.position.commit, format!("{}@{}", event.revision, event.stream_id), says)
}

async fn read(client: &Client, options: ReadAllOptions) -> Vec<ResolvedEvent> {
    let mut read = client.read_all(&options).await.unwrap();
    let mut seen = Vec::new();
    while let Some(event) = read.next().await.unwrap() {
        seen.push(event);
    }
    seen
}

async fn lines(client: &Client, options: ReadAllOptions) -> Vec<Line> {
    read(client, options).await.iter().map(line).collect()
}

fn whole() -> ReadAllOptions {
    ReadAllOptions::default().position(StreamPosition::Start)
}

fn at(line: &Line) -> StreamPosition<Position> {
    StreamPosition::Position(Position { commit: line.0, prepare: line.0 })
}

async fn append(client: &Client, stream: &str, count: usize) {
    client.append_to_stream(stream, &AppendToStreamOptions::default(), events(count)).await.unwrap();
}

/// Two orders of two events and one, and a tombstone.
async fn orders() -> (Node, Client) {
    let (node, client) = start(Config::default()).await;
    append(&client, "order-1", 1).await;
    append(&client, "order-2", 1).await;
    append(&client, "order-1", 1).await;
    client.tombstone_stream("order-2", &TombstoneStreamOptions::default()).await.unwrap();
    (node, client)
}

#[test]
fn each_event_is_followed_by_its_links() {
    run(async {
        let (_node, client) = orders().await;
        let seen = lines(&client, whole()).await;
        let told: Vec<_> = seen.iter().map(|(_, event, says)| (event.as_str(), says.as_str())).collect();
        let expected = [
            ("0@$$$scavenges", "$metadata"),
            ("0@$streams", "0@$$$scavenges"),
            ("0@$et-$metadata", "0@$scavenges"),
            ("0@order-1", "Counted"),
            ("1@$streams", "0@order-1"),
            ("0@$ce-order", "0@order-1"),
            ("0@$et-Counted", "0@order-1"),
            ("0@$category-order", "$@"),
            ("0@order-2", "Counted"),
            ("2@$streams", "0@order-2"),
            ("1@$ce-order", "0@order-2"),
            ("1@$et-Counted", "0@order-2"),
            ("1@$category-order", "$@"),
            ("1@order-1", "Counted"),
            ("2@$ce-order", "1@order-1"),
            ("2@$et-Counted", "1@order-1"),
            ("9223372036854775807@order-2", "$streamDeleted"),
            ("3@$ce-order", "9223372036854775807@order-2"),
            ("0@$et-$deleted", "9223372036854775807@order-2"),
        ];
        assert_eq!(told, expected);
        assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0), "{seen:?}");
    });
}

#[test]
fn a_link_resolves_to_its_target_and_keeps_its_own_place() {
    run(async {
        let (_node, client) = orders().await;
        let plain = lines(&client, whole()).await;
        let resolved = read(&client, whole().resolve_link_tos()).await;
        assert_eq!(resolved.iter().map(line).collect::<Vec<_>>(), plain);
        for event in &resolved {
            let Some(link) = &event.link else { continue };
            let target = String::from_utf8_lossy(&link.data);
            match &event.event {
                Some(event) => {
                    assert_eq!(target, format!("{}@{}", event.revision, event.stream_id));
                    assert!(event.position < link.position, "{target}");
                }
                None => assert!(target.ends_with("@order-2") || target.ends_with("@$scavenges"), "{target}"),
            }
            assert_eq!(Some(link.position.commit), event.commit_position);
        }
        assert_eq!(resolved.iter().filter(|event| event.link.is_some()).count(), 12);
    });
}

#[test]
fn every_record_is_a_place_to_read_and_to_subscribe_from() {
    run(async {
        let (_node, client) = orders().await;
        let seen = lines(&client, whole()).await;
        for (n, line) in seen.iter().enumerate() {
            let forwards = ReadAllOptions::default().position(at(line));
            assert_eq!(lines(&client, forwards).await, seen[n..], "{line:?}");
            let backwards = ReadAllOptions::default().position(at(line)).backwards();
            let before: Vec<_> = seen[..n].iter().rev().cloned().collect();
            assert_eq!(lines(&client, backwards).await, before, "{line:?}");
            let one = ReadAllOptions::default().position(at(line)).max_count(1);
            assert_eq!(lines(&client, one).await, seen[n..=n], "{line:?}");
            let options = SubscribeToAllOptions::default().position(at(line));
            assert_eq!(caught_up(&client, &options).await, seen[n + 1..], "{line:?}");
        }
    });
}

async fn caught_up(client: &Client, options: &SubscribeToAllOptions) -> Vec<Line> {
    let mut subscription = client.subscribe_to_all(options).await;
    let mut seen = Vec::new();
    loop {
        match subscription.next_subscription_event().await.unwrap() {
            SubscriptionEvent::EventAppeared(event) => seen.push(line(&event)),
            SubscriptionEvent::CaughtUp => return seen,
            _ => {}
        }
    }
}

#[test]
fn filters_look_at_the_link() {
    run(async {
        let (_node, client) = orders().await;
        let seen = lines(&client, whole()).await;
        let on = |filter| SubscribeToAllOptions::default().position(StreamPosition::Start).filter(filter);
        let chosen =
            |wanted: &dyn Fn(&Line) -> bool| seen.iter().filter(|l| wanted(l)).cloned().collect::<Vec<_>>();
        let streams = SubscriptionFilter::on_stream_name;
        let ce = caught_up(&client, &on(streams().add_prefix("$ce-order"))).await;
        assert_eq!(ce, chosen(&|l| l.1.ends_with("@$ce-order")));
        let orders = caught_up(&client, &on(streams().add_prefix("order-"))).await;
        assert_eq!(orders, chosen(&|l| l.1.contains("@order-")));
        let links = caught_up(&client, &on(SubscriptionFilter::on_event_type().regex(r"^\$>$"))).await;
        assert_eq!(links, chosen(&|l| l.2.contains('@') && l.2 != "$@"));
        let own = caught_up(&client, &on(SubscriptionFilter::on_event_type().add_prefix("Counted"))).await;
        assert_eq!(own, chosen(&|l| l.2 == "Counted"));
    });
}

#[test]
fn pages_neither_lose_nor_repeat_a_link() {
    run(async {
        let (_node, client) = start(Config::default()).await;
        append(&client, "order-1", 700).await;
        let seen = lines(&client, whole()).await;
        assert_eq!(seen.len(), 3 + 700 * 3 + 2);
        assert!(seen.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let mut back =
            lines(&client, ReadAllOptions::default().position(StreamPosition::End).backwards()).await;
        back.reverse();
        assert_eq!(back, seen);
        let start = SubscribeToAllOptions::default().position(StreamPosition::Start);
        assert_eq!(caught_up(&client, &start).await, seen);
        let ce: Vec<_> = seen.iter().filter(|l| l.1.ends_with("@$ce-order")).cloned().collect();
        let filtered = start.filter(SubscriptionFilter::on_stream_name().add_prefix("$ce-order"));
        assert_eq!(caught_up(&client, &filtered).await, ce);
    });
}

#[test]
fn a_live_subscription_gets_the_links() {
    run(async {
        let (_node, client) = start(Config::default()).await;
        let options = SubscribeToAllOptions::default().position(StreamPosition::End);
        let filter = SubscriptionFilter::on_stream_name().add_prefix("$ce-");
        let mut all = client.subscribe_to_all(&options.clone()).await;
        let mut filtered = client.subscribe_to_all(&options.filter(filter)).await;
        for subscription in [&mut all, &mut filtered] {
            let live = |event| matches!(event, SubscriptionEvent::CaughtUp);
            while !live(subscription.next_subscription_event().await.unwrap()) {}
        }
        for n in 0..3 {
            append(&client, "order-1", 1).await;
            let link = line(&filtered.next().await.unwrap());
            assert_eq!((link.1, link.2), (format!("{n}@$ce-order"), format!("{n}@order-1")));
        }
        let mut seen = Vec::new();
        while seen.len() < 3 * 3 + 2 {
            seen.push(line(&all.next().await.unwrap()));
        }
        let stored = lines(&client, whole()).await;
        assert_eq!(seen, stored[stored.len() - seen.len()..]);
    });
}

#[test]
fn readers_of_links_and_a_writer_do_not_wait_for_each_other() {
    const WRITES: usize = 150;
    run(async {
        let (_node, client) = start(Config::default()).await;
        let start = SubscribeToAllOptions::default().position(StreamPosition::Start);
        let mut subscription = client.subscribe_to_all(&start).await;
        let writer = client.clone();
        let writing = tokio::spawn(async move {
            for n in 0..WRITES {
                append(&writer, &format!("order-{}", n % 7), 2).await;
            }
        });
        let links = ReadStreamOptions::default().resolve_link_tos();
        let mut read = 0;
        while read < 2 * WRITES {
            // Until the first link is made there is no such stream.
            read = if let Ok(mut links) = client.read_stream("$ce-order", &links).await {
                let mut seen = 0;
                while let Ok(Some(_)) = links.next().await {
                    seen += 1;
                }
                seen
            } else {
                0
            };
        }
        writing.await.unwrap();
        let stored = lines(&client, whole()).await;
        let mut seen = Vec::new();
        while seen.len() < stored.len() {
            seen.push(line(&subscription.next().await.unwrap()));
        }
        assert_eq!(seen, stored);
    });
}
