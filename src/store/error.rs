//! What goes wrong outside the domain; each sentence names the cause and the fix.

use crate::decision::Expected;
use crate::record::{Revision, StreamName};

/// The world said no to an append.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    #[error("Conflict: the write expected {expected}, the stream is at {}. Look at what was appended since, then decide again.",
        .actual.map_or_else(|| "no stream".to_owned(), |r| format!("revision {r}")))]
    Conflict { expected: Expected, actual: Option<Revision> },
    #[error("Stream {0} is tombstoned and never takes events again. Use another id.")]
    Tombstoned(StreamName),
    /// Never sent: whoever asked did not say that production is meant.
    #[error("Nothing was written: {0} Add --production to write to it.")]
    Production(Guarded),
    /// The answer was lost: the event is written, or will be, or never.
    #[error(
        "It is not known whether the event was written: the answer was lost. Look for its id in the stream before you write it again. ({0})"
    )]
    Unknown(StoreError),
    /// Refused before anything was written, or never sent.
    #[error("{0}")]
    Failed(StoreError),
}

/// Why a database is treated as production.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Guarded {
    #[error("{0} declares itself production.")]
    Declared(String),
    #[error(
        "this database does not say whether it is production, so it is treated as such ($server-info: {0})"
    )]
    Unreadable(String),
}

/// What the database says of itself in the newest `$ServerInfo` event of `$server-info`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declaration {
    Production(String),
    NotProduction,
    /// It could not be read, for this reason: guarded as production.
    Unreadable(String),
}

impl Declaration {
    /// Why writes are guarded; `None` where they need not be.
    pub fn guarded(&self) -> Option<Guarded> {
        match self {
            Self::Production(name) => Some(Guarded::Declared(name.clone())),
            Self::Unreadable(why) => Some(Guarded::Unreadable(why.clone())),
            Self::NotProduction => None,
        }
    }

    /// A production database stays one while it cannot be asked.
    #[must_use]
    pub fn after(self, before: Option<&Self>) -> Self {
        match (&self, before) {
            (Self::Unreadable(_), Some(Self::Production(name))) => Self::Production(name.clone()),
            _ => self,
        }
    }
}

/// Why a database denies something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Denial {
    #[error("The server asks who you are. Write user:password@ before the host in the connection string.")]
    Anonymous,
    #[error(
        "The server does not accept the user {0:?} with this password. Check both in the connection string; the user may also be disabled."
    )]
    Login(String),
    #[error(
        "The user {0:?} is known and may not do this. Ask an administrator for the right, or connect as another user."
    )]
    Rights(String),
    /// Nobody could be asked which it is.
    #[error("Access denied. Check the user and password in the connection string, and the user's rights.")]
    Unclear,
    #[error(
        "The user {0:?} may read neither $all nor $streams, so streams cannot be listed. Open a stream by its name, or connect as an administrator."
    )]
    Listing(String),
    /// Not asked of the database: this program writes to none of its own streams.
    #[error("{0} belongs to the database. Nothing is written to streams that begin with $.")]
    SystemStream(StreamName),
}

/// What went wrong between this program and the database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("{0}")]
    ConnectionString(String),
    /// Nothing answers, or the connection is lost.
    #[error("{0}")]
    Unreachable(String),
    /// It starts, or its cluster has no leader at this moment.
    #[error("The server is not ready: it starts, or its cluster elects a leader. Wait a moment.")]
    NotReady,
    /// No record begins at this place of `$all`.
    #[error("The server has no event at this place of $all. The database may be another one.")]
    InvalidPosition,
    #[error("This node is a follower. Connect to its leader {0}, or use esdb+discover://.")]
    NotLeader(String),
    #[error("{0}")]
    AccessDenied(Denial),
    #[error("The server did not answer within {0} s. Check that it is not stuck, then retry.")]
    Timeout(u64),
    #[error("The server said: {0}")]
    Server(String),
    /// A task of this program ended by a panic.
    #[error("Hindsight failed inside while {0}. It goes on; please report this.")]
    Internal(&'static str),
}

impl StoreError {
    /// Whether the same may succeed a little later with nothing changed.
    pub fn passes(&self) -> bool {
        matches!(self, Self::Unreachable(_) | Self::NotReady | Self::NotLeader(_) | Self::Timeout(_))
    }
}
