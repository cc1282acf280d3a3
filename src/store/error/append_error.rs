//! The world said no to an append.

use super::{Guarded, StoreError};
use crate::decision::Expected;
use crate::record::{Revision, StreamName};

/// The world said no to an append.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AppendError {
    Conflict {
        expected: Expected,
        /// Where the stream is; `None` where there is none.
        actual: Option<Revision>,
    },
    Tombstoned(StreamName),
    /// Never sent: whoever asked did not say that production is meant.
    Production(Guarded),
    /// The answer was lost: the event is written, or will be, or never.
    Unknown(StoreError),
    /// Not sent, because whoever asked wants it no more.
    Withdrawn,
    /// Refused before anything was written, or never sent.
    Failed(StoreError),
}
