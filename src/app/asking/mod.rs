//! What is asked of the open stream's past: where a condition turns, the changes of a field, and what differs from a revision
//! that was pinned. It is worked out beside the frames, a piece at a time, and goes on where the history grows.

mod chart;
mod field_history;
mod intent;
mod pinned;
mod work;

pub use chart::Chart;
pub use field_history::FieldHistory;
pub use intent::AskIntent;
pub use pinned::{Between, Compared, ListedState, Pinned};
pub use work::{Found, Work};

use super::opened::Opened;
use crate::aggregate::Condition;
use crate::history::{Cursor, Turns};
use crate::record::StreamName;
use crate::store::Ticket;
use std::cell::OnceCell;
use std::sync::Arc;
use work::Task;

#[derive(Debug, Default)]
pub struct Asking {
    condition: Option<Arc<Condition>>,
    turns: Turns,
    field: Option<FieldHistory>,
    pinned: Option<Pinned>,
    /// Of the pinned stream, as the list has it.
    listed: Option<ListedState>,
    compared: OnceCell<Option<Compared>>,
    /// What was compared: the pinned side, the playhead, and how far the history was read.
    compared_for: Option<(Pinned, Cursor, usize)>,
    /// The reading that all this is of.
    of: Option<(Ticket, StreamName)>,
    number: u64,
    is_working: bool,
}

impl Asking {
    /// The condition that marks the history.
    pub fn condition(&self) -> Option<&Arc<Condition>> {
        self.condition.as_ref()
    }

    /// Where the condition turns, as far as that is known.
    pub fn turns(&self) -> &Turns {
        &self.turns
    }

    /// The changes of the field that was chosen.
    pub fn field(&self) -> Option<&FieldHistory> {
        self.field.as_ref()
    }

    /// With what the state at the playhead is compared.
    pub fn pinned(&self) -> Option<&Pinned> {
        self.pinned.as_ref()
    }

    /// What differs between the two.
    pub fn compared(&self, opened: &Opened) -> Option<&Compared> {
        let pinned = self.pinned.as_ref()?;
        self.compared.get_or_init(|| pinned::compared(opened, pinned, self.listed.as_ref())).as_ref()
    }

    /// Forgets the work that is under way.
    fn begin_again(&mut self) {
        self.number += 1;
        self.is_working = false;
    }

    pub(super) fn choose_field(&mut self, path: Option<Arc<str>>) {
        self.begin_again();
        self.field = path.map(FieldHistory::new);
    }

    pub(super) fn look_at(&mut self, places: std::ops::Range<usize>) {
        if let Some(field) = &mut self.field {
            field.look_at(places);
        }
    }

    pub fn pin(&mut self, pinned: Option<Pinned>) {
        self.pinned = pinned;
    }

    /// The state of the pinned stream is this one by now.
    pub fn set_listed(&mut self, listed: Option<ListedState>) {
        let is_same = match (&self.listed, &listed) {
            (Some(own), Some(other)) => own.state.is(&other.state),
            (own, other) => own.is_none() && other.is_none(),
        };
        if !is_same {
            self.listed = listed;
            self.compared.take();
        }
    }

    /// Brings it in line with what is open and asked; the next piece of work, where there is some and none is under way.
    pub(super) fn go_on(
        &mut self,
        opened: Option<&Opened>,
        condition: Option<&Arc<Condition>>,
    ) -> Option<Work> {
        let is_same = match (&self.condition, condition) {
            (Some(own), Some(other)) => Arc::ptr_eq(own, other),
            (own, other) => own.is_none() && other.is_none(),
        };
        if !is_same {
            self.condition = condition.cloned();
            self.turns = Turns::default();
            self.begin_again();
        }
        let of = opened.map(|opened| (opened.ticket(), opened.stream()));
        if self.of.as_ref().map(|(ticket, stream)| (*ticket, stream)) != of {
            self.another_reading(opened);
        }
        let opened = opened?;
        self.follow(opened);
        if self.is_working {
            return None;
        }
        let (records, task) = self.next_task(opened)?;
        self.number += 1;
        self.is_working = true;
        Some(Work { number: self.number, segment: opened.timeline().segment(records), task })
    }

    /// What was compared is forgotten where one of the two is another by now.
    fn follow(&mut self, opened: &Opened) {
        let (cursor, len) = (opened.cursor(), opened.timeline().len());
        let is_same = match (&self.compared_for, &self.pinned) {
            (Some((of, at, read)), Some(pinned)) => of == pinned && (*at, *read) == (cursor, len),
            (of, pinned) => of.is_none() && pinned.is_none(),
        };
        if !is_same {
            self.compared_for = self.pinned.clone().map(|pinned| (pinned, cursor, len));
            self.compared.take();
        }
    }

    fn another_reading(&mut self, opened: Option<&Opened>) {
        let stream = opened.map(Opened::stream);
        if self.of.as_ref().map(|(_, stream)| stream) != stream {
            self.pinned.take_if(|pinned| matches!(pinned, Pinned::Revision(_)));
        }
        self.of = opened.map(|opened| (opened.ticket(), opened.stream().clone()));
        self.turns = Turns::default();
        self.field = self.field.take().map(|field| FieldHistory::new(field.path().clone()));
        self.compared_for = None;
        self.begin_again();
    }

    /// What is in view comes first.
    fn next_task(&self, opened: &Opened) -> Option<(std::ops::Range<usize>, Task)> {
        let len = opened.timeline().len();
        if let Some(field) = &self.field {
            let path = field.path().clone();
            if field.scanned() < len {
                let from = field.scanned();
                return Some((from..len, Task::Scan { field: path, from }));
            }
            if let Some((records, wanted)) = field.missing() {
                let range = records.first().map_or(0, |&at| at as usize)
                    ..records.last().map_or(0, |&at| at as usize + 1);
                return Some((range, Task::Values { field: path, records, wanted }));
            }
        }
        let condition = self.condition.clone()?;
        let judged = self.turns.judged();
        let task = Task::Judge { condition, judged, holds: self.turns.holds() };
        (judged < len).then_some((judged..len, task))
    }

    /// Takes in what was found; what is no longer asked for changes nothing. `None` is work that failed.
    pub(super) fn take(&mut self, number: u64, found: Option<Found>) {
        if number != self.number || !self.is_working {
            return;
        }
        // What failed once would fail again: it is asked no more until something else is.
        self.is_working = found.is_none();
        match found {
            Some(Found::Judged(judged)) => self.turns.extend(judged),
            Some(Found::Scanned(scan)) => {
                if let Some(field) = &mut self.field {
                    field.extend(scan);
                }
            }
            Some(Found::Values(values, wanted)) => {
                if let Some(field) = &mut self.field {
                    field.take_values(values, wanted);
                }
            }
            None => {}
        }
    }
}
