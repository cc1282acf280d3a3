//! The worker's writes: under way, each on a task of its own, and those of unknown fate, which are looked for.

use super::retry::backoff;
use super::update_sender::UpdateSender;
use super::writing::Writer;
use super::{AppendError, AppendRequest, ConnectionCause, StoreError, Ticket, Update, Written};
use crate::decision::Append;
use std::collections::HashMap;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::{AbortHandle, Id, JoinError, JoinSet};

/// How long a write that was not taken waits before it is sent again.
const PAUSE: Duration = Duration::from_millis(250);
const NOT_CONNECTED: StoreError = StoreError::Unreachable(ConnectionCause::NotConnected);

pub struct Appends {
    sending: JoinSet<()>,
    /// The writes that `sending` carries, so that a panic in one is told.
    sent: HashMap<Id, Ticket>,
    /// Where writes go while there is a connection; another channel for another database.
    online: watch::Sender<Option<Writer>>,
    withdrawn: watch::Sender<Option<Ticket>>,
    lookups: JoinSet<()>,
    looked_for: HashMap<Ticket, AbortHandle>,
}

impl Default for Appends {
    fn default() -> Self {
        Self {
            sending: JoinSet::new(),
            sent: HashMap::new(),
            online: watch::Sender::default(),
            withdrawn: watch::Sender::default(),
            lookups: JoinSet::new(),
            looked_for: HashMap::new(),
        }
    }
}

impl Appends {
    pub fn send(&mut self, request: AppendRequest, out: UpdateSender) {
        let ticket = request.ticket;
        let way = Way { online: self.online.subscribe(), withdrawn: self.withdrawn.subscribe(), out };
        let task = self.sending.spawn(way.send(request));
        self.sent.insert(task.id(), ticket);
    }

    /// Writes go here from now on; without a connection they wait.
    pub fn go_to(&mut self, writer: Option<Writer>) {
        self.online.send_replace(writer);
    }

    /// What waits is never sent to another database.
    pub fn leave_database(&mut self) {
        self.online = watch::Sender::default();
    }

    pub fn withdraw(&mut self, ticket: Option<Ticket>) {
        self.withdrawn.send_replace(ticket);
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

/// The way of one write.
struct Way {
    online: watch::Receiver<Option<Writer>>,
    withdrawn: watch::Receiver<Option<Ticket>>,
    out: UpdateSender,
}

impl Way {
    async fn send(mut self, request: AppendRequest) {
        let ticket = request.ticket;
        let result = self.sent(request).await;
        self.out.send(Update::Appended { ticket, result }).await;
    }

    /// Waits while the write cannot be sent or is not taken; it can be withdrawn between two attempts, and in none.
    async fn sent(&mut self, request: AppendRequest) -> Result<Written, AppendError> {
        let AppendRequest { ticket, append, permit, again } = request;
        loop {
            let Some(writer) = self.writer(ticket).await else { return Err(dropped(again)) };
            let attempt = async {
                if again {
                    writer.append_again(&append, permit).await
                } else {
                    writer.append(&append, permit).await
                }
            };
            match Box::pin(attempt).await {
                Err(AppendError::Failed(why)) if why.passes() => {
                    self.out.send(Update::AppendWaits { ticket, why }).await;
                }
                result => return result,
            }
            tokio::select! {
                () = writer.session().pause(PAUSE) => {}
                () = withdrawn(&mut self.withdrawn, ticket) => return Err(dropped(again)),
            }
        }
    }

    /// The connection, once there is one; `None` where the write is wanted no more or another database is used.
    async fn writer(&mut self, ticket: Ticket) -> Option<Writer> {
        if let Some(writer) = &*self.online.borrow() {
            return Some(writer.clone());
        }
        self.out.send(Update::AppendWaits { ticket, why: NOT_CONNECTED }).await;
        tokio::select! {
            online = self.online.wait_for(Option::is_some) => online.ok()?.clone(),
            () = withdrawn(&mut self.withdrawn, ticket) => None,
        }
    }
}

/// Of a write that was sent before, the fate is as unknown as it was.
fn dropped(again: bool) -> AppendError {
    if again { AppendError::Unknown(NOT_CONNECTED) } else { AppendError::Withdrawn }
}

/// Ends when the write is wanted no more.
async fn withdrawn(of: &mut watch::Receiver<Option<Ticket>>, ticket: Ticket) {
    if of.wait_for(|withdrawn| *withdrawn == Some(ticket)).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Looks for a write of unknown fate until it is known.
async fn find_until_known(writer: Writer, ticket: Ticket, append: Append, out: UpdateSender) {
    for attempt in 0.. {
        if let Some(result) = writer.find_written(&append).await {
            return out.send(Update::Appended { ticket, result }).await;
        }
        writer.session().pause(backoff(attempt)).await;
    }
}
