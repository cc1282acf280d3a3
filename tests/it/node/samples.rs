//! The sample orders hold what a first look should find.

use super::basics::{revisions, start};
use crate::run;
use eventstore::{Client, Error, ReadAllOptions, ReadStreamOptions, RecordedEvent, StreamPosition};
use hindsight::node::Config;
use std::collections::BTreeMap;

async fn everything(client: &Client) -> Vec<RecordedEvent> {
    let mut read = client.read_all(&ReadAllOptions::default().position(StreamPosition::Start)).await.unwrap();
    let mut all = Vec::new();
    while let Some(event) = read.next().await.unwrap() {
        all.extend(event.event);
    }
    all
}

#[test]
fn forty_orders_end_just_now() {
    run(async {
        let (_node, client) = start(Config { samples: true, ..Config::default() }).await;
        let all = everything(&client).await;
        let orders: BTreeMap<_, usize> =
            all.iter().filter(|e| e.stream_id.starts_with("order-")).fold(BTreeMap::new(), |mut count, e| {
                *count.entry(e.stream_id.clone()).or_default() += 1;
                count
            });
        assert_eq!(orders.len(), 40);
        assert!(orders.values().any(|n| *n == 2000));
        assert!(all.is_sorted_by_key(|e| e.created));
        let age = (std::time::SystemTime::now().duration_since(all.last().unwrap().created.into())).unwrap();
        assert!((60..120).contains(&age.as_secs()), "{age:?}");
        assert!(all.iter().any(|e| String::from_utf8_lossy(&e.data).contains("9007199254740993.25")));
    });
}

#[test]
fn accounts_lie_between_the_orders() {
    run(async {
        let (_node, client) = start(Config { samples: true, ..Config::default() }).await;
        let all = everything(&client).await;
        let accounts: Vec<_> = all.iter().filter(|e| e.stream_id.starts_with("account-")).collect();
        let mut ends: BTreeMap<&str, &str> = BTreeMap::new();
        for event in &accounts {
            ends.insert(&event.stream_id, &event.event_type);
            let correlated = String::from_utf8_lossy(&event.custom_metadata).contains("$causationId");
            assert_eq!(correlated, event.revision > 0, "what the first one caused");
        }
        assert_eq!(ends.len(), 5);
        assert_eq!(ends.values().filter(|last| **last == "AccountClosed").count(), 1);
        let is_id = |id| all.iter().filter(|e| e.id == id).count() == 1;
        assert!(accounts.iter().all(|e| is_id(e.id)));
    });
}

#[test]
fn the_removed_are_removed_and_the_cut_is_cut() {
    run(async {
        let (_node, client) = start(Config { samples: true, ..Config::default() }).await;
        let all = everything(&client).await;
        let tombstoned = all.iter().find(|e| e.event_type == "$streamDeleted").unwrap();
        let mut read = client.read_stream(tombstoned.stream_id.as_str(), &ReadStreamOptions::default()).await;
        let answer = match &mut read {
            Ok(read) => read.next().await.map(drop),
            Err(error) => Err(error.clone()),
        };
        assert!(matches!(answer, Err(Error::ResourceDeleted)), "{answer:?}");
        let about = |text: &str| {
            let is = |e: &&RecordedEvent| {
                e.event_type == "$metadata" && String::from_utf8_lossy(&e.data).contains(text)
            };
            all.iter().find(is).unwrap().stream_id.trim_start_matches('$').to_owned()
        };
        let cut = revisions(&client, &about(":12}"), &ReadStreamOptions::default()).await;
        assert_eq!(cut, (12..40).collect::<Vec<_>>());
        let mut read =
            client.read_stream(about(":9223372036854775807}"), &ReadStreamOptions::default()).await.unwrap();
        assert!(matches!(read.next().await, Err(Error::ResourceNotFound)));
    });
}
