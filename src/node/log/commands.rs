//! What the writer is asked for, and what it answers.

use super::{
    beginning::Beginning,
    event_log::Log,
    expected::{Expected, Outcome},
    import::History,
    projections::{Change, Projection},
    proposed::Proposed,
    scavenge,
};
use std::sync::{Arc, OnceLock};
use tokio::sync::{mpsc, oneshot};

/// Something to write.
#[derive(Debug)]
pub enum Work {
    Append(String, Expected, Vec<Proposed>),
    Delete(String, Expected),
    Tombstone(String, Expected),
    Project(Projection, Change),
    /// Erases everything.
    Reset(Arc<Beginning>),
    /// Begins anew with this, and takes no write after it.
    Import(Arc<History>),
    /// Takes a scavenge a step further.
    Sweep(scavenge::Shared),
    /// Puts a log there which has all records and is told what comes.
    Follow(Arc<OnceLock<Arc<Log>>>),
}

impl Work {
    /// Whether it shares no transaction with others.
    pub fn alone(&self) -> bool {
        matches!(self, Work::Reset(_) | Work::Import(_) | Work::Sweep(_) | Work::Follow(_))
    }
}

pub struct Command {
    pub work: Work,
    pub answer: oneshot::Sender<Result<Outcome, Arc<rusqlite::Error>>>,
}

/// Why a write got no outcome.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("the node is shutting down")]
    Stopped,
    /// In the real server's words.
    #[error("{0}")]
    NoMajority(&'static str),
    #[error("{0}")]
    Database(Arc<rusqlite::Error>),
}

/// Queues a write and waits for its commit.
pub async fn write(commands: &mpsc::Sender<Command>, work: Work) -> Result<Outcome, WriteError> {
    let (answer, answered) = oneshot::channel();
    commands.send(Command { work, answer }).await.map_err(|_| WriteError::Stopped)?;
    answered.await.map_err(|_| WriteError::Stopped)?.map_err(WriteError::Database)
}
