//! Walking `$all`: the records of the log and the links behind them.

use super::{
    events,
    filter::Matcher,
    page::{BYTES, Item, PAGE},
    system_streams,
};
use crate::node::log::{
    Log, Record, STEP,
    derived::{self, Link, SLOTS},
    index::{Entry, Index, NOBODY},
    linked::LinkedIndex,
    outside, records,
};
use rusqlite::Connection;
use std::time::{Duration, Instant};

/// Records looked at while the index is held.
const LOOK: u64 = 1 << 16;
/// How long the index is held for them; a regular expression may take its time for each of many names.
const HOLD: Duration = Duration::from_millis(10);

/// A line of `$all`, or the place of a checkpoint.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "nearly all are events")]
pub enum Mark {
    Event(Item),
    Checkpoint(u64),
}

/// What is looked at: without links where none may pass.
#[derive(Clone, Copy)]
struct Indexes<'a> {
    events: &'a Index,
    links: Option<&'a LinkedIndex>,
}

/// Where to walk; places are positions as clients see them.
pub struct Scan {
    pub matcher: Matcher,
    /// Forwards: the next place to look at. Backwards: the place to stay below.
    pub at: u64,
    pub backwards: bool,
    pub resolve: bool,
    /// A checkpoint after that many considered events.
    pub interval: Option<u64>,
    pub considered: u64,
}

/// A regular expression that gave up on a value.
#[derive(Debug)]
pub struct Backtracking;

#[derive(Clone, Copy)]
enum Source {
    Event(u64),
    Link(Link),
}

enum Place {
    /// Where it is, and how many events were considered before it since the last checkpoint.
    Record(u64, u64, Source),
    Checkpoint(u64),
}

impl Scan {
    /// The next lines and whether the end of the log (or its beginning) was reached.
    pub fn page(
        &mut self,
        log: &Log,
        limit: usize,
    ) -> rusqlite::Result<Result<(Vec<Mark>, bool), Backtracking>> {
        let limit = limit.min(PAGE);
        let looked = if self.looks_at_links() {
            let linked = log.linked()?;
            self.look(Indexes { events: &linked.index, links: Some(&linked) }, limit)
        } else {
            self.look(Indexes { events: &log.index(), links: None }, limit)
        };
        let Ok((places, end)) = looked else { return Ok(Err(Backtracking)) };
        let mut marks = Vec::with_capacity(places.len());
        let whole = log.with(|db| self.fetch(log, db, places, &mut marks))?;
        Ok(Ok((marks, end && whole)))
    }

    /// Reads what was found, and whether it was all: a page ends with its bytes, and the next goes on from there.
    fn fetch(
        &mut self,
        log: &Log,
        db: &Connection,
        places: Vec<Place>,
        marks: &mut Vec<Mark>,
    ) -> rusqlite::Result<bool> {
        let (mut bytes, mut kept) = (0, None);
        for place in places {
            let (at, considered, source) = match place {
                Place::Checkpoint(at) => {
                    marks.push(Mark::Checkpoint(at));
                    continue;
                }
                Place::Record(at, considered, source) => (at, considered, source),
            };
            if bytes >= BYTES {
                (self.at, self.considered) = (at + u64::from(self.backwards), considered);
                return Ok(false);
            }
            let Some(item) = self.item(log, db, source, &mut kept)? else { continue };
            let size = |record: &Record| record.body.data.len() + record.body.meta.len();
            bytes += item.event.as_ref().map_or(0, size) + item.link.as_ref().map_or(0, size);
            marks.push(Mark::Event(item));
        }
        Ok(true)
    }

    /// The event or link; `kept` is the event read last, which its links are made of.
    fn item(
        &self,
        log: &Log,
        db: &Connection,
        source: Source,
        kept: &mut Option<(Record, bool)>,
    ) -> rusqlite::Result<Option<Item>> {
        let position = match source {
            Source::Event(at) => at,
            Source::Link(link) => link.source,
        };
        if kept.as_ref().is_none_or(|(record, _)| record.body.position != position) {
            *kept = records::source(log, db, position)?;
        }
        let Some((record, there)) = kept.clone() else { return Ok(None) };
        match source {
            // A scavenge took it since it was looked at.
            Source::Event(_) if !there => Ok(None),
            Source::Event(_) if self.resolve => events::resolved(log, db, record).map(Some),
            Source::Event(_) => Ok(Some(Item::plain(record))),
            Source::Link(link) => system_streams::item(log, db, link, (record, there), self.resolve),
        }
    }

