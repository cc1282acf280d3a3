//! The stream list: a projection of one subscription, with little memory for each stream.

use super::client::Session;
use super::convert::{Interner, position};
use super::source::Source;
use super::{Life, Status, StoreError, StreamRow};
use crate::domain::{Order, OrderFold};
use crate::fold::{Applied, Fold};
use crate::record::{Created, Position, Record, Revision, StreamName};
use eventstore::{ResolvedEvent, SubscriptionEvent};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What is known of one stream.
#[derive(Debug)]
struct Entry {
    fold: OrderFold,
    state: Order,
    revision: Option<Revision>,
    /// First revision that can still be read.
    first: Revision,
    /// Events that can still be read.
    events: u64,
    last_event: Option<Created>,
    problems: u32,
    gone: Option<Status>,
    max_count: Option<u64>,
}

/// All streams of a category, folded as their events come by.
#[derive(Debug, Default)]
pub struct Directory {
    category: String,
    interner: Interner,
    entries: HashMap<StreamName, Entry>,
    changed: HashSet<StreamName>,
    truncated: HashSet<StreamName>,
    /// Where a new subscription goes on.
    position: Option<Position>,
    /// The last event seen, by which the same database is known again.
    last: Option<(Position, Uuid)>,
    /// The last link seen, where the list comes from links.
    link: Option<(u64, Uuid)>,
    source: Option<Source>,
    seen: u64,
}

/// What a projection says of the event that it made a link for.
#[derive(serde::Deserialize)]
struct Origin {
    #[serde(rename = "$c")]
    commit: u64,
    #[serde(rename = "$p")]
    prepare: u64,
    #[serde(rename = "$o")]
    stream: Option<String>,
}

impl Origin {
    fn position(&self) -> Position {
        Position { commit: self.commit, prepare: self.prepare }
    }
}

/// The stream, or the one that this is the metadata of.
fn subject(stream: &str) -> &str {
    stream.strip_prefix("$$").unwrap_or(stream)
}

/// What stream metadata says of truncation; anything else in it is not ours.
#[derive(serde::Deserialize)]
struct Truncation {
    #[serde(rename = "$tb")]
    before: Option<u64>,
    #[serde(rename = "$maxCount")]
    max_count: Option<u64>,
}

/// The `$tb` of stream metadata.
pub fn truncate_before(metadata: &[u8]) -> Option<u64> {
    serde_json::from_slice::<Truncation>(metadata).ok()?.before
}

const DELETED: u64 = i64::MAX as u64;

impl Directory {
    pub fn new(category: &str) -> Self {
        Self { category: category.to_owned(), ..Self::default() }
    }

    pub fn category(&self) -> &str {
        &self.category
    }

    pub fn position(&self) -> Option<Position> {
        self.position
    }

    pub fn last(&self) -> Option<(Position, Uuid)> {
        self.last
    }

