//! What a definition reads and how: known once it was evaluated, without running a handler.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// Which events a projection reads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sources {
    All,
    /// Also `$ce-…`, where several categories are named.
    Streams(Vec<Arc<str>>),
    Category(Arc<str>),
}

/// Streams that a definition folds, each by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    Stream(Arc<str>),
    Category(Arc<str>),
    /// All but system streams.
    All,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Stream(stream) => write!(f, "stream {stream}"),
            Self::Category(category) => write!(f, "{category}-*"),
            Self::All => f.write_str("all streams"),
        }
    }
}

/// How many states a projection has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partitioning {
    /// One, which lives in memory while events come.
    None,
    /// One a stream, read from its JSON before every event.
    ByStream,
    /// One for each answer of a function, read from its JSON before every event.
    ByFunction,
}

/// A definition's plan.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "the options of the server, each of its own")]
pub struct Program {
    pub sources: Sources,
    pub partitioning: Partitioning,
    /// Handlers by event type, as their place among the engine's functions.
    pub handlers: HashMap<Box<str>, usize>,
    /// Every type is handed over, not only those that have a handler.
    pub all_events: bool,
    pub bi_state: bool,
    pub includes_links: bool,
    pub handles_deleted: bool,
    pub handles_created: bool,
    pub has_transforms: bool,
    pub outputs_state: bool,
    pub result_stream: Option<Arc<str>>,
}

impl Program {
    /// The streams that it folds, each by itself; `None` where several come into one state.
    pub fn scope(&self) -> Option<Scope> {
        match (&self.sources, self.partitioning) {
            (Sources::Category(category), Partitioning::ByStream) => Some(Scope::Category(category.clone())),
            (Sources::All, Partitioning::ByStream) => Some(Scope::All),
            (Sources::Streams(streams), Partitioning::None) => match streams.as_slice() {
                [stream] => Some(Scope::Stream(stream.clone())),
                _ => None,
            },
            _ => None,
        }
    }

    pub fn is_partitioned(&self) -> bool {
        self.partitioning != Partitioning::None
    }

    /// Whether an event of this type reaches a handler.
    pub fn takes(&self, event_type: Option<&str>) -> bool {
        self.all_events || event_type.is_some_and(|name| self.handlers.contains_key(name))
    }
}
