//! What a person asks of the open stream's past.

use super::pinned::Pinned;
use std::ops::Range;
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq)]
pub enum AskIntent {
    /// The playhead goes to the next record at which the condition turns, or to the one before.
    NextTurn,
    PreviousTurn,
    /// The field whose changes are shown, by its path.
    Field(Option<Arc<str>>),
    /// The playhead goes to the next change of that field, or to the one before.
    NextChange,
    PreviousChange,
    /// These of its changes are in view, by their places.
    InView(Range<usize>),
    /// What is compared with the state at the playhead.
    Pin(Pinned),
    /// The revision at the playhead is.
    PinHere,
    Unpin,
    /// The playhead goes to the next event of the type between the two that are compared.
    NextBetween(Arc<str>),
}
