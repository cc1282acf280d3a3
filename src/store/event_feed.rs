//! A subscription on a task of its own, so that its events are received and decoded while earlier ones are folded.

use eventstore::{Error, Subscription, SubscriptionEvent};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::vec;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// Most events handed over at once, and batches on their way to us.
const BATCH: usize = 256;
const AHEAD: usize = 8;

/// The task ends with it. A subscription that the server ends with OK spins without ever yielding: only its own task does.
pub struct Feed<T = SubscriptionEvent> {
    batches: mpsc::Receiver<Vec<Result<T, Error>>>,
    batch: vec::IntoIter<Result<T, Error>>,
    _task: JoinSet<()>,
}

impl Feed {
    pub fn of(subscription: Subscription) -> Self {
        Self::converted(subscription, |event| event)
    }
}

impl<T: Send + 'static> Feed<T> {
    /// What is made of each event on that task: the client's own events are many small parts, which are best dropped where
    /// they were made.
    pub fn converted(
        subscription: Subscription,
        convert: impl FnMut(SubscriptionEvent) -> T + Send + 'static,
    ) -> Self {
        let (sender, batches) = mpsc::channel(AHEAD);
        let mut task = JoinSet::new();
        task.spawn(receive(subscription, convert, sender));
        Self { batches, batch: Vec::new().into_iter(), _task: task }
    }

    pub async fn next(&mut self) -> Result<T, Error> {
        loop {
            if let Some(event) = self.batch.next() {
                return event;
            }
            let Some(batch) = self.batches.recv().await else { return Err(Error::ConnectionClosed) };
            self.batch = batch.into_iter();
        }
    }

    /// What is there already, without waiting.
    pub fn ready(&mut self) -> Option<Result<T, Error>> {
        loop {
            if let Some(event) = self.batch.next() {
                return Some(event);
            }
            self.batch = self.batches.try_recv().ok()?.into_iter();
        }
    }
}

/// Hands the events over in batches: one is as large as what is there already, so that none waits for a later one.
async fn receive<T>(
    mut subscription: Subscription,
    mut convert: impl FnMut(SubscriptionEvent) -> T,
    sender: mpsc::Sender<Vec<Result<T, Error>>>,
) {
    let mut batch = Vec::new();
    loop {
        // Polled until it is ready and never dropped before: the client would lose its place.
        let mut next = pin!(subscription.next_subscription_event());
        let ready = poll_fn(|context| Poll::Ready(next.as_mut().poll(context))).await;
        let event = match ready {
            Poll::Ready(event) => event,
            Poll::Pending => {
                if !batch.is_empty() && sender.send(std::mem::take(&mut batch)).await.is_err() {
                    return;
                }
                next.await
            }
        };
        let ended = event.is_err();
        batch.push(event.map(&mut convert));
        let is_full = batch.len() >= BATCH;
        if (ended || is_full) && sender.send(std::mem::take(&mut batch)).await.is_err() {
            return;
        }
        if ended {
            return;
        }
    }
}
