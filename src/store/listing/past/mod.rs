//! The stream list as it was at any moment: every event of the list's source, packed, and a fold of each stream where the
//! moment stands.
//!
//! What a moment includes of a stream is everything up to its last event that was created until then: clocks go backwards in
//! real logs, and a history has no holes.

pub(in crate::store) mod answers;
mod checkpoints;
mod difference;
mod ever;
mod fold;
mod packed_events;
mod past_list;
mod past_stream;
mod read;
#[cfg(test)]
mod tests;
mod time_index;

pub use past_list::PastList;

use super::list_source::Source;
use super::stream_list::{Proof, subject};
use crate::aggregate::Registry;
use crate::record::{Created, Position, Record, RecordRef, Revision, StreamName};
use crate::store::{Listing, StoreError, StreamRow};
use indexmap::IndexMap;
use packed_events::PackedEvents;
use past_stream::PastStream;
use std::time::{Duration, Instant};
use time_index::TimeIndex;

/// Bytes of events that are held at most.
const BUDGET: u64 = 1 << 30;
/// Bytes of folds that are kept, so that going back in a long stream is quick.
const ROOM: usize = 64 << 20;
/// How long events are folded before other tasks have their turn.
const TURN: Duration = Duration::from_millis(2);

/// All events of a category, and where its streams stand.
#[derive(Debug)]
pub struct Past {
    category: String,
    registry: Registry,
    source: Option<Source>,
    events: PackedEvents,
    index: TimeIndex,
    /// Streams are never removed, so that a place names one for good.
    streams: IndexMap<StreamName, PastStream>,
    /// The stream that was named last.
    last_place: usize,
    /// Where a new subscription goes on.
    position: Option<Position>,
    last: Option<Proof>,
    /// The earliest of the events that the index does not know.
    unindexed: Option<Created>,
    /// The moment of which all rows were answered.
    at: Option<Created>,
    /// Streams whose events expire, or did at some time.
    aging: Vec<u32>,
    /// Streams of events that the index knows since the last answer.
    untold: Vec<u32>,
    /// Streams were folded to other moments since.
    is_displaced: bool,
    /// Bytes that are left for folds of long streams.
    room: usize,
    budget: u64,
    is_full: bool,
}

/// The rows of a moment while they are made: those that the moment before had otherwise.
#[derive(Debug)]
pub struct Answer {
    at: Created,
    /// Streams whose rows may be others, each once.
    places: Vec<u32>,
    next: usize,
    pub rows: Vec<StreamRow>,
    /// Streams that had a row and have none.
    pub absent: Vec<StreamName>,
    /// No rows were answered before.
    pub is_first: bool,
}

impl Past {
    pub fn new(category: &str, registry: Registry) -> Self {
        Self {
            category: category.to_owned(),
            registry,
            source: None,
            events: PackedEvents::default(),
            index: TimeIndex::default(),
            streams: IndexMap::new(),
            last_place: 0,
            position: None,
            last: None,
            unindexed: None,
            at: None,
            aging: Vec::new(),
            untold: Vec::new(),
            is_displaced: false,
            room: ROOM,
            budget: BUDGET,
            is_full: false,
        }
    }

    /// With another budget in bytes, which only tests need.
    #[must_use]
    pub fn within(self, budget: u64) -> Self {
        Self { budget, ..self }
    }

    /// Another one of the same category and folds, of which nothing was read.
    fn begun_again(&self) -> Self {
        Self::new(&self.category, self.registry.clone()).within(self.budget)
    }

    /// Events that are held.
    pub fn len(&self) -> u64 {
        self.events.len().into()
    }

    /// Where the events come from, how far, and what they cannot show.
    pub fn listing(&self) -> Listing {
        let source = self.source;
        Listing {
            seen: self.len(),
            caught_up: true,
            unread: 0,
            source: source.map(|source| source.shown(&self.category)).unwrap_or_default(),
            confirmed: self.position.filter(|_| source == Some(Source::All)),
            unseen: source.map(Source::unseen),
            denied: None,
        }
    }

    /// The stream's place; it gets one where it has none.
    fn place(&mut self, name: &str) -> usize {
        let is_last = self.streams.get_index(self.last_place).is_some_and(|(last, _)| last.as_str() == name);
        if !is_last {
            let known = self.streams.get_index_of(name);
            let add = || self.streams.insert_full(StreamName::new(name), PastStream::default()).0;
            self.last_place = known.unwrap_or_else(add);
        }
        self.last_place
    }

    /// Takes an event of the category, of a stream or of its metadata.
    fn take(&mut self, record: &Record) {
        self.position = self.position.max(Some(record.position));
        self.last = Some(Proof::of(record));
        self.add(record.into());
    }

