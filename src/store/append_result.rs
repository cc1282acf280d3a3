//! What an append was answered.

use crate::record::{Position, Revision};
use std::sync::Arc;

/// What an accepted append was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Of the last event of the write.
    pub revision: Revision,
    pub position: Position,
    /// The answer was lost and the event was found in the stream.
    pub recovered: bool,
    /// Host and port of the leader that wrote it, where another node is read.
    pub leader: Option<Arc<str>>,
}
