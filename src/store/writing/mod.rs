//! The one way to write, and what becomes of a write whose answer was lost.

mod append;
pub(in crate::store) mod append_recovery;