    fn add(&mut self, record: RecordRef<'_>) {
        let name = subject(record.stream.as_str());
        let is_metadata = name.len() < record.stream.as_str().len();
        let place = self.place(name);
        let noted = self.streams[place].note(record, is_metadata);
        let number = u32::try_from(place).ok();
        let Some(stream) = number.filter(|_| noted.is_new) else { return };
        if noted.ages {
            self.aging.push(stream);
        }
        if self.events.push(stream, record, is_metadata).is_none() || self.events.bytes() > self.budget {
            self.is_full = true;
        }
        self.unindexed = Some(self.unindexed.map_or(record.created, |at| at.min(record.created)));
    }

    /// Whether more is to be held than may be.
    fn check_room(&self) -> Result<(), StoreError> {
        let too_large = || StoreError::PastTooLarge { category: self.category.clone(), budget: self.budget };
        if self.is_full { Err(too_large()) } else { Ok(()) }
    }

    /// Whether events came since that the moment which was answered includes.
    fn has_changed(&self) -> bool {
        let comes_in = |at: Created| self.unindexed.is_some_and(|earliest| earliest <= at);
        self.at.is_some_and(|at| comes_in(at) || !self.untold.is_empty())
    }

    /// The next answer tells every row.
    fn forget_answers(&mut self) {
        self.at = None;
    }

    /// Knows the events until this moment by stream and time.
    fn index_until(&mut self, at: Created) {
        if self.unindexed.is_none_or(|earliest| earliest > at) {
            return;
        }
        self.untold.extend(self.events.from(self.index.len()).map(|(stream, _)| stream));
        self.index = TimeIndex::new(&self.events, self.streams.len());
        self.unindexed = None;
        self.aging.sort_unstable();
        self.aging.dedup();
    }

    /// What is to be answered of the moment.
    fn begin(&mut self, at: Created) -> Answer {
        let before = self.at.take();
        self.index_until(at.max(before.unwrap_or(at)));
        let (mut places, is_displaced) = (std::mem::take(&mut self.untold), self.is_displaced);
        match before {
            None => places = (0..u32::try_from(self.streams.len()).unwrap_or(u32::MAX)).collect(),
            Some(before) => {
                places.extend(self.index.between(&self.events, before, at));
                let ages = |place: &&u32| is_displaced || self.ages(**place, before, at);
                places.extend(self.aging.iter().filter(ages));
                places.sort_unstable();
                places.dedup();
            }
        }
        // Until the answer is whole.
        self.is_displaced = true;
        let (rows, absent) = (Vec::new(), Vec::new());
        Answer { at, places, next: 0, rows, absent, is_first: before.is_none() }
    }

    /// Whether events of the stream expire between two moments, as far as it is folded.
    fn ages(&self, place: u32, one: Created, other: Created) -> bool {
        let stream = self.streams.get_index(place as usize).map(|(_, stream)| stream);
        let expires = stream.and_then(|stream| stream.expires(one.min(other)));
        expires.is_some_and(|at| at <= one.max(other))
    }

    /// Makes rows of the answer for one turn; whether all are made.
    fn work(&mut self, answer: &mut Answer) -> bool {
        let began = Instant::now();
        while let Some(&place) = answer.places.get(answer.next) {
            if self.stand(place, answer.at) {
                answer.next += 1;
                let Some((name, stream)) = self.streams.get_index_mut(place as usize) else { continue };
                match stream.row(name, answer.at) {
                    Some(row) => answer.rows.push(row),
                    None if answer.is_first => {}
                    None => answer.absent.push(name.clone()),
                }
            }
            if began.elapsed() > TURN {
                return false;
            }
        }
        (self.at, self.is_displaced) = (Some(answer.at), false);
        true
    }

    /// Folds the stream up to the moment, or a part of the way; whether it is there.
    fn stand(&mut self, place: u32, at: Created) -> bool {
        let included = self.index.included(&self.events, place, at);
        let numbers = &self.index.of(place)[..included];
        let Some((name, stream)) = self.streams.get_index_mut(place as usize) else { return true };
        stream.stand(self.registry.for_stream(name), name, &self.events, numbers, &mut self.room)
    }

    /// A stream may not be read.
    fn lock(&mut self, stream: &StreamName) {
        let place = self.place(stream.as_str());
        self.streams[place].is_locked = true;
    }

    /// The revision of the last event that is held of a stream.
    fn last_of(&self, stream: &StreamName) -> Option<Revision> {
        self.streams.get(stream).and_then(PastStream::last)
    }
}
