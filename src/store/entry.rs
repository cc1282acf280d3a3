//! One stream of the list, folded as its events come by.

use super::{Life, Status, StreamRow};
use crate::domain::{Order, OrderFold};
use crate::fold::{Applied, Fold};
use crate::record::{Created, Record, Revision, StreamName};

/// What is known of one stream.
#[derive(Debug)]
pub struct Entry {
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

impl Entry {
    pub fn new(name: &StreamName) -> Self {
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
    pub fn event(&mut self, record: &Record) -> bool {
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

    /// An event that is known of and cannot be read, or was not read yet; whether the stream must be read again.
    pub fn hidden(&mut self, revision: u64, deletes: bool, created: Created) -> bool {
        self.last_event = self.last_event.max(Some(created));
        if deletes || revision == DELETED {
            self.gone = Some(if deletes { Status::Deleted } else { Status::Tombstoned });
            return false;
        }
        self.gone = self.gone.filter(|gone| *gone == Status::Tombstoned);
        self.revision = self.revision.max(Some(Revision(revision)));
        true
    }

    /// Takes what a read of the whole stream gave.
    pub fn refold(&mut self, records: &[Record], life: &Life) {
        self.state = self.fold.initial();
        self.problems = 0;
        self.events = 0;
        match life {
            Life::SoftDeleted => self.gone = Some(Status::Deleted),
            Life::Tombstoned => self.gone = Some(Status::Tombstoned),
            _ => {}
        }
        for record in records {
            self.fold_one(record);
        }
        match (records.first(), self.revision) {
            (Some(first), _) => self.first = first.revision,
            // Nothing can be read any more, but for what is written next.
            (None, Some(last)) if *life == Life::Live => self.first = Revision(last.0 + 1),
            _ => {}
        }
        if let Some(last) = records.last() {
            self.revision = self.revision.max(Some(last.revision));
            self.last_event = Some(last.created);
        }
    }

    /// Takes the stream's metadata as it is now.
    pub fn limit(&mut self, metadata: Option<&[u8]>) {
        let truncation = metadata.and_then(|data| serde_json::from_slice::<Truncation>(data).ok());
        self.max_count = truncation.and_then(|t| t.max_count).filter(|&count| count > 0);
    }

    pub fn is_gone(&self) -> bool {
        self.gone.is_some()
    }

    /// Metadata alone makes no stream worth a row.
    pub fn is_worth_a_row(&self) -> bool {
        self.revision.is_some() || self.gone.is_some()
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
    pub fn metadata(&mut self, data: &[u8]) -> bool {
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

    pub fn row(&self, name: &StreamName) -> StreamRow {
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
