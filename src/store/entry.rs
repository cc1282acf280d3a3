//! One stream of the list: what its events say, what can still be read of them, and its row at a time.

use super::{Life, Status, StreamRow};
use crate::domain::{Decoded, Order, OrderFold};
use crate::fold::{Applied, Fold};
use crate::record::{Created, Record, Revision, StreamName};

/// Ticks of 100 ns in a second.
const SECOND: i64 = 10_000_000;
/// The `$tb` of a soft-deleted stream, and the revision of the event that tombstones one.
const DELETED: u64 = i64::MAX as u64;

/// What is known of one stream.
#[derive(Debug)]
pub struct Entry {
    fold: OrderFold,
    /// Every event that was seen, in order; 24 bytes each and what the fold takes of it.
    steps: Vec<Step>,
    limits: Limits,
    tombstoned: bool,
    /// Of the newest event that is known of, seen or not.
    revision: Option<Revision>,
    last_event: Option<Created>,
    folded: Folded,
}

/// What is kept of an event, so that a stream can be folded again from wherever its limits begin.
#[derive(Debug)]
struct Step {
    revision: u64,
    created: Created,
    /// `None` for an event that the fold does not know.
    decoded: Option<Box<Decoded>>,
}

/// What the newest metadata says of which events can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
struct Limits {
    #[serde(rename = "$tb")]
    before: Option<u64>,
    #[serde(rename = "$maxCount")]
    max_count: Option<u64>,
    /// Seconds.
    #[serde(rename = "$maxAge")]
    max_age: Option<i64>,
}

/// The steps that were folded last, by their places, and what came of them.
#[derive(Debug)]
struct Folded {
    from: usize,
    to: usize,
    /// Those of them that had not expired.
    events: u64,
    state: Order,
    problems: u32,
}

/// The `$tb` of stream metadata.
pub fn truncate_before(metadata: &[u8]) -> Option<u64> {
    serde_json::from_slice::<Limits>(metadata).ok()?.before
}

impl Entry {
    pub fn new(name: &StreamName) -> Self {
        let fold = OrderFold::of_stream(name.as_str());
        Self {
            folded: Folded { from: 0, to: 0, events: 0, state: fold.initial(), problems: 0 },
            fold,
            steps: Vec::new(),
            limits: Limits::default(),
            tombstoned: false,
            revision: None,
            last_event: None,
        }
    }

    /// Takes the next event; one that was seen is not taken twice.
    pub fn event(&mut self, record: &Record) {
        if &*record.event_type == "$streamDeleted" {
            self.tombstoned = true;
            self.last_event = Some(record.created);
            return;
        }
        if self.steps.last().is_some_and(|last| record.revision.0 <= last.revision) {
            return;
        }
        if self.limits.before == Some(DELETED) {
            // Written again after it was deleted; the metadata that says so comes beside it.
            self.limits.before = Some(record.revision.0);
        }
        let decoded = match self.fold.read(&record.event_type, &record.data) {
            Decoded::Unknown => None,
            decoded => Some(Box::new(decoded)),
        };
        self.steps.push(Step { revision: record.revision.0, created: record.created, decoded });
        self.revision = self.revision.max(Some(record.revision));
        self.last_event = Some(record.created);
    }

    /// Takes the stream's metadata as it is now; what the server could not read limits nothing.
    pub fn metadata(&mut self, data: &[u8]) {
        let limits: Limits = serde_json::from_slice(data).unwrap_or_default();
        self.limits = Limits {
            max_count: limits.max_count.filter(|&count| count > 0),
            max_age: limits.max_age.filter(|&age| age > 0),
            ..limits
        };
    }

    /// An event that is known of and was not read.
    pub fn hidden(&mut self, revision: u64, deletes: bool, created: Created) {
        self.last_event = self.last_event.max(Some(created));
        if deletes {
            self.limits.before = Some(DELETED);
        } else if revision == DELETED {
            self.tombstoned = true;
        } else {
            self.revision = self.revision.max(Some(Revision(revision)));
            if self.limits.before == Some(DELETED) {
                self.limits.before = None;
            }
        }
    }

