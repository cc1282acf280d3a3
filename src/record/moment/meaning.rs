//! What a text means as a moment.

use crate::record::time::Created;

/// One meaning of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// The last instant that is meant: what is written with milliseconds means all of the last one.
    pub at: Created,
    /// In full, in the zone: `2026-11-24 12:00:00 +01:00`.
    pub about: String,
    /// What a reader would not expect of it, as “has not come yet”; empty where nothing is.
    pub note: String,
}
