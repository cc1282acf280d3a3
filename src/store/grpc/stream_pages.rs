//! Reads of one stream: all of it in pages, its newest events, and its life where nothing is there.

use super::call::{CallFailure, raw};
use super::conversion::{Interner, original};
use super::session::{Session, signed};
use crate::history::Pack;
use crate::record::{Created, Record, RecordRef, Revision, StreamName};
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

    /// The revision of the last event that was created until the moment; clocks go backwards in real logs.
    pub async fn revision_at(
        &self,
        stream: &StreamName,
        at: Created,
    ) -> Result<Option<Revision>, StoreError> {
        let mut found = None;
        self.read(stream, |records| {
            let until = records.iter().rfind(|record| record.created <= at);
            found = until.map(|record| record.revision).or(found);
        })
        .await?;
        Ok(found)
    }

    /// The newest events of the stream, newest first, at most so many.
    pub async fn newest(&self, stream: &StreamName, most: usize) -> Result<Vec<Record>, StoreError> {
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
            waiting: None,
            room: 0,
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

/// A read in progress.
pub(in crate::store) struct Pages {
    session: Session,
    stream: StreamName,
    after: Option<Revision>,
    pub most: usize,
    /// Whether links come with what they lead to.
    pub resolves: bool,
    read: Option<ReadStream>,
    /// Received, and the first of the next batch.
    waiting: Option<ResolvedEvent>,
    /// Bytes of the last batch.
    room: usize,
    interner: Interner,
    /// Known when the last page was read.
    pub life: Life,
    /// Of the stream's newest event, readable or not, where the server tells.
    pub last: Option<Revision>,
}

impl Pages {
    /// The next batch, `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<Record>>, StoreError> {
        // Without room ahead: most streams that are read for a command are short.
        let (mut records, mut bytes) = (Vec::new(), 0);
        while records.len() < BATCH
            && bytes < BYTES
            && let Some(event) = self.event().await?
        {
            bytes += original(&event).map_or(0, |event| event.data.len());
            records.extend(self.interner.resolved(&event));
        }
        Ok((!records.is_empty()).then_some(records))
    }

    /// Lends each event that is left.
    pub async fn each(&mut self, mut take: impl FnMut(RecordRef<'_>)) -> Result<(), StoreError> {
        while let Some(event) = self.event().await? {
            if let Some(event) = original(&event) {
                take(self.interner.lend(event));
            }
        }
        Ok(())
    }

    /// The next batch as a history keeps it, `None` at the end. The client's events are many small parts, which are best dropped
    /// where they were made.
    pub async fn pack(&mut self) -> Result<Option<Pack>, StoreError> {
        let mut pack = Pack::with_room(self.stream.clone(), BATCH, self.room);
        while let Some(event) = self.event().await? {
            let Some(record) = original(&event).map(|event| self.interner.lend(event)) else { continue };
            if pack.is_empty() && *record.stream != self.stream {
                pack = Pack::with_room(record.stream.clone(), BATCH, self.room);
            }
            if !pack.takes(record) {
                self.waiting = Some(event);
                break;
            }
            pack.push(record);
        }
        self.room = pack.bytes();
        Ok((!pack.is_empty()).then_some(pack))
    }

    /// The next event, `None` at the end, when what became of the stream is known.
    async fn event(&mut self) -> Result<Option<ResolvedEvent>, StoreError> {
        if self.waiting.is_some() || self.life != Life::Reading {
            return Ok(self.waiting.take());
        }
        let event = match &mut self.read {
            Some(read) => next(read, &mut self.last).await,
            // Boxed, as it is large and comes once.
            None => Box::pin(self.begin()).await,
        };
        match event {
            Ok(Some(event)) => return Ok(Some(event)),
            Ok(None) => self.life = Life::Live,
            Err(CallFailure::Said(Error::ResourceNotFound)) => {
                self.life = self.session.missing_life(&self.stream).await;
            }
            Err(CallFailure::Said(Error::ResourceDeleted)) => self.life = Life::Tombstoned,
            Err(failure) => return Err(self.session.explained(failure).await),
        }
        Ok(None)
    }

    /// Begins the read, with its first event: a server may refuse a read as late as there.
    async fn begin(&mut self) -> Result<Option<ResolvedEvent>, CallFailure> {
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
        (self.read, self.last) = (Some(read), last.or(self.last));
        Ok(first)
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
