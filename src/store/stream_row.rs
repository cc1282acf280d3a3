//! The stream list as the store tells it.

use crate::aggregate::{State, Status};
use crate::record::{Created, Revision, StreamName};
use std::sync::Arc;

/// One stream of the list, folded.
#[derive(Debug, Clone)]
pub struct StreamRow {
    pub stream: StreamName,
    /// Of the last event ever written; `None` before the first.
    pub revision: Option<Revision>,
    /// First revision that can still be read; above zero where the stream is truncated.
    pub first: Revision,
    /// Events that can still be read.
    pub events: u64,
    /// What the database says of it.
    pub presence: Presence,
    /// What its aggregate says of it, where that has statuses and the events are there.
    pub status: Option<Arc<Status>>,
    /// Fields of its state.
    pub cells: Box<[Cell]>,
    /// All of its state, for what is asked of it; `None` where its events cannot be read.
    pub state: Option<State>,
    pub last_event: Option<Created>,
    pub problems: u32,
}

/// By what is told of it; a state has no equality.
impl PartialEq for StreamRow {
    fn eq(&self, other: &Self) -> bool {
        let told = |row: &Self| {
            let Self { revision, first, events, presence, last_event, problems, .. } = *row;
            (revision, first, events, presence, last_event, problems)
        };
        let texts = self.stream == other.stream && self.status == other.status && self.cells == other.cells;
        texts && told(self) == told(other)
    }
}

/// A field of a state as a row shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub path: Arc<str>,
    /// The text of a JSON string, else the token.
    pub text: Arc<str>,
    pub is_text: bool,
}

/// Whether a listed stream is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Live,
    /// It is there, and this user may not read it.
    Locked,
    Deleted,
    Tombstoned,
    /// Only of the past: its events of that time are gone, so that nobody knows whether it was there.
    Unknown,
}

impl StreamRow {
    /// The word that scripts read.
    pub fn word(&self) -> &str {
        match self.presence {
            Presence::Live => self.status.as_ref().map_or("live", |status| &status.word),
            Presence::Locked => "locked",
            Presence::Deleted => "deleted",
            Presence::Tombstoned => "tombstoned",
            Presence::Unknown => "unknown",
        }
    }

    pub fn is_live(&self) -> bool {
        self.presence == Presence::Live
    }

    /// Whether its first events can be read no more.
    pub fn is_truncated(&self) -> bool {
        self.is_live() && self.first.0 > 0
    }

    /// The place of the word in a sorted list.
    pub fn rank(&self) -> usize {
        match self.presence {
            Presence::Live => self.status.as_ref().map_or(0, |status| status.rank),
            Presence::Locked => usize::MAX - 3,
            Presence::Deleted => usize::MAX - 2,
            Presence::Tombstoned => usize::MAX - 1,
            Presence::Unknown => usize::MAX - 4,
        }
    }

    pub fn cell(&self, path: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| &*cell.path == path)
    }
}
