//! What an append was answered.

use crate::record::{Position, Revision};

/// What an accepted append was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Of the last event of the write.
    pub revision: Revision,
    pub position: Position,
    /// The answer was lost and the event was found in the stream.
    pub recovered: bool,
}
