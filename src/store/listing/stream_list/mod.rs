//! The stream list: a projection of one subscription, with little memory for each stream.

mod checks;
mod kept;

use super::list_event::ListEvent;
use super::list_source::Source;
use super::listed_stream::ListedStream;
use super::stream_table::StreamTable;
use crate::aggregate::Registry;
use crate::record::{Created, Position, Record, RecordRef, Revision, StreamName};
use crate::store::grpc::Session;
use crate::store::grpc::conversion::{Interner, created, link_target, original};
use crate::store::{Life, Listing, StoreError, StreamRow};
use eventstore::ResolvedEvent;
use uuid::Uuid;

/// All streams of a category, folded as their events come by.
#[derive(Debug, Default)]
pub struct StreamList {
    category: String,
    interner: Interner,
    streams: StreamTable,
    /// Where a new subscription goes on.
    position: Option<Position>,
    /// The first event of the database and the last one seen, by which it is known again.
    first: Option<Proof>,
    last: Option<Proof>,
    /// The event at a position that was read past without events of the list.
    proven: Option<Proof>,
    /// The last link seen, where the list comes from links.
    link: Option<LinkProof>,
    source: Option<Source>,
    seen: u64,
    /// Events of the list that is on disk.
    kept: u64,
    caught_up: bool,
}

/// What a read of one stream gave.
pub struct StreamRead {
    pub records: Vec<Record>,
    pub life: Life,
    /// Of the newest event, readable or not, where the server tells.
    pub last: Option<Revision>,
    pub metadata: Option<Record>,
}

/// An event by which a database is known again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Proof {
    pub position: Position,
    pub id: Uuid,
    /// Samples may have the ids of those before them, and other times.
    pub created: Created,
}

impl Proof {
    pub fn of(record: &Record) -> Self {
        Self { position: record.position, id: record.id, created: record.created }
    }
}

/// A link by which a category's links are known again: another database, or a projection that was reset, has another one at
/// its revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkProof {
    pub revision: Revision,
    pub id: Uuid,
    /// As of a [`Proof`].
    pub created: Created,
}

impl LinkProof {
    pub fn of(link: &Record) -> Self {
        Self { revision: link.revision, id: link.id, created: link.created }
    }
}

/// What a projection says of the event that it made a link for.
#[derive(serde::Deserialize)]
struct Origin {
    #[serde(rename = "$o")]
    stream: Option<String>,
}

/// The stream, or the one that this is the metadata of.
pub fn subject(stream: &str) -> &str {
    stream.strip_prefix("$$").unwrap_or(stream)
}

impl StreamList {
    pub fn new(category: &str, registry: Registry) -> Self {
        Self { category: category.to_owned(), streams: StreamTable::new(registry), ..Self::default() }
    }

    /// Another one of the same category and folds, of which nothing was read.
    #[must_use]
    pub fn begun_again(&self) -> Self {
        Self::new(&self.category, self.streams.registry().clone())
    }

    pub fn category(&self) -> &str {
        &self.category
    }

    pub fn position(&self) -> Option<Position> {
        self.position
    }

    pub fn first(&self) -> Option<Proof> {
        self.first
    }

    pub fn last(&self) -> Option<Proof> {
        self.last
    }

    /// The event at the position up to which all was read.
    pub fn prove(&mut self, proof: Proof) {
        self.proven = Some(proof);
    }

    /// Events looked at since the list was kept on disk.
    pub fn unkept(&self) -> u64 {
        self.seen - self.kept
    }

    /// All of it is on disk.
    pub fn was_kept(&mut self) {
        self.kept = self.seen;
    }

    /// Whether nothing was asked for it yet.
    pub fn is_new(&self) -> bool {
        self.source.is_none() && self.seen == 0
    }

    pub fn link(&self) -> Option<LinkProof> {
        self.link
    }

    /// Where the list comes from; known once it was asked for.
    pub fn source(&self) -> Option<Source> {
        self.source
    }

    pub fn is_caught_up(&self) -> bool {
        self.caught_up
    }

    /// How far the list is, and what it cannot show.
    pub fn listing(&self) -> Listing {
        let source = self.source;
        let unseen = source.map(Source::unseen);
        let shown = source.map(|source| source.shown(&self.category)).unwrap_or_default();
        let confirmed = self.position.filter(|_| source == Some(Source::All));
        let caught_up = self.caught_up;
        let unread = self.streams.due_count() as u64;
        Listing { seen: self.seen, caught_up, unread, source: shown, confirmed, unseen, denied: None }
    }

    /// Asks once; a list does not change its source while it is read.
    pub async fn choose(&mut self, session: &Session) -> Result<(), StoreError> {
        if self.source.is_none() {
            self.source = Some(session.choose_source(&self.category).await?);
        }
        if self.source == Some(Source::All) && self.first.is_none() {
            self.first = session.first_event().await?.as_ref().map(Proof::of);
        }
        Ok(())
    }

    /// Another source may be readable by now; what was seen stays.
    pub fn choose_again(&mut self) {
        if self.seen == 0 {
            self.source = None;
        }
    }

