//! What a stored event looks like from outside: names, revisions, positions, times and exact bytes; knows no aggregate and no database client.

pub mod json;
mod name;
mod time;

pub use name::StreamName;
pub use time::Created;

use std::sync::Arc;
use uuid::Uuid;

/// Number of an event in its stream, from 0; no list index, because a truncated stream starts above zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Revision(pub u64);

impl std::fmt::Display for Revision {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// "revisions 0–4 are gone": the first ones of a stream, up to this one.
pub fn gone_until(last: Revision) -> String {
    if last.0 == 0 { "revision 0 is gone".to_owned() } else { format!("revisions 0–{last} are gone") }
}

/// Place of an event in `$all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub commit: u64,
    pub prepare: u64,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        write!(f, "C:{} / P:{}", self.commit, self.prepare)
    }
}

/// One stored event, without loss.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub stream: StreamName,
    pub revision: Revision,
    pub id: Uuid,
    pub event_type: Arc<str>,
    pub created: Created,
    pub position: Position,
    /// Stored as `application/json`; says nothing about whether it is JSON.
    pub declared_json: bool,
    pub data: Box<[u8]>,
    pub metadata: Box<[u8]>,
    /// What a link leads to, where it was asked for and is there.
    pub target: Option<Box<Self>>,
}

impl Record {
    /// Whether it points to an event of another stream.
    pub fn is_link(&self) -> bool {
        &*self.event_type == "$>"
    }

    /// Whether it is a link or bears the version that projections write into their events' metadata.
    fn is_derived(&self) -> bool {
        #[derive(serde::Deserialize)]
        struct Projected {
            #[serde(rename = "$v")]
            version: Option<serde::de::IgnoredAny>,
        }
        let projected =
            || serde_json::from_slice::<Projected>(&self.metadata).is_ok_and(|m| m.version.is_some());
        self.is_link() || projected()
    }
}

/// Whether a stream holds nothing but what projections and links put there; told by its events as they come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Provenance {
    any: bool,
    own: bool,
}

impl Provenance {
    /// Of a stream that is known to hold an event of its own.
    pub fn own() -> Self {
        Self { any: true, own: true }
    }

    pub fn note(&mut self, record: &Record) {
        self.any = true;
        // One event of its own decides, so the others are not looked into.
        self.own = self.own || !record.is_derived();
    }

    /// Of the stream, where another part of it was judged too.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { any: self.any || other.any, own: self.own || other.own }
    }

    /// Derived throughout: a command would write into what belongs to others.
    pub fn is_derived(self) -> bool {
        self.any && !self.own
    }
}
