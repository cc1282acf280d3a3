//! Whether a stream that was kept is still as it was: links tell neither of its limits nor of the rights to it.

use super::ListedStream;
use crate::record::{Created, Revision};
use crate::store::stream_limits::Limits;
use crate::store::{Life, Presence};

/// What a short look at a stream told.
#[derive(Debug)]
pub struct StreamCheck {
    /// Its first event that can be read, and its life; `None` where this user may not read it.
    pub beginning: Option<(Option<Revision>, Life)>,
    /// Its limits; `None` where they were not asked for or may not be read.
    pub limits: Option<Limits>,
}

impl ListedStream {
    /// Whether its limits must be compared: those without effect now may have one later.
    pub fn is_limited(&self) -> bool {
        self.limits != Limits::default() && !self.is_gone()
    }

    /// Whether it must not be read again.
    pub fn is_as(&mut self, check: &StreamCheck, now: Created) -> bool {
        let presence = self.presence();
        let Some((first, life)) = &check.beginning else {
            // Links lead to events of streams that may not be read.
            return presence != Presence::Live || check.limits == Some(self.limits);
        };
        match life {
            Life::SoftDeleted => presence == Presence::Deleted,
            Life::Tombstoned => presence == Presence::Tombstoned,
            _ => {
                self.fold_kept(now);
                let known = self.first.filter(|_| self.replay.events() > 0);
                let is_same_limit = !self.is_limited() || check.limits == Some(self.limits);
                presence == Presence::Live && *first == known && is_same_limit
            }
        }
    }
}