    /// Whether links may pass the filter, or count for a checkpoint.
    fn looks_at_links(&self) -> bool {
        self.interval.is_some() || self.matcher.wants_links()
    }

    fn look(&mut self, indexes: Indexes<'_>, limit: usize) -> Result<(Vec<Place>, bool), Backtracking> {
        let mut places = Vec::new();
        let (mut events, mut looked, head) = (0, 0, indexes.events.head());
        let slots = if indexes.links.is_some() { SLOTS.len() } else { 0 };
        let started = Instant::now();
        if self.backwards {
            self.at = self.at.min(outside(head + 1));
        }
        while events < limit && looked < LOOK && (looked % 16 > 0 || started.elapsed() < HOLD) {
            let record =
                if self.backwards { self.at.saturating_sub(1) / STEP } else { self.at.max(STEP) / STEP };
            if record == 0 || record > head {
                return Ok((places, true));
            }
            looked += 1;
            for slot in 0..=slots {
                let slot = if self.backwards { slots - slot } else { slot };
                let place = outside(record) + if slot == 0 { 0 } else { derived::offset(SLOTS[slot - 1]) };
                if (self.backwards && place >= self.at) || (!self.backwards && place < self.at) {
                    continue;
                }
                if events >= limit {
                    return Ok((places, false));
                }
                events += usize::from(self.consider(indexes, record, slot, place, &mut places)?);
            }
            self.at = if self.backwards { outside(record) } else { outside(record + 1) };
        }
        let end = if self.backwards { self.at <= STEP } else { self.at > outside(head) };
        Ok((places, end))
    }

    /// Whether there is something at this place that the filter lets through.
    fn consider(
        &mut self,
        indexes: Indexes<'_>,
        record: u64,
        slot: usize,
        place: u64,
        places: &mut Vec<Place>,
    ) -> Result<bool, Backtracking> {
        self.at = if self.backwards { place } else { place + 1 };
        let found = match slot.checked_sub(1) {
            None => self.event(indexes.events, record),
            Some(slot) => indexes.links.map_or(Ok(None), |linked| self.link(linked, record, slot)),
        };
        let Some(source) = found.map_err(|_| Backtracking)? else { return Ok(false) };
        let matched = source.is_some();
        if let Some(source) = source {
            places.push(Place::Record(place, self.considered, source));
        }
        if let Some(interval) = self.interval {
            self.considered += 1;
            if self.considered >= interval {
                self.considered = 0;
                places.push(Place::Checkpoint(place));
            }
        }
        Ok(matched)
    }

    fn event(&mut self, index: &Index, record: u64) -> Found {
        let Some(entry) = shown(index, record) else { return Ok(None) };
        let matched = self.matcher.matches(index, entry)?;
        Ok(Some(matched.then_some(Source::Event(record))))
    }

    fn link(&mut self, linked: &LinkedIndex, record: u64, slot: usize) -> Found {
        // Whether there is a link is known without its name, and most filters want none.
        if !linked.derived.has_link(slot, record) {
            return Ok(None);
        }
        if !self.matcher.wants_links() {
            return Ok(Some(None));
        }
        let stream = linked.derived.linked(&linked.index, SLOTS[slot], record);
        let Some(stream) = stream else { return Ok(None) };
        let matched = self.matcher.matches_link(&linked.derived, stream)?;
        Ok(Some(matched.then(|| linked.link_at(stream, record)).flatten().map(Source::Link)))
    }
}

/// What is at a place, if anything is: to be read, or not, where the filter keeps it back.
type Found = Result<Option<Option<Source>>, Box<fancy_regex::Error>>;

fn shown(index: &Index, position: u64) -> Option<Entry> {
    index
        .entry(position)
        .filter(|e| e.stream != NOBODY && index.stream(e.stream).is_some_and(|s| !s.internal()))
        .filter(|_| !index.gone.contains(&position))
}
