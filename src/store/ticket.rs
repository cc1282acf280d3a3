//! What tells answers apart.

/// Names one request, so that late answers to an earlier one can be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);
