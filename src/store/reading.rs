//! Reads of one stream: all of it in pages, its newest events, and its life where nothing is there.

use super::catalogue::Catalogue;
use super::convert::Interner;
use super::follow::Feed;
use super::session::{Failure, Session, raw, signed};
use super::tail::Tail;
use super::{Life, StoreError, StreamRow};
use crate::record::{Record, Revision, StreamName};
use eventstore::{
    Client, Error, ReadStream, ReadStreamOptions, StreamPosition, SubscribeToStreamOptions, Subscription,
};

/// Records handed on at once.
const BATCH: usize = 512;

impl Session {
    /// All events of the stream, forwards, in batches.
    pub async fn read(&self, stream: &StreamName, sink: impl FnMut(Vec<Record>)) -> Result<Life, StoreError> {
        self.read_after(stream, None, usize::MAX, sink).await
    }

    /// At most so many events of the stream, from after a revision.
    pub async fn read_after(
        &self,
        stream: &StreamName,
        after: Option<Revision>,
        most: usize,
        mut sink: impl FnMut(Vec<Record>),
    ) -> Result<Life, StoreError> {
        let mut pages = self.pages(stream, after);
        pages.most = most;
        while let Some(records) = pages.next().await? {
            sink(records);
        }
        Ok(pages.life)
    }

    /// The newest events of the stream, newest first, at most so many.
    pub(super) async fn newest(&self, stream: &StreamName, most: usize) -> Result<Vec<Record>, StoreError> {
        let options = ReadStreamOptions::default().position(StreamPosition::End).backwards().max_count(most);
        let options = &signed!(self, options);
        let read = self.repeatable(move |client: Client| async move {
            let (mut records, mut interner) = (Vec::new(), Interner::default());
            let mut read = raw(client.read_stream(stream.as_str(), options)).await?;
            while let Some(event) = raw(read.next()).await? {
                records.extend(event.link.as_ref().or(event.event.as_ref()).map(|e| interner.record(e)));
            }
            Ok(records)
        });
        match read.await {
            Ok(records) => Ok(records),
            // A stream that is missing or gone has no events.
            Err(Failure::Said(Error::ResourceNotFound | Error::ResourceDeleted)) => Ok(Vec::new()),
            Err(failure) => Err(self.explained(failure).await),
        }
    }

    /// The stream in batches, from after a revision.
    pub(super) fn pages(&self, stream: &StreamName, after: Option<Revision>) -> Pages {
        Pages {
            session: self.clone(),
            stream: stream.clone(),
            after,
            most: usize::MAX,
            read: None,
            interner: Interner::default(),
            life: Life::Reading,
        }
    }

    /// The stream list as it is now.
    pub async fn list(&self, category: &str) -> Result<Vec<StreamRow>, StoreError> {
        Ok(Catalogue::new(category).refreshed(self).await?.values().cloned().collect())
    }

    pub(super) async fn subscribe_to_stream(
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
        let feed = Feed::of(self.subscribe_to_stream(stream, after).await);
        Tail { session: self.clone(), feed, interner: Interner::default() }
    }

    /// Whether a missing stream was deleted: its metadata says so.
    async fn missing_life(&self, stream: &StreamName) -> Life {
        let metadata = self.newest(&StreamName::new(&format!("$${stream}")), 1).await.unwrap_or_default();
        let before = metadata.first().and_then(|record| super::entry::truncate_before(&record.data));
        if before == Some(i64::MAX as u64) { Life::SoftDeleted } else { Life::Missing }
    }
}

/// A read in progress.
pub(super) struct Pages {
    session: Session,
    stream: StreamName,
    after: Option<Revision>,
    most: usize,
    read: Option<ReadStream>,
    interner: Interner,
    /// Known when the last page was read.
    pub life: Life,
}

impl Pages {
    /// The next batch, `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<Record>>, StoreError> {
        if self.life != Life::Reading {
            return Ok(None);
        }
        match self.batch().await {
            Ok(records) if records.is_empty() => {
                self.life = Life::Live;
                Ok(None)
            }
            Ok(records) => Ok(Some(records)),
            Err(Failure::Said(Error::ResourceNotFound)) => {
                self.life = self.session.missing_life(&self.stream).await;
                Ok(None)
            }
            Err(Failure::Said(Error::ResourceDeleted)) => {
                self.life = Life::Tombstoned;
                Ok(None)
            }
            Err(failure) => Err(self.session.explained(failure).await),
        }
    }

    async fn batch(&mut self) -> Result<Vec<Record>, Failure> {
        let (mut read, first) = match self.read.take() {
            Some(read) => (read, None),
            None => self.begin().await?,
        };
        let mut records = Vec::from_iter(first);
        while records.len() < BATCH {
            let Some(event) = raw(read.next()).await? else { break };
            if let Some(event) = event.link.as_ref().or(event.event.as_ref()) {
                records.push(self.interner.record(event));
            }
        }
        self.read = Some(read);
        Ok(records)
    }

    /// The read with its first record: a server may refuse a read as late as there.
    async fn begin(&mut self) -> Result<(ReadStream, Option<Record>), Failure> {
        let from = self.after.map_or(StreamPosition::Start, |r| StreamPosition::Position(r.0 + 1));
        let options = ReadStreamOptions::default().position(from).max_count(self.most);
        let options = &signed!(self.session, options);
        let stream = self.stream.as_str();
        let (read, first) = self
            .session
            .repeatable(move |client: Client| async move {
                let mut read = raw(client.read_stream(stream, options)).await?;
                let first = raw(read.next()).await?;
                Ok((read, first))
            })
            .await?;
        let first = first.as_ref().and_then(|event| event.link.as_ref().or(event.event.as_ref()));
        Ok((read, first.map(|event| self.interner.record(event))))
    }
}
