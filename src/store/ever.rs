//! Where a condition was first true, stream by stream.

use super::{Listing, StoreError, Ticket};
use crate::aggregate::Condition;
use crate::record::{Created, Position, Revision, StreamName};
use std::sync::Arc;
use uuid::Uuid;

/// In which streams of the category a condition was ever true.
#[derive(Debug, Clone, PartialEq)]
pub struct EverQuestion {
    pub ticket: Ticket,
    pub condition: Arc<Condition>,
    /// Only of what was written until this moment.
    pub until: Option<Created>,
}

/// The first event of a stream after which the condition was true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstTrue {
    pub stream: StreamName,
    pub revision: Revision,
    pub id: Uuid,
    pub event_type: Arc<str>,
    pub created: Created,
    /// `None` where the server does not tell it of a stream's events.
    pub position: Option<Position>,
}

/// How far the question is.
#[derive(Debug)]
pub enum EverStep {
    /// What was told before is of no more use; so many streams are looked at.
    Begins {
        streams: u64,
        listing: Listing,
    },
    /// So many of them are looked at by now, and it was true in so many of these.
    Looked {
        done: u64,
        found: u64,
    },
    /// Once all are looked at, those in which it was true, the earliest first.
    Rows(Vec<FirstTrue>),
    Ended(Result<(), StoreError>),
}

/// Servers that tell no position of a stream's events say all ones.
pub fn known_position(position: Position) -> Option<Position> {
    (position.commit != u64::MAX).then_some(position)
}

/// The earliest first: by position, or by time where a position is not known.
pub fn sort_by_time(found: &mut [FirstTrue]) {
    if found.iter().all(|first| first.position.is_some()) {
        found.sort_by_key(|first| first.position);
    } else {
        found.sort_by(|a, b| (a.created, &a.stream).cmp(&(b.created, &b.stream)));
    }
}
