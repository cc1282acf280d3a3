//! What the node keeps in memory of the log: names, heads and eight bytes an event.

use super::{
    positions::Places,
    projections::{Phase, Phases, Projection},
    rules::Defaults,
    stream::{Stream, lineage},
    tail::Tail,
};
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// One place of the log: who wrote there. A record without an event has no stream.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    pub stream: u32,
    pub kind: u32,
}
/// Stream of a record that nobody can read: an append of no events.
pub const NOBODY: u32 = u32::MAX;

/// All of it; position p of the log is `log[p - 1]`.
#[derive(Debug, Clone, Default)]
pub struct Index {
    pub streams: Vec<Stream>,
    pub names: HashMap<Arc<str>, u32>,
    pub types: Vec<Arc<str>>,
    pub type_ids: HashMap<Arc<str>, u32>,
    pub log: Vec<Entry>,
    /// Positions of the metadata events that delete a stream.
    pub deletes: BTreeSet<u64>,
    /// Positions of the events that say they are JSON and are not: no computed stream links them.
    pub broken: BTreeSet<u64>,
    /// Positions of the events that a scavenge took.
    pub gone: BTreeSet<u64>,
    pub defaults: Defaults,
    pub phases: Phases,
    /// Of a log that was taken in with its positions.
    pub places: Option<Places>,
    pub tail: Tail,
}

/// What one transaction adds.
#[derive(Debug, Clone, Default)]
pub struct Delta {
    pub streams: HashMap<u32, Stream>,
    pub types: Vec<Arc<str>>,
    pub entries: Vec<Entry>,
    pub deletes: Vec<u64>,
    pub broken: Vec<u64>,
    pub defaults: Option<Defaults>,
    pub phases: Vec<(Projection, Phase)>,
    /// Positions of events with their correlation ids.
    pub correlated: Vec<(u64, String)>,
    /// Of the whole log, where its records came with their positions.
    pub places: Option<Places>,
    /// Some of its events, the newest.
    pub tail: Tail,
}

impl Delta {
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty() && self.phases.is_empty()
    }
}

impl Index {
    pub fn head(&self) -> u64 {
        self.log.len() as u64
    }

    pub fn find(&self, name: &str) -> Option<&Stream> {
        self.names.get(name).and_then(|id| self.stream(*id))
    }

    pub fn stream(&self, id: u32) -> Option<&Stream> {
        self.streams.get(id as usize)
    }

    pub fn entry(&self, position: u64) -> Option<Entry> {
        let at = usize::try_from(position.checked_sub(1)?).ok()?;
        self.log.get(at).copied()
    }

    /// A tombstone of the stream, or of the stream that this is the metadata of.
    pub fn entombed(&self, name: &str) -> bool {
        lineage(name).any(|n| self.find(n).is_some_and(|s| s.tombstone.is_some()))
    }

    pub fn apply(&mut self, delta: Delta) {
        let mut streams: Vec<_> = delta.streams.into_iter().collect();
        streams.sort_unstable_by_key(|(id, _)| *id);
        for (id, stream) in streams {
            self.put_stream(id, stream);
        }
        for name in delta.types {
            self.put_type(name);
        }
        self.log.extend(delta.entries);
        self.deletes.extend(delta.deletes);
        self.broken.extend(delta.broken);
        if let Some(defaults) = delta.defaults {
            self.defaults = defaults;
        }
        for (projection, phase) in delta.phases {
            self.phases.push(projection, phase);
        }
        self.places = delta.places.or_else(|| self.places.take());
        self.tail.extend(delta.tail);
    }

    pub fn put_stream(&mut self, id: u32, stream: Stream) {
        if let Some(known) = self.streams.get_mut(id as usize) {
            *known = stream;
        } else {
            self.names.insert(stream.name.clone(), id);
            self.streams.push(stream);
        }
    }

    pub fn put_type(&mut self, name: Arc<str>) {
        self.type_ids.insert(name.clone(), u32::try_from(self.types.len()).unwrap_or(NOBODY));
        self.types.push(name);
    }
}
