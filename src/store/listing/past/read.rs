//! How the past of a category is read, and brought up to date.

use super::Past;
use crate::record::{RecordRef, StreamName};
use crate::store::event_feed::Feed;
use crate::store::grpc::Session;
use crate::store::listing::CaughtUpList;
use crate::store::listing::catch_up::READS;
use crate::store::listing::list_event::{self, ListEvent};
use crate::store::listing::list_source::Source;
use crate::store::{Presence, StoreError, StreamRow};
use futures::StreamExt;

/// What is read for the past: the list's own subscription, or each listed stream by itself.
pub enum Reading {
    /// Whether all that was there is read: what comes then is live.
    Feed(Box<Feed<ListEvent>>, bool),
    /// Streams that are still to be read.
    Streams(Vec<StreamName>),
}

impl Reading {
    pub fn is_done(&self) -> bool {
        match self {
            Self::Feed(_, is_done) => *is_done,
            Self::Streams(left) => left.is_empty(),
        }
    }
}

impl Past {
    fn absorb(&mut self, event: ListEvent) {
        match event {
            ListEvent::Event(record) => self.take(&record),
            ListEvent::Checkpoint(at) => self.position = Some(at),
            ListEvent::Link(_) | ListEvent::CaughtUp | ListEvent::Other => {}
        }
    }

    /// Begins to read what is not held yet; anew where the database or what this user may read of it is another one.
    pub async fn begin_reading(&mut self, session: &Session) -> Result<Reading, StoreError> {
        let source = session.choose_source(&self.category).await?;
        if self.source != Some(source) || !self.is_of(session).await? {
            *self = self.begun_again();
        }
        self.source = Some(source);
        if source == Source::All {
            let subscription = session.subscribe_to_all(self.position, &self.category).await;
            let feed = list_event::feed(subscription, Some(source));
            return Ok(Reading::Feed(Box::new(feed), false));
        }
        let mut list = CaughtUpList::new(&self.category, self.registry.clone());
        let rows = list.refreshed(session).await?;
        let is_read = |row: &&StreamRow| row.revision.is_some() && self.last_of(&row.stream) == row.revision;
        // Nothing of a deleted stream can be read, but the metadata that say so.
        let unread = rows.values().filter(|row| !is_read(row));
        let mut unread: Vec<StreamName> = unread.map(|row| row.stream.clone()).collect();
        for row in rows.values().filter(|row| row.presence == Presence::Locked) {
            self.lock(&row.stream);
        }
        unread.reverse();
        Ok(Reading::Streams(unread))
    }

    /// Whether the database is the one that the events are of.
    async fn is_of(&self, session: &Session) -> Result<bool, StoreError> {
        let Some(last) = self.last.filter(|_| self.source == Some(Source::All)) else { return Ok(true) };
        match session.event_at(Some(last.position)).await {
            Ok(found) => Ok(found.is_some_and(|record| record.id == last.id)),
            Err(StoreError::InvalidPosition) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Reads on a little; some of what there is each time, so that the count can be told.
    pub async fn read_some(&mut self, session: &Session, reading: &mut Reading) -> Result<(), StoreError> {
        match reading {
            Reading::Feed(feed, is_done) => {
                *is_done |= session.take_some(feed, |event| self.absorb(event)).await?;
            }
            Reading::Streams(left) => {
                let some = left.split_off(left.len().saturating_sub(READS));
                let mut reads = futures::stream::iter(some)
                    .map(|stream| session.read_listed(stream, true))
                    .buffered(READS);
                while let Some(read) = reads.next().await {
                    let (stream, Some(read)) = read? else { continue };
                    // In the order in which they were written.
                    let mut records: Vec<_> = read.records.iter().chain(&read.metadata).collect();
                    records.sort_by_key(|record| record.position);
                    records.into_iter().map(RecordRef::from).for_each(|record| self.add(record));
                    tracing::trace!(%stream, "read for its past");
                }
            }
        }
        self.check_room()
    }

    /// The same for what comes live.
    pub fn take_live(&mut self, event: ListEvent) -> Result<(), StoreError> {
        self.absorb(event);
        self.check_room()
    }
}
