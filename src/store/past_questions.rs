//! What is asked of the list at other moments than now.

use super::{EverQuestion, ProblemQuestion, Ticket};
use crate::record::Created;

/// What is asked of the past of the listed category.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PastQuestions {
    pub list: Option<PastQuestion>,
    pub difference: Option<DifferenceQuestion>,
    pub ever: Option<EverQuestion>,
    /// Of streams that are read each by itself.
    pub problems: Option<ProblemQuestion>,
}

/// The list as it was at a moment: all of it to who begins to stay in the past, then what differs from the moment before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastQuestion {
    pub stay: Ticket,
    pub at: Created,
}

/// What changed between two moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DifferenceQuestion {
    pub ticket: Ticket,
    pub from: Created,
    pub to: Created,
}

/// What happened to a stream between two moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    New,
    /// Deleted or tombstoned.
    Gone,
    Changed,
    /// Its events of the earlier moment are gone, so that nobody knows what it was then.
    Unknown,
}
