//! What a write asks of its stream, and how it ended.

/// What a write asks of the stream's head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Any,
    NoStream,
    Exists,
    Exact(u64),
}

impl Expected {
    /// Revisions end at the largest signed number; the largest unsigned one means that there is no stream.
    pub fn exactly(revision: u64) -> Option<Expected> {
        (revision == u64::MAX || i64::try_from(revision).is_ok()).then_some(Expected::Exact(revision))
    }

    /// As the check takes it.
    pub fn meant(self) -> Expected {
        if self == Expected::Exact(u64::MAX) { Expected::NoStream } else { self }
    }

    /// The number that error texts use.
    pub fn number(self) -> i64 {
        match self {
            Expected::Any => -2,
            Expected::NoStream => -1,
            Expected::Exists => -4,
            Expected::Exact(revision) => revision.cast_signed(),
        }
    }
}

/// How a write ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Written { revision: Option<u64>, position: Option<u64> },
    Wrong { current: Option<u64> },
    Deleted,
}
