//! What a log is told: it takes it in at once, or later where it is held back.

use super::index::Delta;

#[derive(Debug, Clone)]
pub enum News {
    Written(Delta),
    /// The events at these positions are no lines of `$all` any more.
    Gone(Vec<u64>),
    /// The log begins anew with this.
    Replaced(Delta),
}
