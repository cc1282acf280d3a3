//! A condition asked after each event of a stream, while the events come.

use super::changes::changes;
use super::replay::{Mark, Replay};
use crate::aggregate::{Aggregate, Condition, EventFacts, State};
use crate::record::{RecordRef, Revision, StreamName};
use std::sync::Arc;

/// A fold of one stream that keeps no history.
#[derive(Debug)]
pub struct Judging {
    condition: Arc<Condition>,
    asks_changes: bool,
    replay: Replay,
    changed: Vec<Arc<str>>,
    /// Whether a condition on the state was true after the last event.
    holds: bool,
}

impl Judging {
    pub fn new(condition: Arc<Condition>, aggregate: Arc<dyn Aggregate>, stream: &StreamName) -> Self {
        let asks_changes = condition.asks_changes();
        let replay = Replay::new(aggregate, stream.clone());
        Self { condition, asks_changes, replay, changed: Vec::new(), holds: false }
    }

    /// The revision of the last event.
    pub fn last(&self) -> Option<Revision> {
        self.replay.last()
    }

    /// Whether the condition is true after the event; `None` for one at or before the last revision.
    pub fn apply(&mut self, record: RecordRef<'_>) -> Option<bool> {
        let is_first = self.replay.last().is_none();
        let before = self.asks_changes.then(|| self.replay.state().clone());
        self.changed.clear();
        let (mark, _) = self.replay.apply(record, &mut self.changed)?;
        if mark != Mark::Folded {
            self.changed.clear();
        }
        Some(if self.condition.is_of_state() {
            self.of_state(is_first)
        } else {
            self.of_event(record, mark, before)
        })
    }

    /// Only an event that changed a field which the condition reads can make it another answer.
    fn of_state(&mut self, is_first: bool) -> bool {
        if is_first || self.changed.iter().any(|field| self.condition.reads(field)) {
            self.holds = self.condition.holds(&**self.replay.aggregate(), self.replay.state());
        }
        self.holds
    }

    fn of_event(&mut self, record: RecordRef<'_>, mark: Mark, before: Option<State>) -> bool {
        let (aggregate, state): (&dyn Aggregate, _) = (&**self.replay.aggregate(), self.replay.state());
        // A field may have been set to what it was.
        if let Some(before) = before.filter(|_| !self.changed.is_empty()) {
            self.changed =
                changes(aggregate, &before, state).into_iter().map(|change| change.field).collect();
        }
        let is_problem = mark == Mark::Problem;
        let facts = EventFacts { event_type: record.event_type, is_problem, changed: &self.changed };
        self.condition.holds_after(aggregate, state, &facts)
    }
}
