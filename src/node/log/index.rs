//! What the node keeps in memory of the log: names, heads, eight bytes an event and four a link.

use super::{
    STEP,
    derived::{self, Derived, Link},
    outside,
    projections::{Phase, Phases, Projection},
    rules::{Defaults, Rules},
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

/// The head of a stream.
#[derive(Debug, Clone)]
pub struct Stream {
    pub name: Arc<str>,
    /// Number of the last event ever written, -1 before the first.
    pub last: i64,
    /// Position of event 0, where it was written.
    pub origin: Option<u64>,
    /// Position of the tombstone.
    pub tombstone: Option<u64>,
    pub rules: Rules,
    /// `$$s` of `s` and the other way round; what is metadata itself has none.
    pub twin: Option<u32>,
}

impl Stream {
    pub fn new(name: Arc<str>) -> Stream {
        Stream { name, last: -1, origin: None, tombstone: None, rules: Rules::default(), twin: None }
    }

    pub fn is_metadata(&self) -> bool {
        self.name.starts_with("$$")
    }

    /// Never shown in `$all`.
    pub fn internal(&self) -> bool {
        &*self.name == "$epoch-information"
            || (self.name.starts_with("$persistentsubscription-$all::")
                && (self.name.ends_with("-checkpoint") || self.name.ends_with("-parked")))
    }

    /// Number of the first event that count and `$tb` leave visible.
    pub fn first_visible(&self) -> i64 {
        let count = if self.is_metadata() { Some(1) } else { self.rules.max_count };
        let by_count = count.map_or(0, |n| self.last.saturating_sub(n).saturating_add(1));
        by_count.max(self.rules.truncate_before.unwrap_or(0)).max(0)
    }
}

/// The name and what it is metadata of; not further than anybody means, for a name may be a megabyte of dollars.
pub fn lineage(name: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(name), |n| n.strip_prefix("$$")).take(3)
}

/// The stream that a metadata stream describes; metadata has no metadata.
pub fn described_by(name: &str) -> Option<&str> {
    name.strip_prefix("$$").filter(|base| !base.starts_with("$$"))
}

/// All of it; position p of the log is `log[p - 1]`.
#[derive(Debug, Default)]
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
    pub derived: Derived,
}

/// What one transaction adds.
#[derive(Debug, Default)]
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
        for (position, id) in delta.correlated {
            self.derived.correlate(position, &id);
        }
        self.derive();
    }

    /// Takes the records that came last into the streams of links.
    pub fn derive(&mut self) {
        let mut derived = std::mem::take(&mut self.derived);
        derived.extend(self);
        self.derived = derived;
    }

    /// Whether a record of `$all` begins there, as clients see positions.
    pub fn begins(&self, place: u64) -> bool {
        let (record, offset) = (place / STEP, place % STEP);
        let linked = |slot| self.derived.has_link(slot, record);
        offset == 0 || derived::slot_at(offset).is_some_and(linked)
    }

    /// The last place of a record of the log: its own or that of the last link behind it.
    pub fn last_place(&self, record: u64) -> u64 {
        let last = (0..derived::SLOTS.len()).rev().find(|slot| self.derived.has_link(*slot, record));
        outside(record) + last.map_or(0, |slot| derived::offset(derived::SLOTS[slot]))
    }

    pub fn link_at(&self, stream: u32, record: u64) -> Option<Link> {
        self.derived.link_at(self, stream, record)
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
