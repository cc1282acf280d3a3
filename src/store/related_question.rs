//! What belongs together, as it is asked and told.

use super::{StoreError, Ticket};
use crate::history::RelatedEvent;
use crate::record::{Created, Position, Revision, StreamName};
use std::sync::Arc;

/// One search; the same ticket is the same one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedQuestion {
    pub ticket: Ticket,
    pub sought: Sought,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sought {
    /// All events of a correlation.
    Correlation {
        id: Arc<str>,
        /// The event from which it was asked.
        stands: Option<(StreamName, Revision)>,
        /// Whether `$all` is read where there are no links.
        scans: bool,
    },
    /// What was written to the database around an event.
    Around {
        stream: StreamName,
        revision: Revision,
        position: Position,
        created: Created,
        /// On each side, in ticks of 100 ns.
        within: i64,
    },
}

/// Where the events come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RelatedSource {
    /// `$bc-…`, which the projection `$by_correlation_id` writes.
    Links,
    /// There are none, and `$all` was not asked for.
    NoLinks,
    /// All of `$all`, or the part around the event.
    Log,
    /// This stream alone: the user may read neither the links nor `$all`.
    OneStream(StreamName),
}

#[derive(Debug)]
pub enum RelatedStep {
    /// What was told before is of no more use.
    Begins,
    Found {
        source: RelatedSource,
        /// Events that were looked at so far.
        looked: u64,
        found: Vec<RelatedEvent>,
    },
    Ended(Result<RelatedEnd, StoreError>),
}

/// How a search ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedEnd {
    pub source: RelatedSource,
    /// Events beside those that were told; around an event at least so many.
    pub more: u64,
    /// Links to events that are gone.
    pub gone: u64,
    /// Events of the database itself, which are left out around an event.
    pub system: u64,
    pub looked: u64,
}
