//! Reads of one stream: all of it in pages, its newest events, and its life where nothing is there.

use super::call::{CallFailure, raw};
use super::conversion::{Interner, original};
use super::session::{Session, signed};
use crate::record::{Record, Revision, StreamName};
use crate::store::stream_limits::{DELETED, truncate_before};
use crate::store::{Life, StoreError};
use eventstore::{Client, Error, ReadEvent, ReadStream, ReadStreamOptions, ResolvedEvent, StreamPosition};

/// Records handed on at once, and their bytes, beyond which there are fewer.
const BATCH: usize = 512;
const BYTES: usize = 4 << 20;

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
        sink: impl FnMut(Vec<Record>),
    ) -> Result<Life, StoreError> {
        Ok(self.read_with_last(stream, after, most, sink).await?.0)
    }

    /// The same, with the revision of the stream's newest event, readable or not, where the server tells.
    pub async fn read_with_last(
        &self,
        stream: &StreamName,
        after: Option<Revision>,
        most: usize,
        mut sink: impl FnMut(Vec<Record>),
    ) -> Result<(Life, Option<Revision>), StoreError> {
        let mut pages = self.pages(stream, after);
        pages.most = most;
        while let Some(records) = pages.next().await? {
            sink(records);
        }
        Ok((pages.life, pages.last))
    }

    /// At most so many events of the stream from its beginning, links with what they lead to; and the last revision that
    /// there is, readable or not, where the server tells.
    pub async fn read_resolved(
        &self,
        stream: &StreamName,
        most: usize,
    ) -> Result<(Vec<Record>, Life, Option<Revision>), StoreError> {
        let mut pages = self.pages(stream, None);
        (pages.most, pages.resolves) = (most, true);
        let mut records = Vec::new();
        while let Some(batch) = pages.next().await? {
            records.extend(batch);
        }
        Ok((records, pages.life, pages.last))
    }

    /// At most so many from after a revision, handed on as they come. An error of the sink ends the read.
    pub async fn read_resolved_after<E>(
        &self,
        stream: &StreamName,
        after: Option<Revision>,
        most: usize,
        mut sink: impl FnMut(Vec<Record>) -> Result<(), E>,
    ) -> Result<Result<(Life, Option<Revision>), E>, StoreError> {
        let mut pages = self.pages(stream, after);
        (pages.most, pages.resolves) = (most, true);
        while let Some(records) = pages.next().await? {
            if let Err(stop) = sink(records) {
                return Ok(Err(stop));
            }
        }
        Ok(Ok((pages.life, pages.last)))
    }

    /// The revision of the stream's newest event that can be read.
    pub async fn newest_revision(&self, stream: &StreamName) -> Result<Option<Revision>, StoreError> {
        Ok(self.newest(stream, 1).await?.first().map(|record| record.revision))
    }

    /// The newest events of the stream, newest first, at most so many.
    pub(in crate::store) async fn newest(
        &self,
        stream: &StreamName,
        most: usize,
    ) -> Result<Vec<Record>, StoreError> {
        self.newest_within(stream, most, usize::MAX).await
    }

    /// As many of the newest events as a batch has, in the order of the stream.
    pub(in crate::store) async fn newest_batch(
        &self,
        stream: &StreamName,
    ) -> Result<Vec<Record>, StoreError> {
        let mut records = self.newest_within(stream, BATCH, BYTES).await?;
        records.reverse();
        Ok(records)
    }

    /// No more once their data are so large.
    async fn newest_within(
        &self,
        stream: &StreamName,
        most: usize,
        bytes: usize,
    ) -> Result<Vec<Record>, StoreError> {
        let options = ReadStreamOptions::default().position(StreamPosition::End).backwards().max_count(most);
        let options = &signed!(self, options);
        let read = self.repeatable(move |client: Client| async move {
            let (mut records, mut interner, mut taken) = (Vec::new(), Interner::default(), 0);
            let mut read = raw(client.read_stream(stream.as_str(), options)).await?;
            while let Some(event) = raw(read.next()).await? {
                let record = original(&event).map(|event| interner.record(event));
                taken += record.as_ref().map_or(0, |record| record.data.len());
                records.extend(record);
                if taken >= bytes {
                    break;
                }
            }
            Ok(records)
        });
        match read.await {
            Ok(records) => Ok(records),
            // A stream that is missing or gone has no events.
            Err(CallFailure::Said(Error::ResourceNotFound | Error::ResourceDeleted)) => Ok(Vec::new()),
            Err(failure) => Err(self.explained(failure).await),
        }
    }

    /// The stream in batches, from after a revision.
    pub(in crate::store) fn pages(&self, stream: &StreamName, after: Option<Revision>) -> Pages {
        Pages {
            session: self.clone(),
            stream: stream.clone(),
            after,
            most: usize::MAX,
            resolves: false,
            read: None,
            interner: Interner::default(),
            life: Life::Reading,
            last: None,
        }
    }

    /// Whether a missing stream was deleted: its metadata says so.
    async fn missing_life(&self, stream: &StreamName) -> Life {
        let metadata = self.newest(&StreamName::new(&format!("$${stream}")), 1).await.unwrap_or_default();
        let before = metadata.first().and_then(|record| truncate_before(&record.data));
        if before == Some(DELETED) { Life::SoftDeleted } else { Life::Missing }
    }
}

