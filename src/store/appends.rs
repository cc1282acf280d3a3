//! The worker's writes: under way, each on a task of its own, and those of unknown fate, which are looked for.

use super::retry::backoff;
use super::update_sender::UpdateSender;
use super::writing::Writer;
use super::{AppendRequest, Ticket, Update};
use crate::decision::Append;
use std::collections::HashMap;
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};

#[derive(Default)]
pub struct Appends {
    sending: JoinSet<()>,
    /// The writes that `sending` carries, so that a panic in one is told.
    sent: HashMap<Id, Ticket>,
    lookups: JoinSet<()>,
    looked_for: HashMap<Ticket, AbortHandle>,
}

impl Appends {
    pub fn send(&mut self, writer: Writer, request: AppendRequest, out: UpdateSender) {
        let ticket = request.ticket;
        let task = self.sending.spawn(send(writer, request, out));
        self.sent.insert(task.id(), ticket);
    }

    /// The next write that ended in a panic, and may have been sent before it. Nothing is lost where the caller stops waiting.
    pub async fn panicked(&mut self) -> Ticket {
        loop {
            tokio::select! {
                Some(ended) = self.sending.join_next_with_id(), if !self.sending.is_empty() => {
                    let id = ended.as_ref().map_or_else(JoinError::id, |(id, ())| *id);
                    let ticket = self.sent.remove(&id);
                    if let (Err(_), Some(ticket)) = (ended, ticket) {
                        return ticket;
                    }
                }
                Some(_) = self.lookups.join_next(), if !self.lookups.is_empty() => {}
                else => return std::future::pending().await,
            }
        }
    }

    /// Looks for each write of unknown fate, and for no other.
    pub fn look_for(&mut self, wanted: &[(Ticket, Append)], writer: Option<&Writer>, out: &UpdateSender) {
        self.looked_for.retain(|ticket, task| {
            let wanted = wanted.iter().any(|(other, _)| other == ticket);
            if !wanted {
                task.abort();
            }
            wanted
        });
        let Some(writer) = writer else { return };
        for (ticket, append) in wanted {
            if !self.looked_for.contains_key(ticket) {
                let looking = find_until_known(writer.clone(), *ticket, append.clone(), out.clone());
                self.looked_for.insert(*ticket, self.lookups.spawn(looking));
            }
        }
    }

    /// Ends the lookups; writes under way go on to their answer.
    pub async fn stop_looking(&mut self) {
        self.looked_for.clear();
        self.lookups.shutdown().await;
    }
}

async fn send(writer: Writer, request: AppendRequest, out: UpdateSender) {
    let AppendRequest { ticket, append, permit, again } = request;
    let result =
        if again { writer.append_again(&append, permit).await } else { writer.append(&append, permit).await };
    out.send(Update::Appended { ticket, result }).await;
}

/// Looks for a write of unknown fate until it is known.
async fn find_until_known(writer: Writer, ticket: Ticket, append: Append, out: UpdateSender) {
    for attempt in 0.. {
        if let Some(result) = writer.find_written(&append).await {
            return out.send(Update::Appended { ticket, result }).await;
        }
        tokio::time::sleep(backoff(attempt)).await;
    }
}
