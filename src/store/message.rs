//! What the store is asked and what it says: all that can happen, in two enums.

use super::{
    AppendError, ChangeKind, Cluster, ConnectionString, Declaration, Denial, EverStep, ExportFault, Life,
    Listing, LogQuestions, LogStep, PastQuestions, ProblemStep, RelatedQuestion, RelatedStep, ServedFile,
    StoreError, StreamRow, Ticket, Written,
};
use crate::aggregate::script::Scope;
use crate::aggregate::{Aggregate, Registry};
use crate::decision::Append;
use crate::history::{Change, Chunk, Difference};
use crate::record::{Created, Position, Record, Revision, StreamName};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The node inside this program or inside the one that already serves the file.
    Sandbox,
    Server(ConnectionString),
    /// A history that was exported; nothing is written to it.
    File(ServedFile),
}

/// What the worker should be doing; the newest value wins, so that no wish can get lost in a queue.
#[derive(Debug, Clone, PartialEq)]
pub struct Goal {
    pub target: Target,
    pub category: String,
    /// By which the streams are folded, from the next list or opened stream on.
    pub registry: Registry,
    /// Another number asks for a new connection with a new list, to the same target too.
    pub connection: u64,
    /// Another number ends a countdown, and asks again where reading was denied.
    pub retry: u64,
    /// The stream to read and follow.
    pub opened: Option<(Ticket, StreamName)>,
    /// Whether it is read no further, until this is taken back.
    pub stopped: bool,
    /// Writes whose fate is not known: looked for on each connection until it is.
    pub unknown: Vec<(Ticket, Append)>,
    /// The last write that is wanted no more, where it was not sent yet.
    pub withdrawn: Option<Ticket>,
    /// A picker is open: the categories of the database are counted, and kept up to date while it asks.
    pub categories: bool,
    /// Streams that are folded by two definitions, until this is taken back.
    pub comparison: Option<ComparedFolds>,
    /// What the list was at other moments, until this is taken back.
    pub past: PastQuestions,
    /// A stream that is written into a file, until this is taken back.
    pub export: Option<Export>,
    /// What is asked of the database itself, until this is taken back.
    pub log: LogQuestions,
    /// Events that belong together, until this is taken back.
    pub related: Option<RelatedQuestion>,
}

/// What the store says of the list as it was.
#[derive(Debug)]
pub enum PastStep {
    /// What was told before is of no more use.
    Begins,
    /// New or changed rows, in no order.
    Rows(Vec<StreamRow>),
    /// Streams that did not exist yet at the moment.
    Absent(Vec<StreamName>),
    /// All rows are as they were at the moment.
    At {
        at: Created,
        listing: Listing,
    },
    Failed(StoreError),
}

#[derive(Debug)]
pub enum DifferenceStep {
    /// So many streams have events between the moments.
    Begins {
        streams: u64,
        listing: Listing,
    },
    Found(Vec<StreamChange>),
    Ended(Result<(), StoreError>),
}

/// A stream that was another one at a later moment.
#[derive(Debug, Clone, PartialEq)]
pub struct StreamChange {
    pub stream: StreamName,
    pub kind: ChangeKind,
    pub before: Option<StreamRow>,
    pub after: Option<StreamRow>,
    /// Fields of its state, where both are known or it is new.
    pub fields: Vec<Change>,
}

/// Two folds of the same streams.
#[derive(Debug, Clone)]
pub struct ComparedFolds {
    /// Of this comparison alone: with the same one, it is the same.
    pub ticket: Ticket,
    pub scope: Scope,
    pub one: Arc<dyn Aggregate>,
    pub other: Registry,
}

impl PartialEq for ComparedFolds {
    fn eq(&self, other: &Self) -> bool {
        self.ticket == other.ticket
    }
}

/// A stream whose states differ by two folds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedStream {
    pub stream: StreamName,
    pub difference: Difference,
}

/// How far a comparison is.
#[derive(Debug)]
pub enum ComparisonStep {
    /// It begins, or begins again: what was told before is of no more use.
    Listing,
    /// So many streams are to be folded.
    Listed(u64),
    /// So many of them are folded by now, some of which may not be read; with those found to differ since the last
    /// step, by name.
    Streams {
        done: u64,
        unreadable: u64,
        differing: Vec<ComparedStream>,
    },
    Ended(Result<(), StoreError>),
}

