//! One stream's events as they are written: what is there first, then live; the opened stream is followed by it.

use super::event_feed::Feed;
use super::grpc::conversion::{Interner, original, store_error};
use super::grpc::{Session, signed};
use super::retry::asked_again;
use super::update_sender::UpdateSender;
use super::{Life, StoreError, Ticket, Update};
use crate::aggregate::Aggregate;
use crate::history::ChunkBuilder;
use crate::record::{Record, Revision, StreamName};
use eventstore::{Error, StreamPosition, SubscribeToStreamOptions, Subscription, SubscriptionEvent};
use std::sync::Arc;
use tokio::sync::{Mutex, watch};
use uuid::Uuid;

/// Records in one chunk.
const BATCH: usize = 512;

/// The events after a revision, what is there first, then live.
pub struct Tail {
    pub(super) session: Session,
    /// Of the client that is subscribed.
    number: u64,
    pub(super) feed: Feed,
    pub(super) interner: Interner,
}

impl Tail {
    /// The next event; `None` where the stream was tombstoned.
    pub async fn next(&mut self) -> Result<Option<Record>, StoreError> {
        loop {
            let next = self.session.unless_replaced(self.number, self.feed.next());
            match next.await.ok_or(StoreError::NodeLeft)? {
                Ok(SubscriptionEvent::EventAppeared(resolved)) => {
                    let Some(event) = original(&resolved) else { continue };
                    if event.event_type != "$streamDeleted" {
                        return Ok(Some(self.interner.record(event)));
                    }
                }
                Ok(_) => {}
                Err(Error::ResourceDeleted) => return Ok(None),
                Err(error) => return Err(self.session.explained(store_error(&error)).await),
            }
        }
    }
}

impl Session {
    pub(in crate::store) async fn subscribe_to_stream(
        &self,
        stream: &StreamName,
        after: Option<Revision>,
    ) -> Subscription {
        let from = after.map_or(StreamPosition::Start, |revision| StreamPosition::Position(revision.0));
        let options = SubscribeToStreamOptions::default().start_from(from);
        self.client().subscribe_to_stream(stream.as_str(), &signed!(self, options)).await
    }

    /// The stream's events from after a revision, and then what is written.
    pub async fn tail(&self, stream: &StreamName, after: Option<Revision>) -> Tail {
        let number = self.number();
        let feed = Feed::of(self.subscribe_to_stream(stream, after).await);
        Tail { session: self.clone(), number, feed, interner: Interner::default() }
    }
}

/// The opened stream and how far it was read; survives a reconnection.
#[derive(Debug)]
pub struct Followed {
    pub ticket: Ticket,
    pub stream: StreamName,
    read: Mutex<Read>,
}

/// What was handed on.
#[derive(Debug)]
struct Read {
    /// The newest event.
    last: Option<(Revision, Uuid)>,
    fold: ChunkBuilder,
}

impl Followed {
    /// A stream of which nothing was read yet.
    pub fn new(ticket: Ticket, stream: StreamName, aggregate: Arc<dyn Aggregate>) -> Self {
        let fold = ChunkBuilder::new(aggregate, stream.clone());
        Self { ticket, stream, read: Mutex::new(Read { last: None, fold }) }
    }
}

/// Reads the stream, then follows it; where reading is denied, rights that come back are seen.
pub async fn follow(
    session: Session,
    followed: Arc<Followed>,
    out: UpdateSender,
    mut retry: watch::Receiver<u64>,
) -> StoreError {
    loop {
        match follow_stream(&session, &followed, &out).await {
            Err(error @ StoreError::AccessDenied(_)) => {
                life(&followed, &out, Life::Failed(error), None).await;
                asked_again(&mut retry).await;
            }
            Err(error) => return error,
            Ok(never) => match never {},
        }
    }
}

async fn life(followed: &Followed, out: &UpdateSender, life: Life, last: Option<Revision>) {
    out.send(Update::Life { ticket: followed.ticket, life, last }).await;
}

async fn follow_stream(
    session: &Session,
    followed: &Followed,
    out: &UpdateSender,
) -> Result<std::convert::Infallible, StoreError> {
    let mut read = followed.read.lock().await;
    // What was read last is read again: it proves that the history is the same.
    let after = read.last.and_then(|(revision, _)| revision.0.checked_sub(1)).map(Revision);
    let mut pages = session.pages(&followed.stream, after);
    let mut proves = read.last;
    while let Some(records) = pages.next().await? {
        if let (Some((revision, id)), Some(first)) = (proves.take(), records.first())
            && first.revision == revision
            && first.id != id
        {
            out.send(Update::FormerStream { ticket: followed.ticket }).await;
            return std::future::pending().await;
        }
        hand_on(followed, &mut read, records, out).await;
    }
    life(followed, out, pages.life.clone(), pages.last).await;
    if pages.life == Life::Tombstoned {
        return std::future::pending().await;
    }
    let after = read.last.map(|(revision, _)| revision);
    let mut feed = Feed::of(session.subscribe_to_stream(&followed.stream, after).await);
    let mut interner = Interner::default();
    loop {
        let mut records = Vec::new();
        let mut event = Some(feed.next().await);
        while let Some(next) = event.take() {
            match next {
                Ok(SubscriptionEvent::EventAppeared(resolved)) => {
                    records.extend(original(&resolved).map(|event| interner.record(event)));
                }
                Ok(_) => {}
                Err(Error::ResourceDeleted) => {
                    life(followed, out, Life::Tombstoned, None).await;
                    return std::future::pending().await;
                }
                Err(error) => return Err(session.explained(store_error(&error)).await),
            }
            if records.len() < BATCH {
                event = feed.ready();
            }
        }
        records.retain(|record| &*record.event_type != "$streamDeleted");
        if !records.is_empty() {
            hand_on(followed, &mut read, records, out).await;
            life(followed, out, Life::Live, None).await;
        }
    }
}

/// Folds the records and hands them on. The place is reserved first, so that an abort between handing on and remembering
/// cannot lose or repeat a record.
async fn hand_on(followed: &Followed, read: &mut Read, mut records: Vec<Record>, out: &UpdateSender) {
    records.retain(|record| read.last.is_none_or(|(last, _)| record.revision > last));
    let newest = records.last().map(|record| (record.revision, record.id));
    out.send_with(|| {
        read.last = newest.or(read.last);
        Update::Chunk { ticket: followed.ticket, chunk: Box::new(read.fold.chunk(records)) }
    })
    .await;
}
