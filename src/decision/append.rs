//! A write, exactly as it is sent.

use crate::record::{Revision, StreamName};
use std::fmt;
use std::sync::Arc;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq)]
pub struct Append {
    pub stream: StreamName,
    pub expected: Expected,
    pub events: Vec<Proposed>,
}

/// An event to be written; `data` is JSON, `metadata` is JSON or empty. The id makes a retry safe.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    pub id: Uuid,
    pub event_type: Arc<str>,
    pub data: Box<[u8]>,
    pub metadata: Box<[u8]>,
}

/// What a write expects of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    NoStream,
    StreamExists,
    Exact(Revision),
    /// Written whatever the stream holds: nothing of what was decided on is checked.
    Any,
}

impl Expected {
    /// That nothing came after the revision that the decision was made at.
    pub fn decided_at(at: Option<Revision>) -> Self {
        at.map_or(Self::NoStream, Self::Exact)
    }

    /// Whether the same write again, with the same ids, is the same events: the server compares them at the expected revision.
    pub fn is_repeatable(self) -> bool {
        matches!(self, Self::NoStream | Self::Exact(_))
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::NoStream => f.write_str("no stream"),
            Self::StreamExists => f.write_str("an existing stream"),
            Self::Any => f.write_str("any state"),
            Self::Exact(revision) => write!(f, "exactly {revision}"),
        }
    }
}