/// An export while it is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    pub ticket: Ticket,
    pub stream: StreamName,
    pub file: PathBuf,
}

/// How far it is.
#[derive(Debug)]
pub enum ExportStep {
    /// So many events are written, of so many; again from none after a lost connection.
    Events { written: u64, of: u64 },
    /// With the number of events.
    Ended(Result<u64, ExportFault>),
}

impl Goal {
    /// The streams of a category listed, and nothing else.
    pub fn listing(target: Target, category: &str) -> Self {
        Self {
            target,
            category: category.to_owned(),
            registry: Registry::default(),
            connection: 1,
            retry: 0,
            opened: None,
            stopped: false,
            unknown: Vec::new(),
            withdrawn: None,
            categories: false,
            comparison: None,
            past: PastQuestions::default(),
            export: None,
            log: LogQuestions::default(),
            related: None,
        }
    }
}

/// To which databases a person lets a write go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// One that says that it is not production.
    NotProduction,
    /// One that does not say, too: a person said that it is not.
    Undeclared,
    /// Production, too.
    Production,
}

/// A write on its way to the worker: the only thing that travels by queue.
#[derive(Debug)]
pub struct AppendRequest {
    pub ticket: Ticket,
    pub append: Append,
    pub permit: Permit,
    /// Sent before: it is looked for first.
    pub again: bool,
}

#[derive(Debug)]
pub enum Update {
    Connection(Connection),
    /// The list is empty again: a new connection, or it must be read anew.
    Relisted,
    /// The nodes as they were asked just now; never said where no node tells of a cluster.
    Cluster(Cluster),
    /// The server holds another database than the one that was shown.
    AnotherDatabase,
    /// The opened stream is another one by now: its last event has another id.
    FormerStream {
        ticket: Ticket,
    },
    /// New or changed rows of the list, in no order.
    Rows(Vec<StreamRow>),
    Listing(Listing),
    /// All categories counted so far with their streams, in no order; complete once all that was there is counted.
    Categories {
        categories: Vec<(Arc<str>, u64)>,
        complete: bool,
    },
    Compared {
        ticket: Ticket,
        step: ComparisonStep,
    },
    Related {
        ticket: Ticket,
        step: RelatedStep,
    },
    /// So many events of the past of the category are read by now.
    PastRead {
        events: u64,
    },
    Past {
        stay: Ticket,
        step: PastStep,
    },
    Difference {
        ticket: Ticket,
        step: DifferenceStep,
    },
    Exported {
        ticket: Ticket,
        step: ExportStep,
    },
    Ever {
        ticket: Ticket,
        step: EverStep,
    },
    Problems {
        ticket: Ticket,
        step: ProblemStep,
    },
    /// Of the database itself.
    Log {
        ticket: Ticket,
        step: LogStep,
    },
    /// The server answered a short call at this moment, after this time; with the head of `$all`, where that may be read.
    Pulse {
        at: Instant,
        latency: Duration,
        head: Option<Position>,
    },
    /// Records of the opened stream, in order, none twice, and already folded: the window only appends them.
    Chunk {
        ticket: Ticket,
        chunk: Box<Chunk>,
    },
    /// The newest records of the opened stream, in order and without a gap, while those before them are read: they come again
    /// in a chunk.
    Newest {
        ticket: Ticket,
        records: Vec<Record>,
    },
    Life {
        ticket: Ticket,
        life: Life,
        /// Of the newest event that the server tells of, readable or not, where it does.
        last: Option<Revision>,
    },
    /// The write is not sent yet, for this reason; it is once that has passed, unless it is withdrawn.
    AppendWaits {
        ticket: Ticket,
        why: StoreError,
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
        declaration: Declaration,
        /// Why the database no longer accepts the user, although the connection holds.
        refused: Option<Denial>,
    },
    /// Lost or refused; the next try is at `until`.
    Waiting {
        address: String,
        until: Instant,
        why: StoreError,
    },
}
