//! Many writers, readers and subscribers at once.

use super::basics::{events, revisions, start};
use crate::run;
use eventstore::{
    AppendToStreamOptions, Client, ExpectedRevision, ReadStreamOptions, StreamPosition,
    SubscribeToAllOptions, SubscriptionEvent, SubscriptionFilter,
};
use hindsight::node::{Config, Storage};

const WRITERS: u64 = 16;
const EACH: u64 = 20;

async fn write(client: Client, writer: u64) {
    for n in 0..EACH {
        let expected = if n == 0 { ExpectedRevision::NoStream } else { ExpectedRevision::Exact(n - 1) };
        let options = AppendToStreamOptions::default().expected_revision(expected);
        client.append_to_stream(format!("many-{writer}"), &options, events(1)).await.unwrap();
        let seen = revisions(&client, &format!("many-{writer}"), &ReadStreamOptions::default()).await;
        assert_eq!(seen, (0..=n).collect::<Vec<_>>(), "a writer reads what it wrote");
    }
}

/// Every event of `many-` once and in order, however it came.
async fn subscribe(client: Client, filtered: bool) {
    let options = SubscribeToAllOptions::default().position(StreamPosition::Start);
    let filter = SubscriptionFilter::on_stream_name().add_prefix("many-");
    let options = if filtered { options.filter(filter) } else { options };
    let mut sub = client.subscribe_to_all(&options).await;
    let (mut count, mut last) = (0, 0);
    while count < WRITERS * EACH {
        if let SubscriptionEvent::EventAppeared(event) = sub.next_subscription_event().await.unwrap() {
            let event = event.get_original_event();
            assert!(event.position.commit > last);
            last = event.position.commit;
            count += u64::from(event.stream_id.starts_with("many-"));
        }
    }
}

async fn crowd(config: Config) {
    let (node, client) = start(config).await;
    let mut tasks: Vec<_> = (0..WRITERS).map(|n| tokio::spawn(write(client.clone(), n))).collect();
    tasks.extend((0..16).map(|n| tokio::spawn(subscribe(client.clone(), n % 2 == 0))));
    for task in tasks {
        task.await.unwrap();
    }
    node.shutdown().await;
}

#[test]
fn nobody_misses_anything_in_memory() {
    run(async {
        crowd(Config::default()).await;
    });
}

#[test]
fn nobody_misses_anything_in_a_file() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        crowd(Config { storage: Storage::File(folder.path().join("sandbox.db")), ..Config::default() }).await;
    });
}
