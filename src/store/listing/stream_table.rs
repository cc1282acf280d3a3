//! The streams of a list by name: which of them changed, which must be read, and when something of one expires.

use super::listed_stream::{KeptStream, ListedStream};
use crate::aggregate::Registry;
use crate::record::{Created, StreamName};
use crate::store::StreamRow;
use indexmap::IndexMap;
use std::collections::BTreeSet;

/// Streams are never removed, so that a place names one for good.
#[derive(Debug, Default)]
pub struct StreamTable {
    registry: Registry,
    streams: IndexMap<StreamName, Slot>,
    /// The stream that was named last: most events are of the same one as the event before.
    last: usize,
    /// Streams whose rows are not told yet, each once.
    changed: Vec<usize>,
    /// Streams that must be read by themselves, because what came by does not tell their state.
    unread: BTreeSet<usize>,
    /// Streams that were kept, of which is not known whether they are still the same.
    unchecked: BTreeSet<usize>,
    /// When the next event of a stream expires.
    expiries: BTreeSet<(Created, usize)>,
}

#[derive(Debug)]
struct Slot {
    stream: ListedStream,
    has_changed: bool,
    /// It has a row, and keeps it.
    is_told: bool,
    /// As in `expiries`.
    expires: Option<Created>,
}

impl StreamTable {
    pub fn new(registry: Registry) -> Self {
        Self { registry, ..Self::default() }
    }

    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Of the folds of a category's streams: another one where a state that was kept is none of theirs.
    pub fn version(&self, category: &str) -> String {
        self.registry.version(category)
    }

    pub fn iter(&self) -> impl Iterator<Item = &ListedStream> {
        self.streams.values().map(|slot| &slot.stream)
    }

    /// Takes back a stream that was kept; `None` where it cannot be.
    pub fn restore(&mut self, mut kept: KeptStream) -> Option<()> {
        let name = StreamName::new(&std::mem::take(&mut kept.name));
        let is_ahead = kept.is_ahead();
        let stream = ListedStream::restored(self.registry.for_stream(&name).clone(), &name, kept)?;
        let is_shown = stream.is_worth_a_row();
        let (place, before) = self
            .streams
            .insert_full(name, Slot { stream, has_changed: false, is_told: false, expires: None });
        if is_ahead {
            self.must_be_read(place);
        } else if is_shown {
            self.change(place);
        }
        before.is_none().then_some(())
    }

    /// The stream's place; it gets one where it has none.
    pub fn place(&mut self, name: &str) -> usize {
        let is_last = self.streams.get_index(self.last).is_some_and(|(last, _)| last.as_str() == name);
        if !is_last {
            self.last = match self.streams.get_index_of(name) {
                Some(place) => place,
                None => self.add(StreamName::new(name)),
            };
        }
        self.last
    }

    fn add(&mut self, name: StreamName) -> usize {
        let stream = ListedStream::new(self.registry.for_stream(&name).clone(), &name);
        self.streams.insert_full(name, Slot { stream, has_changed: false, is_told: false, expires: None }).0
    }

    pub fn find(&self, name: &str) -> Option<usize> {
        self.streams.get_index_of(name)
    }

    pub fn name(&self, place: usize) -> Option<&StreamName> {
        self.streams.get_index(place).map(|(name, _)| name)
    }

    pub fn stream(&self, place: usize) -> Option<&ListedStream> {
        self.streams.get_index(place).map(|(_, slot)| &slot.stream)
    }

    pub fn stream_mut(&mut self, place: usize) -> Option<&mut ListedStream> {
        self.streams.get_index_mut(place).map(|(_, slot)| &mut slot.stream)
    }

    /// Its row is to be told.
    pub fn change(&mut self, place: usize) {
        if let Some((_, slot)) = self.streams.get_index_mut(place)
            && !std::mem::replace(&mut slot.has_changed, true)
        {
            self.changed.push(place);
        }
    }

    pub fn must_be_read(&mut self, place: usize) {
        self.unread.insert(place);
        self.unchecked.remove(&place);
    }

    /// All that were kept must be, but those that are read anyway.
    pub fn must_be_checked(&mut self) {
        self.unchecked = (0..self.streams.len()).filter(|place| !self.unread.contains(place)).collect();
    }

    pub fn was_checked(&mut self, place: usize) {
        self.unchecked.remove(&place);
    }

    /// At most so many streams that must be checked; each stays due until it was.
    pub fn unchecked(&self, most: usize) -> impl Iterator<Item = &ListedStream> {
        self.unchecked.iter().take(most).filter_map(|place| self.stream(*place))
    }

    pub fn needs_no_read(&mut self, place: usize) {
        if !self.unread.is_empty() {
            self.unread.remove(&place);
        }
    }

    /// At most so many streams that must be read; each stays due until it was read.
    pub fn unread(&self, most: usize) -> Vec<StreamName> {
        self.unread.iter().take(most).filter_map(|place| self.name(*place).cloned()).collect()
    }

    /// How many streams must be read or checked.
    pub fn due_count(&self) -> usize {
        self.unread.len() + self.unchecked.len()
    }

    pub fn len(&self) -> usize {
        self.streams.len()
    }

    pub fn has_changed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// At most so many changed rows, as they are now.
    pub fn take_changed(&mut self, most: usize, now: Created) -> Vec<StreamRow> {
        let taken = self.changed.len().min(most);
        let mut rows = Vec::with_capacity(taken);
        for place in self.changed.drain(..taken) {
            let Some((name, slot)) = self.streams.get_index_mut(place) else { continue };
            slot.has_changed = false;
            // A deletion that was undone may leave nothing but metadata.
            if !slot.is_told && !slot.stream.is_worth_a_row() {
                continue;
            }
            slot.is_told = true;
            rows.push(slot.stream.row(name, now));
            let next = slot.stream.expires(now);
            let before = std::mem::replace(&mut slot.expires, next);
            if before != next {
                before.map(|at| self.expiries.remove(&(at, place)));
                self.expiries.extend(next.map(|at| (at, place)));
            }
        }
        rows
    }

    /// When the next row changes by itself.
    pub fn next_expiry(&self) -> Option<Created> {
        self.expiries.first().map(|(at, _)| *at)
    }

    /// The rows of which something has expired are changed.
    pub fn expire(&mut self, now: Created) {
        while self.next_expiry().is_some_and(|at| at <= now)
            && let Some((_, place)) = self.expiries.pop_first()
        {
            if let Some((_, slot)) = self.streams.get_index_mut(place) {
                slot.expires = None;
            }
            self.change(place);
        }
    }
}
