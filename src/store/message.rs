//! What the store is asked and what it says: all that can happen, in two enums.

use crate::domain::Total;
use crate::record::{Created, Position, Record, Revision, StreamName};
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Names one request, so that late answers to an earlier one can be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The node inside this program or inside the one that already serves the file.
    Sandbox,
    /// A connection string as it was typed; may hold a password, so never shown or stored as it is.
    Server(Arc<str>),
}

#[derive(Debug)]
pub enum Request {
    /// Replaces the connection; the stream list starts anew.
    Connect {
        target: Target,
        category: String,
    },
    /// Ends the countdown and tries at once.
    Retry,
    /// Reads the stream and follows it; the stream opened before is let go.
    Open {
        ticket: Ticket,
        stream: StreamName,
    },
    Close,
    Append {
        ticket: Ticket,
        append: Append,
    },
}

/// One write, exactly as it is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Append {
    pub stream: StreamName,
    pub expected: Expected,
    pub events: Vec<Proposed>,
}

/// An event to be written; `data` is JSON, `metadata` is JSON or empty. The id makes a retry safe.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposed {
    pub id: Uuid,
    pub event_type: &'static str,
    pub data: Box<[u8]>,
    pub metadata: Box<[u8]>,
}

/// What a write expects of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    NoStream,
    StreamExists,
    Exact(Revision),
    /// Written whatever the stream holds: nothing of what was decided on is checked.
    Any,
}

impl Expected {
    /// That nothing came after the revision that the decision was made at.
    pub fn decided_at(at: Option<Revision>) -> Self {
        at.map_or(Self::NoStream, Self::Exact)
    }
}

impl std::fmt::Display for Expected {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        match self {
            Self::NoStream => f.write_str("no stream"),
            Self::StreamExists => f.write_str("an existing stream"),
            Self::Any => f.write_str("any state"),
            Self::Exact(revision) => write!(f, "exactly {revision}"),
        }
    }
}

#[derive(Debug)]
pub enum Update {
    Connection(Connection),
    /// The list is empty again: a new connection or a reset database.
    Relisted,
    /// New or changed rows of the list, in no order.
    Rows(Vec<StreamRow>),
    Listing(Listing),
    /// Round trip of the last call and the head of `$all` as far as it was seen.
    Pulse {
        latency: Duration,
        head: Option<Position>,
    },
    /// Records of the opened stream, in order, none twice.
    Records {
        ticket: Ticket,
        records: Vec<Record>,
    },
    Life {
        ticket: Ticket,
        life: Life,
    },
    Appended {
        ticket: Ticket,
        result: Result<Written, AppendError>,
    },
}

/// Connection loss is a state, not an error.
#[derive(Debug, Clone, PartialEq)]
pub enum Connection {
    Offline,
    Connecting {
        address: String,
    },
    Online {
        address: String,
        server: String,
        /// What the database says of itself in `$server-info`.
        declared: Option<Declared>,
    },
    /// Lost or refused; the next try is at `until`.
    Waiting {
        address: String,
        until: Instant,
        why: StoreError,
    },
}

/// The newest `$ServerInfo` event of the stream `$server-info`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Declared {
    pub name: String,
    #[serde(default)]
    pub production: bool,
}

/// How far the stream list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Events looked at so far.
    pub seen: u64,
    pub caught_up: bool,
    /// Where the list comes from, as shown: "`$all`, prefix `order-`".
    pub source: String,
    /// What the list cannot show for it, and whether that is worth a warning.
    pub unseen: &'static str,
    pub warns: bool,
    /// Why the list cannot be read although the server answers (access denied).
    pub denied: Option<String>,
}

/// One stream of the list, folded.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamRow {
    pub stream: StreamName,
    /// Of the last event ever written; `None` before the first.
    pub revision: Option<Revision>,
    /// First revision that can still be read; above zero where the stream is truncated.
    pub first: Revision,
    /// Events that can still be read.
    pub events: u64,
    pub status: Status,
    pub user: Option<Arc<str>>,
    pub total: Option<Total>,
    pub last_event: Option<Created>,
    pub problems: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Unpaid,
    Paid,
    Deleted,
    Tombstoned,
    /// The events that can be read do not make an order.
    Unknown,
}

impl Status {
    /// The word that scripts read.
    pub fn word(self) -> &'static str {
        match self {
            Self::Unpaid => "unpaid",
            Self::Paid => "paid",
            Self::Deleted => "deleted",
            Self::Tombstoned => "tombstoned",
            Self::Unknown => "unknown",
        }
    }
}

/// The life of the opened stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Life {
    Reading,
    /// All there is was read; what comes now is live.
    Live,
    Missing,
    SoftDeleted,
    Tombstoned,
    Failed(StoreError),
}

/// What an accepted append was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    /// Of the last event of the write.
    pub revision: Revision,
    pub position: Position,
    /// The answer was lost and the event was found in the stream.
    pub recovered: bool,
}

/// The world said no to an append.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    #[error("Conflict: the write expected {expected}, the stream is at {}. Look at what was appended since, then decide again.",
        .actual.map_or_else(|| "no stream".to_owned(), |r| format!("revision {r}")))]
    Conflict { expected: Expected, actual: Option<Revision> },
    #[error("Stream {0} is tombstoned and never takes events again. Use another order id.")]
    Tombstoned(StreamName),
    /// Never sent: whoever asked did not say that production is meant.
    #[error("Nothing was written: {0} declares itself production. Add --production to write to it.")]
    Production(String),
    /// The answer was lost and the event is not in the stream.
    #[error("Nothing was written: the answer was lost, and the event is not in the stream. Try again. ({0})")]
    NotAppended(StoreError),
    /// The answer was lost and the stream cannot be read: the event may or may not be there.
    #[error(
        "It is not known whether the event was written: the answer was lost, and the stream cannot be read. Try again: the same event id is used, which the database writes once. ({0})"
    )]
    Lost(StoreError),
    #[error("{0}")]
    Failed(StoreError),
}

/// What went wrong outside; each sentence names the cause and the fix.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    #[error("{0}")]
    ConnectionString(String),
    #[error("{0}")]
    Unreachable(String),
    #[error("{0}")]
    AccessDenied(String),
    #[error("The server did not answer within {0} s. Check that it is not stuck, then retry.")]
    Timeout(u64),
    #[error("The server said: {0}")]
    Server(String),
}
