//! The one fold loop: window, terminal, stream list and HTTP service all rehydrate by it.

use crate::aggregate::{Aggregate, Applied, Problem, State};
use crate::record::{RecordRef, Revision, StreamName};
use std::sync::Arc;

/// What an event did, in one byte, for the table and the time panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Folded,
    NotFolded,
    Problem,
}

/// One stream's aggregate, rehydrated event by event.
#[derive(Debug, Clone)]
pub struct Replay {
    aggregate: Arc<dyn Aggregate>,
    stream: StreamName,
    state: State,
    last: Option<Revision>,
    events: u64,
    problems: u64,
}

impl Replay {
    pub fn new(aggregate: Arc<dyn Aggregate>, stream: StreamName) -> Self {
        let state = aggregate.initial(&stream);
        Self { aggregate, stream, state, last: None, events: 0, problems: 0 }
    }

    /// Goes on from a state that was kept, after the event at this revision.
    #[must_use]
    pub fn resumed(self, state: State, last: Revision) -> Self {
        Self { state, last: Some(last), ..self }
    }

    /// As it was kept, with what it had counted.
    pub fn restored(
        aggregate: Arc<dyn Aggregate>,
        stream: StreamName,
        state: State,
        last: Option<Revision>,
        events: u64,
        problems: u64,
    ) -> Self {
        Self { aggregate, stream, state, last, events, problems }
    }

    /// The first events can no longer be read; nothing where events were applied.
    pub fn begins_truncated(&mut self) {
        if self.last.is_none() {
            self.state = self.aggregate.truncated(&self.stream);
        }
    }

    /// The next event; `None` for one at or before the last revision, which is a repeat and changes nothing.
    pub fn apply<'a>(
        &mut self,
        record: impl Into<RecordRef<'a>>,
        changed: &mut Vec<Arc<str>>,
    ) -> Option<(Mark, Option<Problem>)> {
        let record = record.into();
        if self.last.is_some_and(|last| record.revision <= last) {
            return None;
        }
        if self.last.is_none() && record.revision.0 > 0 {
            self.begins_truncated();
        }
        self.last = Some(record.revision);
        self.events += 1;
        Some(match self.aggregate.apply(&mut self.state, record, changed) {
            Applied::Folded => (Mark::Folded, None),
            Applied::NotFolded => (Mark::NotFolded, None),
            Applied::Problem(problem) => {
                self.problems += 1;
                (Mark::Problem, Some(problem))
            }
        })
    }

    pub fn aggregate(&self) -> &Arc<dyn Aggregate> {
        &self.aggregate
    }

    pub fn stream(&self) -> &StreamName {
        &self.stream
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    /// Whether the state is known.
    pub fn is_known(&self) -> bool {
        self.aggregate.is_known(&self.state)
    }

    /// The revision of the last event that was applied.
    pub fn last(&self) -> Option<Revision> {
        self.last
    }

    /// Events that were applied.
    pub fn events(&self) -> u64 {
        self.events
    }

    pub fn problems(&self) -> u64 {
        self.problems
    }
}
