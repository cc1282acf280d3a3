//! The index with the links of its records, once somebody asks for them: a start need not work them out.

use super::{
    derived::{Derived, Link, Links, SLOTS, offset, slot_at},
    index::{Delta, Index},
    positions::{STEP, outside},
};

/// Records whose links are worked out at once: about a millisecond.
const STRIDE: u64 = 1 << 14;

#[derive(Debug, Default)]
pub struct LinkedIndex {
    pub index: Index,
    /// Either of all records or of none; of none, it has the correlation ids that came since the file was opened.
    pub derived: Derived,
}

impl LinkedIndex {
    /// Of a file that is opened: no links yet.
    pub fn unlinked(index: Index) -> LinkedIndex {
        LinkedIndex { index, derived: Derived::default() }
    }

    /// Whether the links of all records are known.
    pub fn is_linked(&self) -> bool {
        self.derived.head() == self.index.head()
    }

    /// Works out some of the links in a place of their own; false when all are there.
    pub fn work_out(&self, derived: &mut Derived) -> bool {
        derived.correlate_later(&self.derived);
        derived.extend(&self.index, derived.head() + STRIDE);
        derived.head() < self.index.head()
    }

    /// Takes the links that were worked out, and adds what is missing.
    pub fn link(&mut self, mut derived: Derived) {
        derived.correlate_later(&self.derived);
        derived.extend(&self.index, self.index.head());
        self.derived = derived;
    }

    pub fn apply(&mut self, mut delta: Delta) {
        let is_linked = self.is_linked();
        let correlated = std::mem::take(&mut delta.correlated);
        self.index.apply(delta);
        for (position, id) in correlated {
            self.derived.correlate(position, &id);
        }
        if is_linked {
            self.derived.extend(&self.index, self.index.head());
        }
    }

    /// Whether a record of `$all` begins there, as clients see positions.
    pub fn begins(&self, place: u64) -> bool {
        let (record, behind) = (place / STEP, place % STEP);
        let linked = |slot| self.derived.has_link(slot, record);
        behind == 0 || slot_at(behind).is_some_and(linked)
    }

    /// The last place of a record of the log: its own or that of the last link behind it.
    pub fn last_place(&self, record: u64) -> u64 {
        let last = (0..SLOTS.len()).rev().find(|slot| self.derived.has_link(*slot, record));
        outside(record) + last.map_or(0, |slot| offset(SLOTS[slot]))
    }

    /// The link of this stream at that record.
    pub fn link_at(&self, stream: u32, record: u64) -> Option<Link> {
        self.derived.link_at(&self.index, stream, record)
    }

    /// A link by its stream and number.
    pub fn link_of(&self, stream: u32, number: usize) -> Option<Link> {
        self.derived.link(&self.index, stream, number)
    }

    /// Links that a reset of the projection hides.
    pub fn hidden(&self, links: &Links) -> usize {
        links.before(self.index.phases.reset_at(links.projection))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::log::{index::Entry, stream::Stream};

    /// An event of `order-1` in the flow.
    fn event(position: u64) -> Delta {
        let last = i64::try_from(position).expect("a small number") - 1;
        let stream = Stream { last, origin: Some(1), ..Stream::new("order-1".into()) };
        Delta {
            streams: [(0, stream)].into(),
            types: if position == 1 { vec!["Paid".into()] } else { Vec::new() },
            entries: vec![Entry { stream: 0, kind: 0 }],
            correlated: vec![(position, "flow".to_owned())],
            ..Delta::default()
        }
    }

    fn links(linked: &LinkedIndex, stream: &str) -> usize {
        linked.derived.find(stream).map_or(0, |(_, links)| links.len())
    }

    #[test]
    fn events_that_come_while_links_are_worked_out_have_theirs() {
        let mut index = Index::default();
        index.apply(event(1));
        let mut linked = LinkedIndex::unlinked(index);
        let mut derived = Derived::default();
        derived.correlate(1, "flow");
        assert!(!linked.work_out(&mut derived) && !linked.is_linked());
        linked.apply(event(2));
        // As one that the file had already when it was looked at.
        derived.correlate(2, "flow");
        linked.apply(event(3));
        linked.link(derived);
        linked.apply(event(4));
        for stream in ["$bc-flow", "$ce-order", "$et-Paid"] {
            assert_eq!(links(&linked, stream), 4, "{stream}");
        }
        assert!(linked.is_linked());
    }
}
