//! The stream that is open, and the playhead on its history.

use super::newest_page::NewestPage;
use crate::aggregate::Aggregate;
use crate::decision::Head;
use crate::history::{Chunk, Cursor, DayRow, DayStarts, Frame, Timeline};
use crate::record::{Created, Provenance, Record, RecordRef, Revision, StreamName};
use crate::store::{Life, Ticket};
use jiff::tz::TimeZone;
use std::cell::OnceCell;
use std::sync::Arc;

/// A row of the table of events.
#[derive(Debug)]
pub enum EventRow<'a> {
    /// The local day that the event of the next row begins, which was stored then.
    Day(Created),
    /// The record of this index of the timeline.
    Read(usize),
    /// Events that are not read, from this revision or the first one that can be read to another.
    NotRead(Option<Revision>, Revision),
    /// One of the newest, which the timeline does not come to yet; after the one before it, where that is known.
    Newest(RecordRef<'a>, Option<RecordRef<'a>>),
}

/// The stream that is open; what the playhead stands on is worked out once, until it moves or the history grows.
#[derive(Debug)]
pub struct Opened {
    /// The reading that was asked for last.
    pub(super) asked: Ticket,
    pub(super) stream: StreamName,
    /// What is shown, and the reading that it is of.
    timeline: Timeline,
    /// The rows of its events, and of the days between them.
    days: DayStarts,
    ticket: Ticket,
    /// It is read once more: what is shown stays until that is done.
    renewal: Option<(Timeline, DayStarts)>,
    /// The newest records while those before them are read.
    newest_page: NewestPage,
    cursor: Cursor,
    frame: OnceCell<Frame>,
    pub(super) life: Life,
    pub(super) last: Option<Revision>,
    pub(super) is_former: bool,
    /// Reading was stopped before all was read.
    pub(super) is_stopped: bool,
    /// The first readable revision by the list, for which it was read again.
    pub(super) read_from: Option<Revision>,
    provenance: Provenance,
}

impl Opened {
    /// Not read yet.
    pub(super) fn new(ticket: Ticket, timeline: Timeline, stream: StreamName, cursor: Cursor) -> Self {
        Self {
            asked: ticket,
            stream,
            timeline,
            days: DayStarts::new(TimeZone::system()),
            ticket,
            renewal: None,
            newest_page: NewestPage::default(),
            cursor,
            frame: OnceCell::new(),
            life: Life::Reading,
            last: None,
            is_former: false,
            is_stopped: false,
            read_from: None,
            provenance: Provenance::default(),
        }
    }

    /// Of the reading that is shown: another one where the history may be another.
    pub fn ticket(&self) -> Ticket {
        self.ticket
    }

    pub fn stream(&self) -> &StreamName {
        &self.stream
    }

    pub fn timeline(&self) -> &Timeline {
        &self.timeline
    }

    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    pub fn life(&self) -> &Life {
        &self.life
    }

    /// The revision of the newest event that the server told of, readable or not.
    pub fn last(&self) -> Option<Revision> {
        self.last
    }

    /// Whether it was read from a database that is no longer there.
    pub fn is_former(&self) -> bool {
        self.is_former
    }