    /// Takes what a read of the whole stream gave, in place of what was seen.
    pub fn replace(&mut self, records: &[Record], life: &Life) {
        self.steps.clear();
        self.folded.to = 0;
        match life {
            Life::SoftDeleted => self.limits.before = Some(DELETED),
            Life::Tombstoned => self.tombstoned = true,
            _ => {}
        }
        for record in records {
            self.event(record);
        }
    }

    /// Neither readable nor to be read again.
    pub fn is_gone(&self) -> bool {
        self.gone().is_some()
    }

    fn gone(&self) -> Option<Status> {
        if self.tombstoned {
            return Some(Status::Tombstoned);
        }
        (self.limits.before == Some(DELETED)).then_some(Status::Deleted)
    }

    /// Metadata alone makes no stream worth a row.
    pub fn is_worth_a_row(&self) -> bool {
        self.revision.is_some() || self.is_gone()
    }

    /// The revision of the event that is written next.
    fn next(&self) -> u64 {
        self.revision.map_or(0, |last| last.0 + 1)
    }

    /// The place of the first step that `$tb` and `$maxCount` leave.
    fn limited_from(&self) -> usize {
        let counted = self.limits.max_count.map_or(0, |most| self.next().saturating_sub(most));
        let first = counted.max(self.limits.before.unwrap_or(0));
        self.steps.partition_point(|step| step.revision < first)
    }

    /// Events created before this have expired.
    fn expired_before(&self, now: Created) -> Created {
        let ticks = |age: i64| now.0.saturating_sub(age.saturating_mul(SECOND));
        Created(self.limits.max_age.map_or(i64::MIN, ticks))
    }

    /// When the next event expires; `None` where none does.
    pub fn expires(&self, now: Created) -> Option<Created> {
        let age = self.limits.max_age?.saturating_mul(SECOND);
        let before = self.expired_before(now);
        let left = &self.steps[self.limited_from()..];
        let next = left.iter().map(|step| step.created).filter(|at| *at >= before).min()?;
        Some(Created(next.0.saturating_add(age).saturating_add(1)))
    }

    /// The stream's row at this time.
    pub fn row(&mut self, name: &StreamName, now: Created) -> StreamRow {
        let gone = self.gone();
        let before = self.expired_before(now);
        let mut from = self.limited_from();
        from += self.steps[from..].iter().take_while(|step| step.created < before).count();
        self.fold_from(from, before);
        let placed = match &self.folded.state {
            Order::Placed(placed) if gone.is_none() => Some(placed),
            _ => None,
        };
        StreamRow {
            stream: name.clone(),
            revision: self.revision,
            first: Revision(self.steps.get(from).map_or_else(|| self.next(), |step| step.revision)),
            events: if gone.is_some() { 0 } else { self.folded.events },
            status: gone.unwrap_or(match placed {
                Some(order) if order.paid => Status::Paid,
                Some(_) => Status::Unpaid,
                None => Status::Unknown,
            }),
            user: placed.map(|order| order.user_id.as_str().into()),
            total: placed.map(|order| order.total.clone()),
            last_event: self.last_event,
            problems: if gone.is_some() { 0 } else { self.folded.problems },
        }
    }

    /// Folds the readable steps; goes on where the last fold ended, if it began at the same place.
    fn fold_from(&mut self, from: usize, before: Created) {
        let read = |step: &Step| step.created >= before;
        // Where clocks go backwards, an event may expire behind one that has not.
        let expired = self.limits.max_age.is_some()
            && self.folded.to > from
            && self.steps[from..self.folded.to].iter().filter(|step| read(step)).count() as u64
                != self.folded.events;
        if self.folded.to == 0 || self.folded.from != from || self.folded.to < from || expired {
            let whole = self.steps.get(from).is_some_and(|step| step.revision == 0);
            let state =
                if whole || self.revision.is_none() { self.fold.initial() } else { self.fold.truncated() };
            self.folded = Folded { from, to: from, events: 0, state, problems: 0 };
        }
        let folded = &mut self.folded;
        for step in &self.steps[folded.to..] {
            if !read(step) {
                continue;
            }
            folded.events += 1;
            let Some(decoded) = step.decoded.as_deref() else { continue };
            match self.fold.step(&folded.state, decoded) {
                Applied::Folded(state) => folded.state = state,
                Applied::Problem(_) => folded.problems += 1,
                Applied::NotFolded => {}
            }
        }
        folded.to = self.steps.len();
    }
}