    /// Events looked at.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    pub fn link(&self) -> Option<(u64, Uuid)> {
        self.link
    }

    /// Where the list comes from; known once it was asked for.
    pub fn source(&self) -> Option<Source> {
        self.source
    }

    /// Asks once; a list does not change its source while it is read.
    pub async fn choose(&mut self, session: &Session) -> Result<(), StoreError> {
        if self.source.is_none() {
            self.source = Some(session.choose(&self.category).await?);
        }
        Ok(())
    }

    pub fn absorb(&mut self, event: &SubscriptionEvent) {
        match event {
            // 24.10 sends u64::MAX on a small database: it is End, and resuming there would miss events.
            SubscriptionEvent::Checkpoint(at) if at.commit != u64::MAX => self.position = Some(position(*at)),
            SubscriptionEvent::EventAppeared(resolved)
                if matches!(self.source, Some(Source::CategoryAlone | Source::Names)) =>
            {
                self.take_link(resolved);
            }
            SubscriptionEvent::EventAppeared(resolved) => {
                let Some(event) = resolved.link.as_ref().or(resolved.event.as_ref()) else { return };
                let record = self.interner.record(event);
                self.position = Some(record.position);
                self.last = Some((record.position, record.id));
                self.seen += 1;
                self.take(&record);
            }
            _ => {}
        }
    }

    pub fn take_links(&mut self, links: &[ResolvedEvent]) {
        for link in links {
            self.take_link(link);
        }
    }

    /// A link with what it leads to, or alone where that is hidden.
    fn take_link(&mut self, resolved: &ResolvedEvent) {
        let Some(link) = resolved.link.as_ref().or(resolved.event.as_ref()) else { return };
        self.link = Some((link.revision, link.id));
        self.seen += 1;
        let origin = serde_json::from_slice::<Origin>(&link.custom_metadata).ok();
        self.position = origin.as_ref().map(Origin::position).or(self.position);
        let target = std::str::from_utf8(&link.data).ok().and_then(|text| text.split_once('@'));
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
                self.position = Some(record.position);
                self.last = Some((record.position, record.id));
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
        let entry = self.entries.entry(name.clone()).or_insert_with(|| Entry::new(&name));
        entry.last_event = entry.last_event.max(Some(created));
        if deletes || revision == DELETED {
            entry.gone = Some(if deletes { Status::Deleted } else { Status::Tombstoned });
            self.truncated.remove(&name);
        } else {
            entry.gone = entry.gone.filter(|gone| *gone == Status::Tombstoned);
            entry.revision = entry.revision.max(Some(Revision(revision)));
            self.truncated.insert(name.clone());
        }
        self.changed.insert(name);
    }

    /// Takes the newest metadata of a stream that was read again.
    pub fn limit(&mut self, stream: &StreamName, metadata: Option<&Record>) {
        let truncation = metadata.and_then(|m| serde_json::from_slice::<Truncation>(&m.data).ok());
        if let Some(entry) = self.entries.get_mut(stream) {
            entry.max_count = truncation.and_then(|t| t.max_count).filter(|&count| count > 0);
        }
    }

    fn take(&mut self, record: &Record) {
        let name = match record.stream.as_str().strip_prefix("$$") {
            Some(of) => StreamName::new(of),
            None => record.stream.clone(),
        };
        let is_metadata = name != record.stream;
        let entry = self.entries.entry(name.clone()).or_insert_with(|| Entry::new(&name));
        let needs_read = if is_metadata { entry.metadata(&record.data) } else { entry.event(record) };
        // Metadata alone makes no stream worth a row.
        if entry.revision.is_some() || entry.gone.is_some() {
            self.changed.insert(name.clone());
        }
        if entry.gone.is_some() {
            self.truncated.remove(&name);
        } else if needs_read {
            self.truncated.insert(name);
        }
    }

    /// A stream whose fold must be read again, because its head is gone.
    /// It stays due until it was refolded: the read may fail, or be cut off.
    pub fn next_truncated(&self) -> Option<StreamName> {
        self.truncated.iter().next().cloned()
    }

    /// Takes what a read of a truncated stream gave.
    pub fn refold(&mut self, stream: &StreamName, records: &[Record], life: &Life) {
        self.truncated.remove(stream);
        let Some(entry) = self.entries.get_mut(stream) else { return };
        entry.state = entry.fold.initial();
        entry.problems = 0;
        entry.events = 0;
        match life {
            Life::SoftDeleted => entry.gone = Some(Status::Deleted),
            Life::Tombstoned => entry.gone = Some(Status::Tombstoned),
            _ => {}
        }
        for record in records {
            entry.fold_one(record);
        }
        match (records.first(), entry.revision) {
            (Some(first), _) => entry.first = first.revision,
            // Nothing can be read any more, but for what is written next.
            (None, Some(last)) if *life == Life::Live => entry.first = Revision(last.0 + 1),
            _ => {}
        }
        if let Some(last) = records.last() {
            entry.revision = entry.revision.max(Some(last.revision));
            entry.last_event = Some(last.created);
        }
        self.changed.insert(stream.clone());
    }

    pub fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// At most so many changed rows.
    pub fn take_changed(&mut self, most: usize) -> Vec<StreamRow> {
        let names: Vec<StreamName> = self.changed.iter().take(most).cloned().collect();
        let mut rows = Vec::with_capacity(names.len());
        for name in names {
            self.changed.remove(&name);
            if let Some(entry) = self.entries.get(&name) {
                rows.push(entry.row(&name));
            }
        }
        rows
    }
}

impl Entry {
    fn new(name: &StreamName) -> Self {
        let fold = OrderFold::of_stream(name.as_str());
        Self {
            state: fold.initial(),
            fold,
            revision: None,
            first: Revision(0),
            events: 0,
            last_event: None,
            problems: 0,
            gone: None,
            max_count: None,
        }
    }

    /// Whether the stream must be read again.
    fn event(&mut self, record: &Record) -> bool {
        if &*record.event_type == "$streamDeleted" {
            self.gone = Some(Status::Tombstoned);
            self.last_event = Some(record.created);
            return false;
        }
        if self.revision.is_some_and(|revision| record.revision <= revision) {
            return false;
        }
        if self.gone.take().is_some() {
            // Recreated: what was before is gone.
            self.state = self.fold.initial();
            self.problems = 0;
            self.events = 0;
            self.first = record.revision;
        }
        self.fold_one(record);
        self.revision = Some(record.revision);
        self.last_event = Some(record.created);
        self.max_count.is_some_and(|most| self.events > most)
    }

    fn fold_one(&mut self, record: &Record) {
        self.events += 1;
        match self.fold.apply(&self.state, &record.event_type, &record.data) {
            Applied::Folded(state) => self.state = state,
            Applied::Problem(_) => self.problems += 1,
            Applied::NotFolded => {}
        }
    }

    /// Whether the stream must be read again.
    fn metadata(&mut self, data: &[u8]) -> bool {
        let Ok(truncation) = serde_json::from_slice::<Truncation>(data) else { return false };
        self.max_count = truncation.max_count.filter(|&count| count > 0);
        if truncation.before == Some(DELETED) {
            self.gone = Some(Status::Deleted);
            return false;
        }
        let first = truncation.before.unwrap_or(0);
        let undeleted = self.gone == Some(Status::Deleted) && self.gone.take().is_some();
        let changed = first != self.first.0;
        self.first = Revision(first);
        undeleted || changed || self.max_count.is_some_and(|most| self.events > most)
    }

    fn row(&self, name: &StreamName) -> StreamRow {
        let placed = match &self.state {
            Order::Placed(placed) if self.gone.is_none() => Some(placed),
            _ => None,
        };
        StreamRow {
            stream: name.clone(),
            revision: self.revision,
            first: self.first,
            events: if self.gone.is_some() { 0 } else { self.events },
            status: self.gone.unwrap_or(match placed {
                Some(order) if order.paid => Status::Paid,
                Some(_) => Status::Unpaid,
                None => Status::Unknown,
            }),
            user: placed.map(|order| order.user_id.as_str().into()),
            total: placed.map(|order| order.total.clone()),
            last_event: self.last_event,
            problems: if self.gone.is_some() { 0 } else { self.problems },
        }
    }
}
