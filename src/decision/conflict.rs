//! What a conflict was about: what was decided on, what was appended since, and what the command would do now.

use super::{Append, Declined, Expected};
use crate::history::{Change, Timeline};
use crate::record::{Created, RecordRef, Revision};
use std::sync::Arc;

/// Events told of one conflict, the newest where there are more.
const TOLD: usize = 4;

/// A write that the stream did not meet the expectation of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaleWrite {
    /// The revision that the decision was made at.
    pub decided_at: Option<Revision>,
    pub expected: Expected,
    /// The revision that the write found; `None` where the stream had no events.
    pub actual: Option<Revision>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Conflict {
    /// The revision that the decision was made at.
    pub decided_at: Option<Revision>,
    /// What was appended since, oldest first; `None` until it was read.
    pub since: Option<Vec<Since>>,
    /// The command decided on what is there now; `None` until that was read, or where there is no such command any more.
    pub now: Option<Result<Append, Declined>>,
}

/// An event that came between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    pub revision: Revision,
    pub created: Created,
    pub event_type: Arc<str>,
    /// The fields that it changed.
    pub changes: Vec<Change>,
}

impl StaleWrite {
    /// The newest revision that the write still allowed.
    fn base(&self) -> Option<Revision> {
        match self.expected {
            Expected::Exact(revision) => Some(revision),
            Expected::NoStream => None,
            Expected::StreamExists | Expected::Any => self.decided_at,
        }
    }

    /// What it was about, by the stream's history as far as that was read; `decide` judges the command on all of it.
    pub fn conflict(
        &self,
        timeline: Option<&Timeline>,
        decide: impl FnOnce() -> Option<Result<Append, Declined>>,
    ) -> Conflict {
        let read = timeline.filter(|timeline| timeline.last_revision() >= self.actual);
        Conflict {
            decided_at: self.decided_at,
            since: read.map(|timeline| since(timeline, self.base())),
            now: read.and_then(|_| decide()),
        }
    }
}

/// The newest events after a revision.
fn since(timeline: &Timeline, base: Option<Revision>) -> Vec<Since> {
    let first = base.and_then(|base| timeline.index_at(base)).map_or(0, |index| index + 1);
    let first = first.max(timeline.len().saturating_sub(TOLD));
    let told = |(index, record): (usize, RecordRef<'_>)| Since {
        revision: record.revision,
        created: record.created,
        event_type: record.event_type.clone(),
        changes: timeline.changes(&timeline.state_at(index.checked_sub(1)), &timeline.state_at(Some(index))),
    };
    timeline.records_from(first).map(told).collect()
}
