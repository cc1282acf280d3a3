//! Where the first start stands, and what the window says of the sandbox until a person dismisses it.

use super::opened::Opened;
use crate::history::Cursor;
use crate::record::{Revision, StreamName};

/// The stream that the first start opens, the revision where it stands, and what the event after that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstLook {
    pub stream: StreamName,
    pub at: Revision,
    pub next: &'static str,
}

impl FirstLook {
    /// What the next event is, where the playhead stands before it.
    pub(super) fn ahead(&self, opened: &Opened) -> Option<&'static str> {
        let stands = opened.stream == self.stream && opened.cursor() == Cursor::At(self.at);
        stands.then_some(self.next)
    }
}

/// What the line over the window says of the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Introduction<'a> {
    /// Of the sandbox's node; empty while it is not connected.
    pub address: &'a str,
    /// What the next event is, where the first start stands before it.
    pub ahead: Option<&'static str>,
}
