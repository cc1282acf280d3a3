//! The index with the links of its records.

use super::{
    derived::{self, Derived, Link, Links},
    index::{Delta, Index},
    positions::{STEP, outside},
};

#[derive(Debug, Default)]
pub struct LinkedIndex {
    pub index: Index,
    pub derived: Derived,
}

impl LinkedIndex {
    pub fn apply(&mut self, mut delta: Delta) {
        let correlated = std::mem::take(&mut delta.correlated);
        self.index.apply(delta);
        for (position, id) in correlated {
            self.derived.correlate(position, &id);
        }
        self.derived.extend(&self.index);
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

    /// The link of this stream at that record.
    pub fn link_at(&self, stream: u32, record: u64) -> Option<Link> {
        self.derived.link_at(&self.index, stream, record)
    }

    /// A link by its stream and number.
    pub fn link(&self, stream: u32, number: usize) -> Option<Link> {
        self.derived.link(&self.index, stream, number)
    }

    /// Links that a reset of the projection hides.
    pub fn hidden(&self, links: &Links) -> usize {
        links.before(self.index.phases.reset_at(links.projection))
    }
}
