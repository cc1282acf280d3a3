//! A write under way and how it ended, and on which state it is decided.

use crate::decision::{Append, Declined};
use crate::record::Revision;
use crate::store::{AppendError, AppendRequest, Permit, StoreError, Target, Ticket, Written};

/// On which state a command to what is there is decided; at the playhead it is a dry run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DecideAt {
    #[default]
    Head,
    Playhead,
}

/// A write that the store has taken, or is to take.
#[derive(Debug, Clone, PartialEq)]
pub struct InFlight {
    pub ticket: Ticket,
    /// The database that it goes to.
    pub target: Target,
    pub append: Append,
    /// The revision that the decision was made at.
    pub decided_at: Option<Revision>,
    pub permit: Permit,
    /// The write of unknown fate that this one repeats.
    pub repeats: Option<Ticket>,
    /// Why it was not sent yet.
    pub waits: Option<StoreError>,
    /// A person wants it no more; the store says whether it was sent before.
    pub is_withdrawn: bool,
}

impl InFlight {
    /// What the store is asked.
    pub fn request(&self) -> AppendRequest {
        let (append, permit) = (self.append.clone(), self.permit);
        AppendRequest { ticket: self.ticket, append, permit, again: self.repeats.is_some() }
    }
}

/// How the last command ended; a refusal never looks like a failure.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A field cannot be read; the sentence names it and the fix.
    Invalid(String),
    Declined(Declined),
    Appended {
        append: Append,
        written: Written,
    },
    Failed {
        append: Append,
        decided_at: Option<Revision>,
        error: AppendError,
    },
    /// Not sent: the stream cannot be read, so nothing is decided on it.
    Unreadable(StoreError),
    /// Not sent: read-only, not connected, or the queue is full.
    NotSent(String),
}
