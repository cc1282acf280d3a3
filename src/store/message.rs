//! What the store is asked and what it says: all that can happen, in two enums.

use super::{
    AppendError, ChangeKind, Cluster, ConnectionString, Declaration, Denial, Life, PastQuestions,
    RelatedQuestion, RelatedStep, StoreError, Ticket, Written,
};
use crate::aggregate::script::Scope;
use crate::aggregate::{Aggregate, Registry, State, Status};
use crate::decision::Append;
use crate::history::{Change, Chunk, Difference};
use crate::record::{Created, Position, Record, Revision, StreamName};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Which database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// The node inside this program or inside the one that already serves the file.
    Sandbox,
    Server(ConnectionString),
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

/// How far the stream list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// Events looked at so far.
    pub seen: u64,
    pub caught_up: bool,
    /// Streams that are known of and still to be read, each by itself.
    pub unread: u64,
    /// Where the list comes from, as shown: "`$all`, prefix `order-`".
    pub source: String,
    /// How far `$all` was read for it; `None` where it does not come from there.
    pub confirmed: Option<Position>,
    /// What the list cannot show for it; `None` before the source is chosen.
    pub unseen: Option<Unseen>,
    /// Why the list cannot be read although the server answers (access denied).
    pub denied: Option<Denial>,
}

/// What a stream list cannot show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unseen {
    /// Events that a scavenge removed: nobody can.
    Scavenged,
    /// What the projection that makes the links has not read, or not yet; the user may not read `$all`.
    Unlinked,
    /// Later events of a stream that is listed; the user may not read `$all`.
    LaterEvents,
}

impl Unseen {
    /// Whether a person should be warned: another user would see more.
    pub fn warns(self) -> bool {
        self != Self::Scavenged
    }
}

/// One stream of the list, folded.
#[derive(Debug, Clone)]
pub struct StreamRow {
    pub stream: StreamName,
    /// Of the last event ever written; `None` before the first.
    pub revision: Option<Revision>,
    /// First revision that can still be read; above zero where the stream is truncated.
    pub first: Revision,
    /// Events that can still be read.
    pub events: u64,
    /// What the database says of it.
    pub presence: Presence,
    /// What its aggregate says of it, where that has statuses and the events are there.
    pub status: Option<Arc<Status>>,
    /// Fields of its state.
    pub cells: Box<[Cell]>,
    /// All of its state, for what is asked of it; `None` where its events cannot be read.
    pub state: Option<State>,
    pub last_event: Option<Created>,
    pub problems: u32,
}

/// By what is told of it; a state has no equality.
impl PartialEq for StreamRow {
    fn eq(&self, other: &Self) -> bool {
        let told = |row: &Self| {
            let Self { revision, first, events, presence, last_event, problems, .. } = *row;
            (revision, first, events, presence, last_event, problems)
        };
        let texts = self.stream == other.stream && self.status == other.status && self.cells == other.cells;
        texts && told(self) == told(other)
    }
}

/// A field of a state as a row shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    pub path: Arc<str>,
    /// The text of a JSON string, else the token.
    pub text: Arc<str>,
    pub is_text: bool,
}

/// Whether a listed stream is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Live,
    /// It is there, and this user may not read it.
    Locked,
    Deleted,
    Tombstoned,
    /// Only of the past: its events of that time are gone, so that nobody knows whether it was there.
    Unknown,
}

impl StreamRow {
    /// The word that scripts read.
    pub fn word(&self) -> &str {
        match self.presence {
            Presence::Live => self.status.as_ref().map_or("live", |status| &status.word),
            Presence::Locked => "locked",
            Presence::Deleted => "deleted",
            Presence::Tombstoned => "tombstoned",
            Presence::Unknown => "unknown",
        }
    }

    /// The place of the word in a sorted list.
    pub fn rank(&self) -> usize {
        match self.presence {
            Presence::Live => self.status.as_ref().map_or(0, |status| status.rank),
            Presence::Locked => usize::MAX - 3,
            Presence::Deleted => usize::MAX - 2,
            Presence::Tombstoned => usize::MAX - 1,
            Presence::Unknown => usize::MAX - 4,
        }
    }

    pub fn cell(&self, path: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| &*cell.path == path)
    }
}
