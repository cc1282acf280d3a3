//! What is known of a stream when a command is decided on it.

use super::proposal::{Cause, Identity, propose};
use super::{Append, Expected};
use crate::aggregate::{Aggregate, Command, Refusal, State};
use crate::history::{Replay, Timeline};
use crate::record::{Provenance, Revision};

/// A stream's aggregate at the revision that is decided at.
#[derive(Debug, Clone)]
pub struct Head<'a> {
    pub aggregate: &'a dyn Aggregate,
    pub state: State,
    /// Of the newest event; `None` where the stream has none.
    pub revision: Option<Revision>,
    /// The newest event, which the command follows.
    pub cause: Option<Cause>,
    pub tombstoned: bool,
    pub provenance: Provenance,
}

/// Why a command appends nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declined {
    /// The stream never takes events again.
    Tombstoned,
    /// The stream belongs to a projection, or holds links throughout.
    Derived,
    /// Whoever commands has seen another revision.
    Conflict {
        expected: Revision,
        actual: Option<Revision>,
    },
    Refused(Refusal),
}

impl<'a> Head<'a> {
    /// After every event that was folded, as far as the events tell; what the database forbids is to be added.
    pub fn after(replay: &'a Replay, cause: Option<Cause>) -> Self {
        Self {
            aggregate: &**replay.aggregate(),
            state: replay.state().clone(),
            revision: replay.last(),
            cause,
            tombstoned: false,
            provenance: Provenance::default(),
        }
    }

    /// At a record of a history, or before its first, as far as the events tell; what the database forbids is to be added.
    pub fn at(timeline: &'a Timeline, index: Option<usize>) -> Self {
        let record = index.and_then(|index| timeline.get(index));
        Self {
            aggregate: &**timeline.aggregate(),
            state: timeline.state_at(index),
            revision: record.map(|record| record.revision),
            cause: record.map(Cause::from),
            tombstoned: false,
            provenance: Provenance::default(),
        }
    }

    /// The exact write of the command; `seen` is the revision that whoever commands says to have seen.
    pub fn decide(
        &self,
        command: &Command,
        seen: Option<Revision>,
        identity: &Identity<'_>,
    ) -> Result<Append, Declined> {
        if self.tombstoned {
            return Err(Declined::Tombstoned);
        }
        if self.provenance.is_derived() {
            return Err(Declined::Derived);
        }
        if let Some(expected) = seen.filter(|&seen| Some(seen) != self.revision) {
            return Err(Declined::Conflict { expected, actual: self.revision });
        }
        let events = self.aggregate.decide(&self.state, command).map_err(Declined::Refused)?;
        let expected = Expected::decided_at(self.revision);
        Ok(propose(&command.stream, expected, &events, self.cause.as_ref(), identity))
    }
}
