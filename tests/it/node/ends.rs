//! How calls end when the node does.

use super::basics::start;
use eventstore::{Client, SubscribeToAllOptions, SubscriptionEvent};
use hindsight::node::Config;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use tokio::runtime::Runtime;

async fn subscribe(client: Client, ready: Sender<()>, _gone: Sender<()>) {
    let mut subscription = client.subscribe_to_all(&SubscribeToAllOptions::default()).await;
    while let Ok(event) = subscription.next_subscription_event().await {
        if matches!(event, SubscriptionEvent::CaughtUp) {
            // Nobody listens after the first.
            ready.send(()).ok();
        }
    }
}

/// Told when every sender was dropped.
fn all_gone(senders: &Receiver<()>) -> bool {
    matches!(
        senders.recv_timeout(Duration::from_secs(30)),
        Err(std::sync::mpsc::RecvTimeoutError::Disconnected)
    )
}

/// The clients take an OK for more to come and ask for it in a loop that nothing ends.
#[test]
fn no_subscriber_is_left_to_spin_where_the_program_falls() {
    const SUBSCRIBERS: usize = 50;
    for _ in 0..10 {
        let program = Runtime::new().unwrap();
        let (node, client) = program.block_on(start(Config::default()));
        let ((ready, caught_up), (alive, gone)) = (channel(), channel());
        for _ in 0..SUBSCRIBERS {
            program.spawn(subscribe(client.clone(), ready.clone(), alive.clone()));
        }
        drop(alive);
        caught_up.recv_timeout(Duration::from_secs(30)).unwrap();
        // Its tasks are dropped in any order, unannounced.
        program.shutdown_background();
        assert!(all_gone(&gone), "a subscriber spins");
        drop(node);
    }
}
