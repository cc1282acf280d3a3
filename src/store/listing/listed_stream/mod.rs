//! One stream of the list: what its events say, what can still be read of them, and its row at a time.

mod check;
mod kept;

pub use check::StreamCheck;
pub use kept::KeptStream;

use crate::aggregate::{Aggregate, State, Status, Tone, leaves};
use crate::history::Replay;
use crate::record::{Created, Record, RecordRef, Revision, StreamName, json};
use crate::store::stream_limits::{DELETED, Limits};
use crate::store::{Cell, Life, Presence, StreamRow};
use std::sync::{Arc, LazyLock};

/// Ticks of 100 ns in a second.
const SECOND: i64 = 10_000_000;
/// Fields of a state that a row shows where its aggregate names no columns, and the bytes of each.
const MAX_CELLS: usize = 12;
const MAX_CELL: usize = 200;

/// The events that can be read are none of the aggregate's.
static UNKNOWN: LazyLock<Arc<Status>> = LazyLock::new(|| {
    Arc::new(Status {
        word: "unknown".into(),
        label: "Unknown".into(),
        tone: Tone::Warning,
        rank: usize::MAX,
    })
});

/// What is known of one stream.
#[derive(Debug, Clone)]
pub struct ListedStream {
    /// Over the events that can be read.
    replay: Replay,
    /// The first event that was folded.
    first: Option<Revision>,
    /// The last event that was seen.
    seen: Option<Revision>,
    /// The events seen, where limits may hide more of them with time; elsewhere none is kept.
    kept: Option<Kept>,
    limits: Limits,
    tombstoned: bool,
    /// The last read of it was denied.
    locked: bool,
    /// Of the newest event that is known of, seen or not.
    revision: Option<Revision>,
    /// Of the newest event that the list's source told of: a read may know of later ones.
    told: Option<Revision>,
    last_event: Option<Created>,
}

/// Events of a stream with limits, and which of them were folded last.
#[derive(Debug, Clone, Default)]
struct Kept {
    records: Vec<Record>,
    from: usize,
    to: usize,
}

impl ListedStream {
    pub fn new(aggregate: Arc<dyn Aggregate>, name: &StreamName) -> Self {
        Self {
            replay: Replay::new(aggregate, name.clone()),
            first: None,
            seen: None,
            kept: None,
            limits: Limits::default(),
            tombstoned: false,
            locked: false,
            revision: None,
            told: None,
            last_event: None,
        }
    }

    pub fn name(&self) -> &StreamName {
        self.replay.stream()
    }

