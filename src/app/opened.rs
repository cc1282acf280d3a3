//! The stream that is open, and the playhead on its history.

use crate::aggregate::Aggregate;
use crate::decision::Head;
use crate::history::{Chunk, Cursor, Frame, Timeline};
use crate::record::{Provenance, Revision, StreamName};
use crate::store::{Life, Ticket};
use std::cell::OnceCell;
use std::sync::Arc;

/// The stream that is open; what the playhead stands on is worked out once, until it moves or the history grows.
#[derive(Debug)]
pub struct Opened {
    /// The reading that was asked for last.
    pub(super) asked: Ticket,
    pub(super) stream: StreamName,
    /// What is shown, and the reading that it is of.
    timeline: Timeline,
    ticket: Ticket,
    /// It is read once more: what is shown stays until that is done.
    renewal: Option<Timeline>,
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
            ticket,
            renewal: None,
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
        renewal.is_some_and(|renewal| !Arc::ptr_eq(renewal.aggregate(), self.timeline.aggregate()))
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
        self.frame.get_or_init(|| self.timeline.frame(self.index()))
    }

    pub(super) fn move_to(&mut self, cursor: Cursor) {
        self.cursor = cursor;
        self.frame.take();
    }

    /// Reads it once more, for another connection to the same database or by another fold.
    pub(super) fn renew(&mut self, ticket: Ticket, aggregate: Arc<dyn Aggregate>) {
        self.asked = ticket;
        self.renewal = Some(Timeline::new(aggregate, self.stream.clone()));
        self.provenance = Provenance::default();
    }

    /// Takes in what was read; what the playhead stands on stays where it is the same record.
    pub(super) fn append(&mut self, chunk: Chunk) {
        self.provenance = self.provenance.and(chunk.provenance());
        if let Some(renewal) = &mut self.renewal {
            renewal.append(chunk);
            return;
        }
        // The first record tells whether there were any before it.
        let is_first = self.timeline.is_empty();
        self.timeline.append(chunk);
        let index = self.index();
        if is_first || self.frame.get().is_some_and(|frame| frame.index != index) {
            self.frame.take();
        }
    }

    pub(super) fn live_as(&mut self, life: Life) {
        let is_read = !matches!(life, Life::Reading | Life::Failed(_));
        if let Some(renewal) = self.renewal.take_if(|_| is_read) {
            self.timeline = renewal;
            self.ticket = self.asked;
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
