//! The categories of the database with their streams, counted while somebody asks for them.

use super::list_source::STREAMS;
use crate::record::StreamName;
use crate::store::event_feed::Feed;
use crate::store::grpc::conversion::{link_target, original, store_error};
use crate::store::grpc::{Session, signed};
use crate::store::retry::asked_again;
use crate::store::update_sender::UpdateSender;
use crate::store::{StoreError, Update};
use eventstore::{
    Error, SubscribeToAllOptions, SubscribeToStreamOptions, Subscription, SubscriptionEvent,
    SubscriptionFilter,
};
use std::collections::hash_map::RandomState;
use std::collections::{HashMap, HashSet};
use std::convert::Infallible;
use std::hash::BuildHasher;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Anybody who may write can invent categories: beyond these bounds they are not counted.
const MAX_CATEGORIES: usize = 10_000;
const MAX_NAME: usize = 1_000;
/// Shortest time between two answers.
const STEP: Duration = Duration::from_millis(250);
/// Events taken before the time is looked at.
const BATCH: usize = 512;

/// How many streams each category has.
#[derive(Debug, Default)]
struct Categories {
    counts: HashMap<Arc<str>, u64>,
    /// Hashes of the names of the streams that were counted: 8 bytes a stream, whatever its name.
    streams: HashSet<u64>,
    hasher: RandomState,
    is_changed: bool,
    complete: bool,
}

impl Categories {
    fn count(&mut self, stream: &str) {
        if stream.starts_with('$') || !self.streams.insert(self.hasher.hash_one(stream)) {
            return;
        }
        let name = StreamName::new(stream);
        let Some(category) = name.category().filter(|category| category.len() <= MAX_NAME) else { return };
        if let Some(count) = self.counts.get_mut(category) {
            *count += 1;
        } else if self.counts.len() < MAX_CATEGORIES {
            self.counts.insert(category.into(), 1);
        } else {
            return;
        }
        self.is_changed = true;
    }

    /// A link of `$streams` names a stream in its data; elsewhere each event does by where it is.
    fn absorb(&mut self, event: &SubscriptionEvent) {
        match event {
            SubscriptionEvent::EventAppeared(resolved) => {
                let Some(event) = original(resolved) else { return };
                if event.stream_id == STREAMS {
                    if let Some((_, stream)) = link_target(event) {
                        self.count(stream);
                    }
                } else {
                    self.count(&event.stream_id);
                }
            }
            SubscriptionEvent::CaughtUp if !self.complete => (self.complete, self.is_changed) = (true, true),
            _ => {}
        }
    }

    fn update(&mut self) -> Update {
        self.is_changed = false;
        let categories = self.counts.iter().map(|(name, count)| (name.clone(), *count)).collect();
        Update::Categories { categories, complete: self.complete }
    }
}

/// Counts, then keeps the counts up to date; ends only where the connection does. What may not be read is an empty answer, and
/// is asked for again.
pub async fn count(session: Session, out: UpdateSender, mut retry: watch::Receiver<u64>) -> StoreError {
    loop {
        match follow(&session, &out).await {
            Err(error) if error.passes() => return error,
            Err(_) => {
                out.send(Update::Categories { categories: Vec::new(), complete: true }).await;
                asked_again(&mut retry).await;
            }
            Ok(never) => match never {},
        }
    }
}

async fn follow(session: &Session, out: &UpdateSender) -> Result<Infallible, StoreError> {
    let mut categories = Categories::default();
    let mut feed = Feed::of(subscribe(session).await?);
    let mut due = Instant::now() + STEP;
    loop {
        let mut event = tokio::select! {
            event = feed.next() => Some(event),
            () = tokio::time::sleep_until(due), if categories.is_changed => None,
        };
        let was_complete = categories.complete;
        for _ in 0..BATCH {
            let Some(next) = event.take() else { break };
            categories.absorb(&explained(session, next).await?);
            event = feed.ready();
        }
        // The last of a batch is taken too, so that none is lost.
        if let Some(next) = event {
            categories.absorb(&explained(session, next).await?);
        }
        if categories.is_changed && (due <= Instant::now() || categories.complete != was_complete) {
            out.send_with(|| categories.update()).await;
            due = Instant::now() + STEP;
        }
    }
}

async fn explained(
    session: &Session,
    event: Result<SubscriptionEvent, Error>,
) -> Result<SubscriptionEvent, StoreError> {
    match event {
        Ok(event) => Ok(event),
        Err(error) => Err(session.explained(store_error(&error)).await),
    }
}

/// The names in `$streams` where they can be read, because that is one small event for each stream; else all of `$all`.
async fn subscribe(session: &Session) -> Result<Subscription, StoreError> {
    if session.begins(STREAMS).await? {
        let options = SubscribeToStreamOptions::default().start_from(eventstore::StreamPosition::Start);
        return Ok(session.client().subscribe_to_stream(STREAMS, &signed!(session, options)).await);
    }
    let filter = SubscriptionFilter::on_stream_name().regex(r"^[^$]");
    let options = SubscribeToAllOptions::default().position(eventstore::StreamPosition::Start).filter(filter);
    Ok(session.client().subscribe_to_all(&signed!(session, options)).await)
}
