//! The stream list: a projection of one subscription, with little memory for each stream.

use super::list_source::Source;
use super::listed_stream::ListedStream;
use crate::aggregate::Registry;
use crate::record::{Created, Position, Record, StreamName};
use crate::store::grpc::Session;
use crate::store::grpc::conversion::{Interner, link_target, original, position};
use crate::store::{Life, Listing, StoreError, StreamRow};
use eventstore::{ResolvedEvent, SubscriptionEvent};
use std::collections::{BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// All streams of a category, folded as their events come by.
#[derive(Debug, Default)]
pub struct StreamList {
    category: String,
    registry: Registry,
    interner: Interner,
    entries: HashMap<StreamName, ListedStream>,
    changed: HashSet<StreamName>,
    /// Streams that must be read by themselves, because what came by does not tell their state.
    unread: HashSet<StreamName>,
    /// When the next event of a stream expires.
    expiries: BTreeSet<(Created, StreamName)>,
    expiry_of: HashMap<StreamName, Created>,
    /// Where a new subscription goes on.
    position: Option<Position>,
    /// The first event of the database and the last one seen, by which it is known again.
    first: Option<(Position, Uuid)>,
    last: Option<(Position, Uuid)>,
    /// The last link seen, where the list comes from links.
    link: Option<(u64, Uuid)>,
    source: Option<Source>,
    seen: u64,
    caught_up: bool,
}

/// What a projection says of the event that it made a link for.
#[derive(serde::Deserialize)]
struct Origin {
    #[serde(rename = "$o")]
    stream: Option<String>,
}

/// The stream, or the one that this is the metadata of.
fn subject(stream: &str) -> &str {
    stream.strip_prefix("$$").unwrap_or(stream)
}

impl StreamList {
    pub fn new(category: &str) -> Self {
        Self { category: category.to_owned(), ..Self::default() }
    }

    pub fn category(&self) -> &str {
        &self.category
    }

    pub fn position(&self) -> Option<Position> {
        self.position
    }

    pub fn first(&self) -> Option<(Position, Uuid)> {
        self.first
    }

    pub fn last(&self) -> Option<(Position, Uuid)> {
        self.last
    }

    pub fn link(&self) -> Option<(u64, Uuid)> {
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
        let unread = self.unread.len() as u64;
        Listing { seen: self.seen, caught_up, unread, source: shown, confirmed, unseen, denied: None }
    }

    /// Asks once; a list does not change its source while it is read.
    pub async fn choose(&mut self, session: &Session) -> Result<(), StoreError> {
        if self.source.is_none() {
            self.source = Some(session.choose_source(&self.category).await?);
        }
        if self.source == Some(Source::All) && self.first.is_none() {
            self.first = session.first_event().await?.map(|record| (record.position, record.id));
        }
        Ok(())
    }

    /// Another source may be readable by now; what was seen stays.
    pub fn choose_again(&mut self) {
        if self.seen == 0 {
            self.source = None;
        }
    }

    pub fn absorb(&mut self, event: &SubscriptionEvent) {
        match event {
            // 24.10 sends u64::MAX on a small database: it is End, and resuming there would miss events.
            SubscriptionEvent::Checkpoint(at) if at.commit != u64::MAX => self.position = Some(position(*at)),
            SubscriptionEvent::CaughtUp => self.caught_up = true,
            SubscriptionEvent::EventAppeared(resolved) if self.source == Some(Source::All) => {
                let Some(event) = original(resolved) else { return };
                let record = self.interner.record(event);
                self.position = Some(record.position);
                self.last = Some((record.position, record.id));
                self.seen += 1;
                self.take(&record);
            }
            SubscriptionEvent::EventAppeared(resolved) => self.take_link(resolved),
            _ => {}
        }
    }

    /// A link with what it leads to, or alone where that is hidden.
    fn take_link(&mut self, resolved: &ResolvedEvent) {
        let Some(link) = original(resolved) else { return };
        self.link = Some((link.revision, link.id));
        self.seen += 1;
        let origin = serde_json::from_slice::<Origin>(&link.custom_metadata).ok();
        let target = link_target(link);
        let Some((revision, stream)) = target else { return };
        let Ok(revision) = revision.parse() else { return };
        let created = self.interner.record(link).created;
        // An event that is a link itself is linked as what it leads to: its own stream must be read.
        if let Some(own) = origin.and_then(|o| o.stream).filter(|own| own != subject(stream)) {
            return self.hidden(&own, 0, created);
        }
        match (&resolved.link, &resolved.event) {
            (Some(_), Some(event)) if self.lists(stream) => {
                let record = self.interner.record(event);
                // Which events came back with a stream that was deleted, its limits say, which links do not tell of.
                if self.entries.get(&record.stream).is_some_and(ListedStream::is_gone) {
                    self.unread.insert(record.stream.clone());
                }
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
        let name = StreamName::new(subject(stream));
        let entry = self.entry(&name);
        entry.hidden(revision, deletes, created);
        if entry.is_gone() {
            self.unread.remove(&name);
        } else {
            self.unread.insert(name.clone());
        }
        self.changed.insert(name);
    }

    fn entry(&mut self, name: &StreamName) -> &mut ListedStream {
        let aggregate = self.registry.for_stream(name);
        self.entries.entry(name.clone()).or_insert_with(|| ListedStream::new(aggregate.clone(), name))
    }

    fn take(&mut self, record: &Record) {
        let name = match record.stream.as_str().strip_prefix("$$") {
            Some(of) => StreamName::new(of),
            None => record.stream.clone(),
        };
        let is_metadata = name != record.stream;
        let entry = self.entry(&name);
        let must_be_read = if is_metadata {
            entry.metadata(&record.data)
        } else {
            entry.event(record);
            false
        };
        let (is_shown, is_gone) = (entry.is_worth_a_row(), entry.is_gone());
        if is_gone {
            self.unread.remove(&name);
        } else if must_be_read {
            self.unread.insert(name.clone());
        }
        if is_shown {
            self.changed.insert(name);
        }
    }

    /// At most so many streams that must be read, because links told of more than they led to.
    /// Each stays due until it was read: the read may fail, or be cut off.
    pub fn unread(&self, most: usize) -> Vec<StreamName> {
        self.unread.iter().take(most).cloned().collect()
    }

    /// A read of the stream was denied.
    pub fn lock(&mut self, stream: &StreamName) {
        self.unread.remove(stream);
        if let Some(entry) = self.entries.get_mut(stream) {
            entry.lock();
            self.changed.insert(stream.clone());
        }
    }

    /// Takes what a read of a stream and of its metadata gave.
    pub fn replace(
        &mut self,
        stream: &StreamName,
        records: &[Record],
        life: &Life,
        metadata: Option<&Record>,
    ) {
        self.unread.remove(stream);
        let Some(entry) = self.entries.get_mut(stream) else { return };
        if let Some(metadata) = metadata {
            entry.metadata(&metadata.data);
        }
        entry.replace(records, life);
        self.changed.insert(stream.clone());
    }

    pub fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// At most so many changed rows, as they are now.
    pub fn take_changed(&mut self, most: usize, now: Created) -> Vec<StreamRow> {
        let names: Vec<StreamName> = self.changed.iter().take(most).cloned().collect();
        let mut rows = Vec::with_capacity(names.len());
        for name in names {
            self.changed.remove(&name);
            let Some(entry) = self.entries.get_mut(&name) else { continue };
            rows.push(entry.row(&name, now));
            let next = entry.expires(now);
            if let Some(old) = self.expiry_of.remove(&name) {
                self.expiries.remove(&(old, name.clone()));
            }
            if let Some(next) = next {
                self.expiries.insert((next, name.clone()));
                self.expiry_of.insert(name, next);
            }
        }
        rows
    }

    /// When the next row changes by itself.
    pub fn next_expiry(&self) -> Option<Created> {
        self.expiries.first().map(|(at, _)| *at)
    }

    /// The rows of which something has expired are changed.
    pub fn expire(&mut self, now: Created) {
        while let Some((at, name)) = self.expiries.first().cloned().filter(|(at, _)| *at <= now) {
            self.expiries.remove(&(at, name.clone()));
            self.expiry_of.remove(&name);
            self.changed.insert(name);
        }
    }
}