/// Whether more may follow a batch.
pub(in crate::store) fn is_full(events: &[ResolvedEvent]) -> bool {
    events.len() >= BATCH
        || events.iter().filter_map(original).map(|event| event.data.len()).sum::<usize>() >= BYTES
}

/// A read in progress.
pub(in crate::store) struct Pages {
    session: Session,
    stream: StreamName,
    after: Option<Revision>,
    pub most: usize,
    /// Whether links come with what they lead to.
    pub resolves: bool,
    read: Option<ReadStream>,
    interner: Interner,
    /// Known when the last page was read.
    pub life: Life,
    /// Of the stream's newest event, readable or not, where the server tells.
    pub last: Option<Revision>,
}

impl Pages {
    /// The next batch, `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<Record>>, StoreError> {
        let Some(events) = self.events().await? else { return Ok(None) };
        Ok(Some(events.iter().filter_map(|event| self.interner.resolved(event)).collect()))
    }

    /// The events of the next batch as the client has them, `None` at the end.
    pub async fn events(&mut self) -> Result<Option<Vec<ResolvedEvent>>, StoreError> {
        if self.life != Life::Reading {
            return Ok(None);
        }
        let mut events = Vec::with_capacity(BATCH);
        let batch = self.batch(&mut events).await;
        Ok(self.ended(batch).await?.then_some(events))
    }

    /// Whether the batch was not the last one; where it was, what became of the stream is known.
    async fn ended(&mut self, batch: Result<usize, CallFailure>) -> Result<bool, StoreError> {
        match batch {
            Ok(0) => self.life = Life::Live,
            Ok(_) => return Ok(true),
            Err(CallFailure::Said(Error::ResourceNotFound)) => {
                self.life = self.session.missing_life(&self.stream).await;
            }
            Err(CallFailure::Said(Error::ResourceDeleted)) => self.life = Life::Tombstoned,
            Err(failure) => return Err(self.session.explained(failure).await),
        }
        Ok(false)
    }

    async fn batch(&mut self, events: &mut Vec<ResolvedEvent>) -> Result<usize, CallFailure> {
        let mut read = match self.read.take() {
            Some(read) => read,
            None => self.begin(events).await?,
        };
        let mut bytes = 0;
        while events.len() < BATCH && bytes < BYTES {
            let Some(event) = next(&mut read, &mut self.last).await? else { break };
            bytes += original(&event).map_or(0, |event| event.data.len());
            events.push(event);
        }
        self.read = Some(read);
        Ok(events.len())
    }

    /// The read with its first event: a server may refuse a read as late as there.
    async fn begin(&mut self, events: &mut Vec<ResolvedEvent>) -> Result<ReadStream, CallFailure> {
        let from = self.after.map_or(StreamPosition::Start, |r| StreamPosition::Position(r.0 + 1));
        let options = ReadStreamOptions::default().position(from).max_count(self.most);
        let options = if self.resolves { options.resolve_link_tos() } else { options };
        let options = &signed!(self.session, options);
        let stream = self.stream.as_str();
        let (read, first, last) = self
            .session
            .repeatable(move |client: Client| async move {
                let mut read = raw(client.read_stream(stream, options)).await?;
                let mut last = None;
                let first = next(&mut read, &mut last).await?;
                Ok((read, first, last))
            })
            .await?;
        self.last = last.or(self.last);
        events.extend(first);
        Ok(read)
    }
}

/// The next event of a read; what the server says beside the events of the stream's last one is kept.
async fn next(
    read: &mut ReadStream,
    last: &mut Option<Revision>,
) -> Result<Option<ResolvedEvent>, CallFailure> {
    loop {
        match raw(read.next_read_event()).await? {
            Some(ReadEvent::Event(event)) => return Ok(Some(event)),
            Some(ReadEvent::LastStreamPosition(revision)) => *last = Some(Revision(revision)),
            Some(ReadEvent::FirstStreamPosition(_) | ReadEvent::LastAllStreamPosition(_)) => {}
            None => return Ok(None),
        }
    }
}