    /// Takes the next event; one that was seen is not taken twice.
    pub fn event<'a>(&mut self, record: impl Into<RecordRef<'a>>) {
        let record = record.into();
        if &**record.event_type == "$streamDeleted" {
            self.tombstoned = true;
            self.last_event = Some(record.created);
            return;
        }
        self.told = self.told.max(Some(record.revision));
        if self.seen.is_some_and(|seen| record.revision <= seen) {
            return;
        }
        if self.limits.before == Some(DELETED) {
            // Written again after it was deleted; the metadata that says so comes beside it.
            self.limits.before = Some(record.revision.0);
            self.begin_again(self.limits.move_on());
        }
        self.seen = Some(record.revision);
        self.revision = self.revision.max(Some(record.revision));
        self.last_event = Some(record.created);
        match &mut self.kept {
            Some(kept) => kept.records.push(RecordRef { metadata: &[], ..record }.to_record()),
            None if self.limits.before.is_none_or(|before| record.revision.0 >= before) => {
                self.replay.apply(record, &mut Vec::new());
                self.first = self.first.or(Some(record.revision));
            }
            None => {}
        }
    }

    /// Nothing that was seen can be read any more.
    fn begin_again(&mut self, keep: bool) {
        self.replay = Replay::new(self.replay.aggregate().clone(), self.replay.stream().clone());
        self.first = None;
        self.kept = keep.then(Kept::default);
    }

    /// Takes the stream's metadata as it is now. True where the stream must be read, because events that were not kept decide
    /// what the state is.
    pub fn metadata(&mut self, data: &[u8]) -> bool {
        let limits = Limits::of(data);
        let before = std::mem::replace(&mut self.limits, limits);
        if limits == before || self.is_gone() {
            return false;
        }
        let none_left = limits.before.is_some_and(|first| self.seen.is_none_or(|seen| seen.0 < first));
        if none_left || self.seen.is_none() {
            self.begin_again(limits.move_on());
            return false;
        }
        // Written again after a deletion, from the event that was seen first.
        let same = !limits.move_on() && !before.move_on();
        !(same && limits.before.is_some_and(|first| self.first == Some(Revision(first))))
    }

    /// An event that is known of and was not read.
    pub fn hidden(&mut self, revision: u64, deletes: bool, created: Created) {
        if deletes {
            self.limits.before = Some(DELETED);
            return;
        }
        self.last_event = self.last_event.max(Some(created));
        if revision == DELETED {
            self.tombstoned = true;
        } else {
            self.told = self.told.max(Some(Revision(revision)));
            self.revision = self.revision.max(Some(Revision(revision)));
            if self.limits.before == Some(DELETED) {
                self.limits.before = None;
            }
        }
    }

    /// A read of it was denied: what was seen of it stays.
    pub fn lock(&mut self) {
        self.locked = true;
    }

    /// Takes what a read of the whole stream gave, in place of what was seen.
    pub fn replace<'a>(
        &mut self,
        records: impl IntoIterator<Item = RecordRef<'a>>,
        life: &Life,
        last: Option<Revision>,
    ) {
        self.locked = false;
        match life {
            Life::SoftDeleted => self.limits.before = Some(DELETED),
            Life::Tombstoned => self.tombstoned = true,
            _ => {}
        }
        self.begin_again(self.limits.move_on());
        let (seen, told) = (self.seen.take(), self.told);
        for record in records {
            self.event(record);
        }
        (self.seen, self.told) = (self.seen.max(seen), told);
        // That of a tombstone is none of the stream's own.
        self.revision = self.revision.max(last.filter(|last| last.0 < DELETED));
    }

    /// Neither readable nor to be read again.
    pub fn is_gone(&self) -> bool {
        matches!(self.presence(), Presence::Deleted | Presence::Tombstoned)
    }

    fn presence(&self) -> Presence {
        match self.limits.before {
            _ if self.tombstoned => Presence::Tombstoned,
            Some(DELETED) => Presence::Deleted,
            _ if self.locked => Presence::Locked,
            _ => Presence::Live,
        }
    }

    /// Metadata alone makes no stream worth a row.
    pub fn is_worth_a_row(&self) -> bool {
        self.revision.is_some() || self.is_gone()
    }

    /// The revision of the event that is written next.
    fn next(&self) -> u64 {
        self.revision.map_or(0, |last| last.0 + 1)
    }

    /// The first revision that `$tb` and `$maxCount` leave.
    fn limited_from(&self) -> u64 {
        let counted = self.limits.max_count.map_or(0, |most| self.next().saturating_sub(most));
        counted.max(self.limits.before.unwrap_or(0))
    }

    /// Events created before this have expired.
    fn expired_before(&self, now: Created) -> Created {
        let ticks = |age: i64| now.0.saturating_sub(age.saturating_mul(SECOND));
        Created(self.limits.max_age.map_or(i64::MIN, ticks))
    }

    /// Whether events are kept because its limits hide more of them with time.
    pub fn keeps_events(&self) -> bool {
        self.kept.is_some()
    }

    /// Bytes that its state takes, about.
    pub fn size(&self) -> usize {
        self.replay.aggregate().size(self.replay.state())
    }

    /// Its state over the events that can be read at this time.
    pub fn state(&mut self, now: Created) -> &State {
        self.fold_kept(now);
        self.replay.state()
    }

    /// When the next event expires; `None` where none does.
    pub fn expires(&self, now: Created) -> Option<Created> {
        let age = self.limits.max_age?.saturating_mul(SECOND);
        let (first, before) = (self.limited_from(), self.expired_before(now));
        let records = &self.kept.as_ref()?.records;
        let left = &records[records.partition_point(|record| record.revision.0 < first)..];
        let next = left.iter().map(|record| record.created).filter(|at| *at >= before).min()?;
        Some(Created(next.0.saturating_add(age).saturating_add(1)))
    }

    /// The stream's row at this time.
    pub fn row(&mut self, name: &StreamName, now: Created) -> StreamRow {
        self.fold_kept(now);
        let presence = self.presence();
        let is_live = presence == Presence::Live;
        let (aggregate, state) = (self.replay.aggregate(), self.replay.state());
        let status = aggregate.status(state).or_else(|| {
            let has_statuses = !aggregate.schema().statuses.is_empty();
            has_statuses.then(|| UNKNOWN.clone())
        });
        StreamRow {
            stream: name.clone(),
            revision: self.revision,
            // Which events were there before a deletion depends on what was seen of them.
            first: self.first.filter(|_| !self.is_gone()).unwrap_or(Revision(self.next())),
            events: if is_live { self.replay.events() } else { 0 },
            presence,
            status: status.filter(|_| is_live),
            cells: if is_live { cells(&self.replay) } else { Box::default() },
            state: is_live.then(|| state.clone()),
            last_event: self.last_event,
            problems: if is_live { u32::try_from(self.replay.problems()).unwrap_or(u32::MAX) } else { 0 },
        }
    }

    /// Folds the kept events that can be read; goes on where the last fold ended, if it began at the same place.
    fn fold_kept(&mut self, now: Created) {
        let (first, before) = (self.limited_from(), self.expired_before(now));
        let ages = self.limits.max_age.is_some();
        let Some(kept) = &mut self.kept else { return };
        let can_be_read = |record: &Record| record.created >= before;
        let mut from = kept.records.partition_point(|record| record.revision.0 < first);
        from += kept.records[from..].iter().take_while(|record| !can_be_read(record)).count();
        // Where clocks go backwards, an event may expire behind one that has not.
        let expired = ages
            && kept.to > from
            && kept.records[from..kept.to].iter().filter(|record| can_be_read(record)).count() as u64
                != self.replay.events();
        if kept.to == 0 || kept.from != from || kept.to < from || expired {
            (kept.from, kept.to) = (from, from);
            self.replay = Replay::new(self.replay.aggregate().clone(), self.replay.stream().clone());
        }
        for record in kept.records[kept.to..].iter().filter(|record| can_be_read(record)) {
            self.replay.apply(record, &mut Vec::new());
        }
        kept.to = kept.records.len();
        self.first = kept.records.get(from).map(|record| record.revision);
    }
}

/// The fields of the state that the list shows, filters and sorts by.
fn cells(replay: &Replay) -> Box<[Cell]> {
    let aggregate = replay.aggregate();
    let Some(fields) = aggregate.fields(replay.state()) else { return Box::default() };
    let columns = &aggregate.schema().columns;
    let is_shown = |path: &Arc<str>, token: &Arc<str>| {
        let is_small = token.len() <= MAX_CELL && !token.starts_with(['[', '{']);
        columns.iter().any(|column| column.path == *path) || (columns.is_empty() && is_small)
    };
    let all = leaves(&fields).into_iter().filter(|(path, token)| is_shown(path, token));
    let cell = |(path, token): (&Arc<str>, &Arc<str>)| {
        let text = json::token_text(token);
        Cell {
            path: path.clone(),
            is_text: text.is_some(),
            text: text.map_or_else(|| token.clone(), |text| text.as_ref().into()),
        }
    };
    all.take(MAX_CELLS.max(columns.len())).map(cell).collect()
}
