//! Events that belong together, as far as they are found.

use super::failure::Failure;
use crate::history::{Lanes, RelatedEvent};
use crate::record::{RelatedIds, Revision, StreamName};
use crate::store::{RelatedEnd, RelatedQuestion, RelatedSource, RelatedStep, Sought, Ticket};
use std::sync::Arc;

/// How long before and after an event is looked at first, in ticks of 100 ns.
pub const WITHIN: i64 = 50_000_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelatedIntent {
    /// All events of the correlation of the event at the playhead.
    Together,
    /// All events of this one.
    Correlation(Arc<str>),
    /// The same, found in `$all`.
    Scan,
    /// The event that led to the one of this revision: in the open stream, or among what belongs together.
    Cause(Revision),
    /// What else was written when the event at the playhead was.
    Around,
    /// The same, so many ticks of 100 ns before and after it.
    Within(i64),
    /// What was found stays.
    Stop,
    /// An event that was found.
    Open(StreamName, Revision),
}

#[derive(Debug)]
pub enum RelatedState {
    Looking,
    Stopped,
    Done(RelatedEnd),
    Failed(Failure),
}

/// One search and what it found.
#[derive(Debug)]
pub struct RelatedEvents {
    question: RelatedQuestion,
    state: RelatedState,
    source: RelatedSource,
    /// Events that were looked at.
    looked: u64,
    lanes: Lanes,
}

impl RelatedEvents {
    pub(super) fn new(question: RelatedQuestion) -> Self {
        let (state, source) = (RelatedState::Looking, RelatedSource::Links);
        Self { question, state, source, looked: 0, lanes: Lanes::default() }
    }

    pub(super) fn step(&mut self, ticket: Ticket, step: RelatedStep) {
        if self.question.ticket != ticket || !self.is_looking() {
            return;
        }
        match step {
            RelatedStep::Begins => *self = Self::new(self.question.clone()),
            RelatedStep::Found { source, looked, found } => {
                (self.source, self.looked) = (source, looked);
                if !found.is_empty() {
                    let events: Vec<RelatedEvent> =
                        self.lanes.events().iter().cloned().chain(found).collect();
                    self.lanes = Lanes::new(events);
                }
            }
            RelatedStep::Ended(Ok(end)) => {
                (self.source, self.looked) = (end.source.clone(), end.looked);
                self.state = RelatedState::Done(end);
            }
            RelatedStep::Ended(Err(why)) => self.state = RelatedState::Failed(why.into()),
        }
    }

    pub(super) fn stop(&mut self) {
        if self.is_looking() {
            self.state = RelatedState::Stopped;
        }
    }

    pub fn is_looking(&self) -> bool {
        matches!(self.state, RelatedState::Looking)
    }

    /// What the store should look for, until it is found.
    pub fn question(&self) -> Option<&RelatedQuestion> {
        Some(&self.question).filter(|_| self.is_looking())
    }

    /// Of this search alone.
    pub fn ticket(&self) -> Ticket {
        self.question.ticket
    }

    pub fn sought(&self) -> &Sought {
        &self.question.sought
    }

    /// The correlation that is looked for.
    pub fn correlation(&self) -> Option<&Arc<str>> {
        match &self.question.sought {
            Sought::Correlation { id, .. } => Some(id),
            Sought::Around { .. } => None,
        }
    }

    /// The event from which was asked.
    pub fn stands(&self) -> Option<(&StreamName, Revision)> {
        match &self.question.sought {
            Sought::Correlation { stands, .. } => stands.as_ref().map(|(stream, at)| (stream, *at)),
            Sought::Around { stream, revision, .. } => Some((stream, *revision)),
        }
    }

    pub fn state(&self) -> &RelatedState {
        &self.state
    }

    pub fn source(&self) -> &RelatedSource {
        &self.source
    }

    pub fn looked(&self) -> u64 {
        self.looked
    }

    pub fn lanes(&self) -> &Lanes {
        &self.lanes
    }
}

/// What is looked for, and for which event.
#[derive(Debug, Default)]
pub(super) struct Related {
    pub events: Option<RelatedEvents>,
    /// What the event at the playhead says, while its tab is open.
    pub at: Option<((Ticket, Revision), RelatedIds)>,
}
