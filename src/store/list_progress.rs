//! How far the stream list is, and what it cannot show.

use super::Denial;
use crate::record::Position;

/// How far the stream list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Events looked at so far.
    pub seen: u64,
    pub caught_up: bool,
    /// Streams that are known of and still to be read, each by itself.
    pub unread: u64,
    /// Where the list comes from, as shown: "`$all`, prefix `order-`".
    pub source: String,
    /// How far `$all` was read for it; `None` where it does not come from there.
    pub confirmed: Option<Position>,
    /// What the list cannot show for it; `None` before the source is chosen.
    pub unseen: Option<Unseen>,
    /// Why the list cannot be read although the server answers (access denied).
    pub denied: Option<Denial>,
}

/// What a stream list cannot show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// Events that a scavenge removed: nobody can.
    Scavenged,
    /// What the projection that makes the links has not read, or not yet; the user may not read `$all`.
    Unlinked,
    /// Later events of a stream that is listed; the user may not read `$all`.
    LaterEvents,
}

impl Unseen {
    /// Whether a person should be warned: another user would see more.
    pub fn warns(self) -> bool {
        self != Self::Scavenged
    }
}
