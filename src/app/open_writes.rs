//! Writes whose fate is not known: kept with their event ids until the stream tells, or a person lets them go.

use super::{App, Effect, Failure, InFlight, Outcome};
use crate::decision::Append;
use crate::record::{Revision, StreamName};
use crate::store::{AppendError, StoreError, Target, Ticket, Written};

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

impl App {
    /// The writes to this database whose fate is not known, oldest first.
    pub fn open_writes(&self) -> impl Iterator<Item = &OpenWrite> {
        self.open_writes.iter().filter(|open| open.target == self.connection.target)
    }

    /// A write to the stream whose fate is not known: until it is, another would be a second one.
    pub fn open_write_to(&self, stream: &StreamName) -> Option<&OpenWrite> {
        self.open_writes().find(|open| open.append.stream == *stream)
    }

    /// The same write with the same ids, once more.
    pub(super) fn resend(&mut self, ticket: Ticket) -> Vec<Effect> {
        let Some(open) = self.open_writes().find(|open| open.ticket == ticket).cloned() else {
            return Vec::new();
        };
        if let Some(why) = self.cannot_write() {
            self.view.fail(Failure::Blocked(why));
            return Vec::new();
        }
        let OpenWrite { append, decided_at, .. } = open;
        self.confirm_or_send(append, decided_at, Some(ticket))
    }

    pub(super) fn forget_write(&mut self, ticket: Ticket) -> Vec<Effect> {
        self.open_writes.retain(|open| open.ticket != ticket);
        Vec::new()
    }

    /// A write of unknown fate is known now; what is looked at stays.
    pub(super) fn settled(&mut self, ticket: Ticket, result: Result<Written, AppendError>) -> Vec<Effect> {
        let Some(place) = self.open_writes.iter().position(|open| open.ticket == ticket) else {
            return Vec::new();
        };
        if matches!(result, Err(AppendError::Unknown(_))) {
            return Vec::new();
        }
        let OpenWrite { append, decided_at, .. } = self.open_writes.remove(place);
        let shown = self.opened().is_some_and(|opened| opened.stream == append.stream);
        let event_type = append.events.first().map(|event| event.event_type.clone());
        let stream = append.stream.clone();
        match result {
            Ok(written) if shown => self.dock.outcome = Some(Outcome::Appended { append, written }),
            Ok(written) => {
                let what = event_type.as_deref().unwrap_or("The event");
                self.view.say(format!("{what} was written to {stream} as revision {}.", written.revision));
            }
            Err(error) if shown => self.dock.outcome = Some(Outcome::Failed { append, decided_at, error }),
            Err(error) => {
                let error = Box::new(error);
                self.view.fail(Failure::NotWritten { event_type, stream, error });
            }
        }
        Vec::new()
    }

    /// The answer of a write was lost.
    pub(super) fn keep_open(&mut self, sent: InFlight, why: StoreError) {
        let InFlight { ticket, append, decided_at, target, .. } = sent;
        self.open_writes.push(OpenWrite { ticket, target, append, decided_at, why });
    }
}
