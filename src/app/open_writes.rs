//! Writes whose fate is not known: kept with their event ids until the stream tells, or a person lets them go.

use super::write::InFlight;
use crate::decision::Append;
use crate::record::{Revision, StreamName};
use crate::store::{StoreError, Target, Ticket};

/// A write that was sent and whose answer was lost.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenWrite {
    pub ticket: Ticket,
    /// The database that it was sent to.
    pub target: Target,
    pub append: Append,
    /// The revision that the decision was made at.
    pub decided_at: Option<Revision>,
    pub why: StoreError,
}

/// The writes of unknown fate to every database, oldest first.
#[derive(Debug, Default)]
pub(super) struct OpenWrites(Vec<OpenWrite>);

impl OpenWrites {
    /// Those that were sent to one database.
    pub fn at(&self, target: &Target) -> impl Iterator<Item = &OpenWrite> {
        self.0.iter().filter(move |open| open.target == *target)
    }

    /// The one to a stream of one database.
    pub fn to(&self, target: &Target, stream: &StreamName) -> Option<&OpenWrite> {
        self.at(target).find(|open| open.append.stream == *stream)
    }

    /// The answer of a write was lost.
    pub fn keep(&mut self, sent: InFlight, why: StoreError) {
        let InFlight { ticket, append, decided_at, target, .. } = sent;
        self.0.push(OpenWrite { ticket, target, append, decided_at, why });
    }

    /// The fate of a write is known, or no longer looked for.
    pub fn take(&mut self, ticket: Ticket) -> Option<OpenWrite> {
        let place = self.0.iter().position(|open| open.ticket == ticket)?;
        Some(self.0.remove(place))
    }
}
