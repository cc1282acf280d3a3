//! A place between the events of a history.

/// A cut through a history: before an index, or before a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// The first event that is not before it, of those whose times are in order.
    pub(super) index: usize,
    pub(super) time: Option<i64>,
}