    /// Whether reading was stopped before all was read.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped
    }

    /// Whether events are still on their way.
    pub fn is_being_read(&self) -> bool {
        self.life == Life::Reading && !self.is_stopped
    }

    /// What is known of it at the record of this index, or before its first.
    pub(super) fn head(&self, index: Option<usize>) -> Head<'_> {
        let tombstoned = self.life == Life::Tombstoned;
        Head { tombstoned, provenance: self.provenance, ..Head::at(&self.timeline, index) }
    }

    /// Whether it is read once more because another fold counts now.
    pub(super) fn is_refolded(&self) -> bool {
        let renewal = self.renewal.as_ref();
        renewal.is_some_and(|(renewal, _)| !Arc::ptr_eq(renewal.aggregate(), self.timeline.aggregate()))
    }

    /// The index of the newest record.
    pub fn newest(&self) -> Option<usize> {
        self.timeline.len().checked_sub(1)
    }

    /// The index of the record under the cursor.
    pub fn index(&self) -> Option<usize> {
        self.cursor.index(&self.timeline)
    }

    /// The one thing that state, changes and detail draw.
    pub fn frame(&self) -> &Frame {
        self.frame.get_or_init(|| match self.newest_place().and_then(|at| self.newest_page.get(at)) {
            Some(record) => Frame::not_read_to(record.clone(), self.timeline.head().clone()),
            None => self.timeline.frame(self.index()),
        })
    }

    /// Where the cursor stands among the newest records that the timeline does not come to yet.
    fn newest_place(&self) -> Option<usize> {
        match self.cursor {
            Cursor::Origin => None,
            Cursor::At(revision) => self.newest_page.at_revision(revision),
            Cursor::Live => self.newest_page.len().checked_sub(1),
        }
    }

    /// The revision of the last record that is shown.
    pub fn last_shown(&self) -> Option<Revision> {
        self.newest_page.last().or_else(|| self.timeline.last_revision())
    }

    /// The events between the timeline and the newest ones.
    fn not_read(&self) -> Option<EventRow<'_>> {
        let (last, first) = (self.timeline.last_revision(), self.newest_page.first()?);
        let from = last.map(|last| Revision(last.0 + 1));
        let to = Revision(first.0.checked_sub(1)?);
        from.is_none_or(|from| from <= to).then_some(EventRow::NotRead(from, to))
    }

    /// How many rows the table of events has.
    pub fn row_count(&self) -> usize {
        self.read_row_count() + usize::from(self.not_read().is_some()) + self.newest_page.days().rows()
    }

    /// How many of them, from the first on, are of the timeline.
    pub fn read_row_count(&self) -> usize {
        self.days.rows()
    }

    pub fn row(&self, row: usize) -> Option<EventRow<'_>> {
        let Some(after) = row.checked_sub(self.read_row_count()) else {
            return match self.days.at(row)? {
                DayRow::Day(index) => self.timeline.density().created(index).map(EventRow::Day),
                DayRow::Event(index) => Some(EventRow::Read(index)),
            };
        };
        let not_read = self.not_read();
        let at = match (after, not_read) {
            (0, Some(not_read)) => return Some(not_read),
            (after, Some(_)) => after - 1,
            (after, None) => after,
        };
        let record = |at: usize| self.newest_page.get(at).map(|record| RecordRef::from(&**record));
        match self.newest_page.days().at(at)? {
            DayRow::Day(at) => record(at).map(|record| EventRow::Day(record.created)),
            DayRow::Event(at) => Some(EventRow::Newest(record(at)?, at.checked_sub(1).and_then(record))),
        }
    }

    /// The row that the playhead stands on; `None` before the first.
    pub fn row_at_cursor(&self) -> Option<usize> {
        match self.newest_place() {
            Some(at) => {
                let days = self.newest_page.days();
                Some(self.row_count() - days.rows() + days.row_of(at))
            }
            None => self.index().map(|index| self.days.row_of(index)),
        }
    }

    /// `by` events on or back: of those that are read, or of the newest ones, whichever the cursor stands among.
    pub(super) fn step(&self, by: i64) -> Cursor {
        let Some(at) = self.newest_place() else { return self.cursor.step(&self.timeline, by) };
        let step = usize::try_from(by.unsigned_abs()).unwrap_or(usize::MAX);
        let to = if by < 0 { at.saturating_sub(step) } else { at.saturating_add(step) };
        let to = self.newest_page.get(to.min(self.newest_page.len().saturating_sub(1)));
        to.filter(|_| by != 0).map_or(self.cursor, |record| match self.cursor {
            Cursor::Live if Some(record.revision) == self.newest_page.last() => Cursor::Live,
            _ => Cursor::At(record.revision),
        })
    }

    /// The record of this revision, where it is shown.
    pub fn record_at(&self, revision: Revision) -> Option<RecordRef<'_>> {
        if let Some(at) = self.newest_page.at_revision(revision) {
            return self.newest_page.get(at).map(|record| RecordRef::from(&**record));
        }
        let record = self.timeline.get(self.timeline.index_at(revision)?)?;
        (record.revision == revision).then_some(record)
    }

    /// Whether it is one of the newest, which the timeline does not come to yet.
    pub(super) fn is_among_newest(&self, revision: Revision) -> bool {
        self.newest_page.at_revision(revision).is_some()
    }

    /// Takes in the newest records, which are shown until the reading comes to them.
    pub(super) fn show_newest(&mut self, records: Vec<Record>) {
        if self.life == Life::Reading && self.renewal.is_none() {
            self.newest_page = NewestPage::new(records, &self.timeline);
            self.frame.take();
        }
    }

    pub(super) fn move_to(&mut self, cursor: Cursor) {
        self.cursor = cursor;
        self.frame.take();
    }

    /// Reads it once more, for another connection to the same database or by another fold.
    pub(super) fn renew(&mut self, ticket: Ticket, aggregate: Arc<dyn Aggregate>) {
        self.asked = ticket;
        let timeline = Timeline::new(aggregate, self.stream.clone());
        self.renewal = Some((timeline, DayStarts::new(TimeZone::system())));
        self.provenance = Provenance::default();
    }

    /// Takes in what was read; what the playhead stands on stays where it is the same record.
    pub(super) fn append(&mut self, chunk: Chunk) {
        self.provenance = self.provenance.and(chunk.provenance());
        if let Some((renewal, days)) = &mut self.renewal {
            take_in(renewal, days, chunk);
            return;
        }
        // The first record tells whether there were any before it.
        let is_first = self.timeline.is_empty();
        take_in(&mut self.timeline, &mut self.days, chunk);
        self.newest_page.follow(&self.timeline);
        let index = self.index();
        if is_first || self.frame.get().is_some_and(|frame| frame.index != index) {
            self.frame.take();
        }
    }

    pub(super) fn live_as(&mut self, life: Life) {
        let is_read = !matches!(life, Life::Reading | Life::Failed(_));
        if let Some((timeline, days)) = self.renewal.take_if(|_| is_read) {
            (self.timeline, self.days) = (timeline, days);
            self.ticket = self.asked;
            self.frame.take();
        }
        if is_read && self.newest_page.len() > 0 {
            self.newest_page = NewestPage::default();
            self.frame.take();
        }
        if life == Life::Live && self.timeline.is_empty() {
            // It exists, and nothing of it can be read.
            self.timeline.begins_truncated();
            self.frame.take();
        }
        if self.renewal.is_none() || life != Life::Reading {
            self.life = life;
        }
    }

    /// Whether the list says that events which are shown can no longer be read.
    pub(super) fn has_lost_events(&self, first: Revision) -> bool {
        self.life == Life::Live
            && self.timeline.first_revision().is_some_and(|shown| shown < first)
            && self.read_from.is_none_or(|from| from < first)
    }
}

/// Appends a chunk, and the days of its events.
fn take_in(timeline: &mut Timeline, days: &mut DayStarts, chunk: Chunk) {
    timeline.append(chunk);
    for index in days.len()..timeline.len() {
        timeline.density().created(index).into_iter().for_each(|created| days.push(created));
    }
}
