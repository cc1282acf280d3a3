//! One stream's events as they are written: what is there first, then live; the opened stream is followed by it.

use super::event_feed::Feed;
use super::grpc::conversion::{Interner, original, store_error};
use super::grpc::{Session, signed};
use super::read_ahead::{Batch, ReadAhead};
use super::retry::asked_again;
use super::update_sender::UpdateSender;
use super::{Life, StoreError, Ticket, Update};
use crate::aggregate::Aggregate;
use crate::history::{Chunk, ChunkBuilder, Pack};
use crate::record::{Record, RecordRef, Revision, StreamName};
use eventstore::{Error, StreamPosition, SubscribeToStreamOptions, Subscription, SubscriptionEvent};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Events taken before they are handed on.
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

#[derive(Debug)]
struct Read {
    /// The newest event that was folded.
    last: Option<(Revision, Uuid)>,
    fold: ChunkBuilder,
    /// Folded and not handed on yet: a connection may end in between, and nothing is folded twice.
    ready: VecDeque<Chunk>,
}

impl Read {
    fn take(&mut self, record: RecordRef<'_>) {
        if self.last.is_none_or(|(last, _)| record.revision > last) {
            self.last = Some((record.revision, record.id));
            self.ready.extend(self.fold.push(record));
        }
    }

    fn take_pack(&mut self, pack: Pack) {
        let newest = pack.len().checked_sub(1).and_then(|at| pack.get(at));
        let newest = newest.map(|record| (record.revision, record.id));
        self.last = self.last.max(newest);
        self.ready.extend(self.fold.push_pack(pack));
    }
}

impl Followed {
    /// A stream of which nothing was read yet.
    pub fn new(ticket: Ticket, stream: StreamName, aggregate: Arc<dyn Aggregate>) -> Self {
        let fold = ChunkBuilder::new(aggregate, stream.clone());
        Self { ticket, stream, read: Mutex::new(Read { last: None, fold, ready: VecDeque::new() }) }
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
    let mut reading = ReadAhead::of(session.pages(&followed.stream, after));
    let mut proves = read.last;
    let mut newest = JoinSet::new();
    loop {
        let pack = match reading.next().await? {
            Batch::Records(pack) => pack,
            Batch::End(ended, last) => {
                hand_on(followed, &mut read, out, true).await;
                life(followed, out, ended.clone(), last).await;
                if ended == Life::Tombstoned {
                    return std::future::pending().await;
                }
                break;
            }
        };
        let first = pack.get(0).map(|record| (record.revision, record.id));
        if let (Some((proved, id)), Some((revision, other))) = (proves.take(), first)
            && revision == proved
            && other != id
        {
            out.send(Update::FormerStream { ticket: followed.ticket }).await;
            return std::future::pending().await;
        }
        if read.last.is_none() && pack.is_full() {
            newest.spawn(send_newest(session.clone(), followed.stream.clone(), followed.ticket, out.clone()));
        }
        read.take_pack(pack);
        hand_on(followed, &mut read, out, false).await;
    }
    let after = read.last.map(|(revision, _)| revision);
    let mut feed = Feed::of(session.subscribe_to_stream(&followed.stream, after).await);
    let mut interner = Interner::default();
    loop {
        let mut event = Some(feed.next().await);
        let mut taken = 0;
        while let Some(next) = event.take() {
            match next {
                Ok(SubscriptionEvent::EventAppeared(resolved)) => {
                    if let Some(event) =
                        original(&resolved).filter(|event| event.event_type != "$streamDeleted")
                    {
                        read.take(interner.lend(event));
                        taken += 1;
                    }
                }
                Ok(_) => {}
                Err(Error::ResourceDeleted) => {
                    life(followed, out, Life::Tombstoned, None).await;
                    return std::future::pending().await;
                }
                Err(error) => return Err(session.explained(store_error(&error)).await),
            }
            if taken < BATCH {
                event = feed.ready();
            }
        }
        if taken > 0 {
            hand_on(followed, &mut read, out, true).await;
            life(followed, out, Life::Live, None).await;
        }
    }
}

/// Sends the newest events of a long stream, which a person looks at while the others are read. That read tells of errors.
async fn send_newest(session: Session, stream: StreamName, ticket: Ticket, out: UpdateSender) {
    match session.newest_batch(&stream).await {
        Ok(records) => out.send(Update::Newest { ticket, records }).await,
        Err(error) => tracing::debug!("the newest events of {stream}: {error:?}"),
    }
}

/// Hands on the chunks that are full, or `all` that was folded. The place is reserved before a chunk is taken out, so that an
/// abort can neither lose nor repeat it.
async fn hand_on(followed: &Followed, read: &mut Read, out: &UpdateSender, all: bool) {
    if all {
        let rest = read.fold.finish();
        read.ready.extend(rest);
    }
    while !read.ready.is_empty() {
        let sent = out.send_some(|| {
            let chunk = Box::new(read.ready.pop_front()?);
            Some(Update::Chunk { ticket: followed.ticket, chunk })
        });
        sent.await;
    }
}
