//! Problems of many streams.

use super::{StoreError, Ticket};
use crate::record::{Created, Revision, StreamName};
use std::sync::Arc;

/// The problems of these streams.
#[derive(Debug, Clone)]
pub struct ProblemQuestion {
    /// Of this question alone: with the same one, it is the same.
    pub ticket: Ticket,
    pub streams: Arc<[StreamName]>,
    /// Only of what was written until this moment.
    pub until: Option<Created>,
}

impl PartialEq for ProblemQuestion {
    fn eq(&self, other: &Self) -> bool {
        self.ticket == other.ticket
    }
}

/// An event that does not follow from the state before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundProblem {
    pub stream: StreamName,
    pub revision: Revision,
    pub event_type: Arc<str>,
    pub kind: &'static str,
    /// Its whole sentence.
    pub text: String,
}

/// How far the question is.
#[derive(Debug)]
pub enum ProblemStep {
    /// What was told before is of no more use.
    Begins,
    /// So many streams are read by now, some of which may not be; with the problems found since the last step, by stream and
    /// revision.
    Found {
        done: u64,
        unreadable: u64,
        found: Vec<FoundProblem>,
    },
    Ended(Result<(), StoreError>),
}
