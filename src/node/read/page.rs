//! Pages of a read, bounded by events and by bytes.

use crate::node::log::Record;

/// Events and bytes of one page, at most (a page has at least one event).
pub const PAGE: usize = 256;
pub const BYTES: usize = 1 << 18;

/// What can be seen of a stream now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Never written or soft-deleted, with the number of the last event.
    Missing(i64),
    Tombstoned,
    Live {
        first: i64,
        last: i64,
    },
}

/// One line of an answer: an event, or a link with or without its target.
#[derive(Debug, Clone)]
pub struct Item {
    pub event: Option<Record>,
    pub link: Option<Record>,
}

impl Item {
    pub fn plain(event: Record) -> Item {
        Item { event: Some(event), link: None }
    }

    pub fn original(&self) -> Option<&Record> {
        self.link.as_ref().or(self.event.as_ref())
    }
}

/// Which part of a stream.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    pub from: i64,
    pub backwards: bool,
    pub limit: usize,
    pub resolve: bool,
    /// Also what metadata hides: a live subscription gets what is written.
    pub hidden: bool,
}
