//! What the database says of one stream that is read.

use super::StoreError;

/// The life of the opened stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Life {
    Reading,
    /// All there is was read; what comes now is live.
    Live,
    Missing,
    SoftDeleted,
    Tombstoned,
    Failed(StoreError),
}
