//! Which of the list's streams are shown, and in which order.

use super::counts::Class;
use crate::aggregate::Status;
use crate::store::Presence;
use std::sync::Arc;

/// Which streams are shown, of those that meet the filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Facet {
    #[default]
    All,
    /// By its place in the list's statuses.
    Status(usize),
    Problems,
    Truncated,
    /// Any but `Live`, which is no facet.
    Presence(Presence),
}

/// Facets of what the database says of a stream.
pub const LIVES: [Facet; 5] = [
    Facet::Truncated,
    Facet::Presence(Presence::Deleted),
    Facet::Presence(Presence::Tombstoned),
    Facet::Presence(Presence::Locked),
    Facet::Presence(Presence::Unknown),
];

impl Facet {
    pub fn holds(self, class: &Class, statuses: &[Arc<Status>]) -> bool {
        match self {
            Self::All => true,
            Self::Status(at) => class.status.as_ref().is_some_and(|status| statuses.get(at) == Some(status)),
            Self::Problems => class.has_problems,
            Self::Truncated => class.is_truncated,
            Self::Presence(presence) => class.presence == presence,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    LastEvent,
    Name,
    /// By its place in the list's columns.
    Column(usize),
    Events,
    Status,
    Problems,
}