    pub fn absorb(&mut self, event: ListEvent) {
        match event {
            ListEvent::Checkpoint(at) => self.position = Some(at),
            ListEvent::CaughtUp => self.caught_up = true,
            ListEvent::Event(record) => {
                self.position = Some(record.position);
                self.last = Some(Proof::of(&record));
                self.seen += 1;
                self.take(&record);
            }
            ListEvent::Link(resolved) => self.take_link(&resolved),
            ListEvent::Other => {}
        }
    }

    /// A link with what it leads to, or alone where that is hidden.
    fn take_link(&mut self, resolved: &ResolvedEvent) {
        let Some(link) = original(resolved) else { return };
        let created = created(link);
        self.link = Some(LinkProof { revision: Revision(link.revision), id: link.id, created });
        self.seen += 1;
        let origin = serde_json::from_slice::<Origin>(&link.custom_metadata).ok();
        let target = link_target(link);
        let Some((revision, stream)) = target else { return };
        let Ok(revision) = revision.parse() else { return };
        // An event that is a link itself is linked as what it leads to: its own stream must be read.
        if let Some(own) = origin.and_then(|o| o.stream).filter(|own| own != subject(stream)) {
            return self.hidden(&own, 0, created);
        }
        match (&resolved.link, &resolved.event) {
            (Some(_), Some(event)) if self.lists(stream) => {
                // Which events came back with a stream that was deleted, its limits say, which links do not tell of.
                let streams = &mut self.streams;
                if let Some(place) = streams.find(&event.stream_id)
                    && streams.stream(place).is_some_and(ListedStream::is_gone)
                {
                    streams.must_be_read(place);
                }
                let record = self.interner.without_metadata(event);
                self.take(&record);
            }
            _ => self.hidden(stream, revision, created),
        }
    }

    fn lists(&self, stream: &str) -> bool {
        let name = subject(stream);
        match self.category.as_str() {
            "" | "*" => !name.starts_with('$'),
            category => name.strip_prefix(category).is_some_and(|rest| rest.starts_with('-')),
        }
    }

    /// An event that is known of and cannot be read, or was not read yet.
    fn hidden(&mut self, stream: &str, revision: u64, created: Created) {
        let deletes = stream.starts_with("$$");
        // To the list of names, metadata is a stream like another.
        if !self.lists(stream) || (deletes && self.source == Some(Source::Names)) {
            return;
        }
        let streams = &mut self.streams;
        let place = streams.place(subject(stream));
        let Some(entry) = streams.stream_mut(place) else { return };
        entry.hidden(revision, deletes, created);
        // Metadata that was written after a deletion may have undone it, which no link tells.
        if entry.is_gone() && !deletes {
            streams.needs_no_read(place);
        } else {
            streams.must_be_read(place);
        }
        streams.change(place);
    }

    fn take(&mut self, record: &Record) {
        let name = subject(record.stream.as_str());
        let is_metadata = name.len() < record.stream.as_str().len();
        let streams = &mut self.streams;
        let place = streams.place(name);
        let Some(entry) = streams.stream_mut(place) else { return };
        let must_be_read = is_metadata && entry.metadata(&record.data);
        if !is_metadata {
            entry.event(record);
        }
        let (is_shown, is_gone) = (entry.is_worth_a_row(), entry.is_gone());
        if is_gone {
            streams.needs_no_read(place);
        } else if must_be_read {
            streams.must_be_read(place);
        }
        if is_shown {
            streams.change(place);
        }
    }

    /// At most so many streams that must be read, because links told of more than they led to.
    /// Each stays due until it was read: the read may fail, or be cut off.
    pub fn unread(&self, most: usize) -> Vec<StreamName> {
        self.streams.unread(most)
    }

    /// A read of the stream was denied.
    pub fn lock(&mut self, stream: &StreamName) {
        self.was_read(stream, ListedStream::lock);
    }

    /// Takes what a read of a stream and of its metadata gave.
    pub fn replace(&mut self, stream: &StreamName, read: &StreamRead) {
        self.was_read(stream, |entry| {
            if let Some(metadata) = &read.metadata {
                entry.metadata(&metadata.data);
            }
            entry.replace(read.records.iter().map(RecordRef::from), &read.life, read.last);
        });
    }

    fn was_read(&mut self, stream: &StreamName, take: impl FnOnce(&mut ListedStream)) {
        let Some(place) = self.streams.find(stream.as_str()) else { return };
        self.streams.needs_no_read(place);
        if let Some(entry) = self.streams.stream_mut(place) {
            take(entry);
            self.streams.change(place);
        }
    }

    pub fn has_changed(&self) -> bool {
        self.streams.has_changed()
    }

    /// At most so many changed rows, as they are now.
    pub fn take_changed(&mut self, most: usize, now: Created) -> Vec<StreamRow> {
        self.streams.take_changed(most, now)
    }

    /// When the next row changes by itself.
    pub fn next_expiry(&self) -> Option<Created> {
        self.streams.next_expiry()
    }

    /// The rows of which something has expired are changed.
    pub fn expire(&mut self, now: Created) {
        self.streams.expire(now);
    }
}
