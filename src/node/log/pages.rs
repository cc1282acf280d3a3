//! Reading in pages that are bounded by events and by bytes.

use super::{
    Log, Record,
    database::{Body, COLUMNS},
    index::{Index, NOBODY},
    young,
};
use crate::node::{filter::Matcher, links::Members};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Events and bytes of one page, at most (a page has at least one event).
pub const PAGE: usize = 256;
pub const BYTES: usize = 1 << 18;
/// Entries looked at while the index is held.
pub const LOOK: u64 = 1 << 16;
/// How long the index is held for them; a regular expression may take its time for each of many names.
const HOLD: Duration = Duration::from_millis(10);

/// What can be seen of a stream now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    /// Never written or soft-deleted, with the number of the last event.
    Missing(i64),
    Tombstoned,
    Live {
        first: i64,
        last: i64,
    },
}

/// One line of an answer: an event, or a link with or without its target.
#[derive(Debug, Clone)]
pub struct Item {
    pub event: Option<Record>,
    pub link: Option<Record>,
}

impl Item {
    pub fn original(&self) -> Option<&Record> {
        self.link.as_ref().or(self.event.as_ref())
    }
}

/// Which part of a stream.
#[derive(Debug, Clone, Copy)]
pub struct Ask {
    pub from: i64,
    pub backwards: bool,
    pub limit: usize,
    pub resolve: bool,
    /// Also what metadata hides: a live subscription gets what is written.
    pub hidden: bool,
}

/// A stream as it is read: stored, or computed.
pub struct Lines {
    pub name: String,
    members: Option<Arc<Mutex<Members>>>,
    /// What this would be the metadata of, where that is computed.
    subject: Option<Arc<Mutex<Members>>>,
}

impl Lines {
    pub fn new(log: &Log, name: String) -> Lines {
        let subject = name.strip_prefix("$$").and_then(|subject| log.computed(subject));
        Lines { members: log.computed(&name), subject, name }
    }

    pub fn view(&mut self, log: &Log) -> rusqlite::Result<View> {
        if let Some(members) = &self.members {
            let last = members.lock().unwrap_or_else(PoisonError::into_inner).refresh(log)? - 1;
            return Ok(if last < 0 { View::Missing(last) } else { View::Live { first: 0, last } });
        }
        let stored = view(&log.index(), &self.name);
        let born = stored == View::Missing(-1) && self.born(log)?;
        Ok(if born { View::Live { first: 0, last: 0 } } else { stored })
    }

    /// Whether there is a computed stream of which this is the metadata, or which this is.
    pub fn born(&self, log: &Log) -> rusqlite::Result<bool> {
        let Some(members) = self.subject.as_ref().or(self.members.as_ref()) else { return Ok(false) };
        Ok(members.lock().unwrap_or_else(PoisonError::into_inner).refresh(log)? > 0)
    }

    pub fn page(&mut self, log: &Log, ask: Ask) -> rusqlite::Result<Vec<Item>> {
        log.with(|db| match &self.members {
            Some(members) => members.lock().unwrap_or_else(PoisonError::into_inner).page(log, db, ask),
            None if self.subject.is_some() && view(&log.index(), &self.name) == View::Missing(-1) => {
                let members = self.subject.iter().map(|m| m.lock().unwrap_or_else(PoisonError::into_inner));
                let metadata = members.map(|m| m.metadata(log, db)).collect::<rusqlite::Result<Vec<_>>>()?;
                let wanted = ask.limit > 0 && if ask.backwards { ask.from >= 0 } else { ask.from <= 0 };
                Ok(metadata.into_iter().flatten().filter(|_| wanted).collect())
            }
            None => resolve_all(log, db, stored(log, db, &self.name, ask)?, ask.resolve),
        })
    }

    /// The event that ended the stream.
    pub fn tombstone(&self, log: &Log) -> rusqlite::Result<Option<Item>> {
        let position = log.index().find(&self.name).and_then(|s| s.tombstone);
        let Some(position) = position else { return Ok(None) };
        let record = log.with(|db| at(log, db, position))?;
        Ok(record.map(|event| Item { event: Some(event), link: None }))
    }
}

/// What is stored under this name, as it can be seen.
pub fn view(index: &Index, name: &str) -> View {
    match index.find(name) {
        _ if index.entombed(name) => View::Tombstoned,
        None => View::Missing(-1),
        Some(s) if s.last < 0 || s.rules.deleted() => View::Missing(s.last),
        Some(s) => View::Live { first: s.first_visible(), last: s.last },
    }
}

/// Whether a read of its stream would give this event.
pub fn seen(index: &Index, record: &Record) -> bool {
    let View::Live { first, last } = view(index, &record.stream) else { return false };
    let young = |s| young(s, record.body.created, super::ticks());
    (first..=last).contains(&record.body.revision) && index.find(&record.stream).is_some_and(young)
}

fn stored(log: &Log, db: &Connection, name: &str, ask: Ask) -> rusqlite::Result<Vec<Record>> {
    let stream = log.index().find(name).cloned();
    let id = log.index().names.get(name).copied();
    let (Some(stream), Some(id)) = (stream, id) else { return Ok(Vec::new()) };
    let first = if ask.hidden { 0 } else { stream.first_visible() };
    let (low, high, order) = if ask.backwards {
        (first, ask.from.min(stream.last), "DESC")
    } else {
        (ask.from.max(first), stream.last, "ASC")
    };
    let sql = format!(
        "SELECT {COLUMNS} FROM events INDEXED BY by_stream WHERE stream = ? AND rev BETWEEN ? AND ? ORDER BY rev {order}"
    );
    let mut query = db.prepare_cached(&sql)?;
    let mut rows = query.query(params![id, low, high])?;
    let (mut found, mut bytes, now) = (Vec::new(), 0, super::ticks());
    while found.len() < ask.limit.min(PAGE)
        && bytes < BYTES
        && let Some(row) = rows.next()?
    {
        let body = Body::read(row)?;
        if ask.hidden || young(&stream, body.created, now) {
            bytes += body.data.len() + body.meta.len();
            found.push(body);
        }
    }
    drop(rows);
    let index = log.index();
    Ok(found.into_iter().filter_map(|body| named(&index, body)).collect())
}

pub fn named(index: &Index, body: Body) -> Option<Record> {
    let entry = index.entry(body.position)?;
    let stream = index.stream(entry.stream)?.name.clone();
    let kind = index.types.get(entry.kind as usize)?.clone();
    Some(Record { stream, kind, body })
}

/// The event at this position.
pub fn at(log: &Log, db: &Connection, position: u64) -> rusqlite::Result<Option<Record>> {
    let mut query =
        db.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE pos = ? AND rev IS NOT NULL"))?;
    let body = query.query_row([position.cast_signed()], Body::read).optional()?;
    Ok(body.and_then(|body| named(&log.index(), body)))
}

// -- links

fn resolve_all(
    log: &Log,
    db: &Connection,
    records: Vec<Record>,
    resolve: bool,
) -> rusqlite::Result<Vec<Item>> {
    let plain = |record| Item { event: Some(record), link: None };
    if !resolve {
        return Ok(records.into_iter().map(plain).collect());
    }
    records.into_iter().map(|record| resolved(log, db, record)).collect()
}

/// A link with its target, where that can be seen; anything else as it is.
pub fn resolved(log: &Log, db: &Connection, record: Record) -> rusqlite::Result<Item> {
    match (&*record.kind == "$>").then(|| target(&record.body.data)).flatten() {
        None => Ok(Item { event: Some(record), link: None }),
        Some((revision, stream)) => {
            let event = visible(log, db, &stream, revision)?;
            Ok(Item { event, link: Some(record) })
        }
    }
}

/// `revision@stream`, split at the first `@`.
fn target(data: &[u8]) -> Option<(i64, String)> {
    let (revision, stream) = std::str::from_utf8(data).ok()?.split_once('@')?;
    Some((revision.parse().ok()?, stream.to_owned()))
}

fn visible(log: &Log, db: &Connection, stream: &str, revision: i64) -> rusqlite::Result<Option<Record>> {
    let view = view(&log.index(), stream);
    match view {
        View::Live { first, last } if (first..=last).contains(&revision) => {
            let ask = Ask { from: revision, backwards: false, limit: 1, resolve: false, hidden: false };
            let found = stored(log, db, stream, ask)?.pop();
            Ok(found.filter(|r| r.body.revision == revision))
        }
        _ => Ok(None),
    }
}

// -- $all

/// A line of `$all`, or the place of a checkpoint.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "nearly all are events")]
pub enum Mark {
    Event(Item),
    Checkpoint(u64),
}

/// Walks `$all`.
pub struct Scan {
    pub matcher: Matcher,
    /// Forwards: the next position to look at. Backwards: the position to stay below.
    pub at: u64,
    pub backwards: bool,
    pub resolve: bool,
    /// A checkpoint after that many considered events.
    pub interval: Option<u64>,
    pub considered: u64,
}

impl Scan {
    /// The next lines and whether the end of the log (or its beginning) was reached.
    pub fn page(
        &mut self,
        log: &Log,
        limit: usize,
    ) -> rusqlite::Result<Result<(Vec<Mark>, bool), Backtracking>> {
        let start = self.at;
        let considered = self.considered;
        let Ok((places, end)) = self.look(&log.index(), limit.min(PAGE)) else {
            return Ok(Err(Backtracking));
        };
        let wanted: Vec<u64> =
            places.iter().filter_map(|p| if let Place::Event(at) = p { Some(*at) } else { None }).collect();
        let (items, fetched) = log.with(|db| {
            let (records, fetched) = fetch(log, db, &wanted)?;
            Ok((resolve_all(log, db, records, self.resolve)?, fetched))
        })?;
        let (mut items, mut left) = (items.into_iter().peekable(), fetched);
        let mut marks = Vec::with_capacity(places.len());
        for place in places {
            match place {
                Place::Checkpoint(at) => marks.push(Mark::Checkpoint(at)),
                Place::Event(at) => {
                    if left == 0 {
                        // The bytes were enough: go on from here.
                        self.at = if self.backwards { at + 1 } else { at };
                        self.recount(log, start, considered);
                        break;
                    }
                    left -= 1;
                    // None where a scavenge took the event meanwhile.
                    let item = items.next_if(|i| i.original().is_some_and(|r| r.body.position == at));
                    marks.extend(item.map(Mark::Event));
                }
            }
        }
        Ok(Ok((marks, end && fetched == wanted.len())))
    }

    fn recount(&mut self, log: &Log, start: u64, considered: u64) {
        let index = log.index();
        let seen = (start..self.at).filter(|at| shown(&index, *at).is_some()).count() as u64;
        self.considered = self.interval.map_or(0, |n| (considered + seen) % n.max(1));
    }

    fn look(&mut self, index: &Index, limit: usize) -> Result<(Vec<Place>, bool), Backtracking> {
        let mut places = Vec::new();
        let (mut events, mut looked) = (0, 0);
        let (head, started) = (index.head(), Instant::now());
        if self.backwards {
            self.at = self.at.min(head + 1);
        }
        while events < limit && looked < LOOK && (looked % 16 > 0 || started.elapsed() < HOLD) {
            let position = if self.backwards { self.at.saturating_sub(1) } else { self.at.max(1) };
            if position == 0 || position > head {
                return Ok((places, true));
            }
            self.at = if self.backwards { position } else { position + 1 };
            looked += 1;
            let Some(entry) = shown(index, position) else { continue };
            if self.matcher.matches(index, entry).map_err(|_| Backtracking)? {
                places.push(Place::Event(position));
                events += 1;
            }
            if let Some(interval) = self.interval {
                self.considered += 1;
                if self.considered >= interval {
                    self.considered = 0;
                    places.push(Place::Checkpoint(position));
                }
            }
        }
        let end = if self.backwards { self.at <= 1 } else { self.at > head };
        Ok((places, end))
    }
}

/// A regular expression that gave up on a value.
#[derive(Debug)]
pub struct Backtracking;

enum Place {
    Event(u64),
    Checkpoint(u64),
}

fn shown(index: &Index, position: u64) -> Option<super::index::Entry> {
    index
        .entry(position)
        .filter(|e| e.stream != NOBODY && index.stream(e.stream).is_some_and(|s| !s.internal()))
        .filter(|_| !index.gone.contains(&position))
}

/// The events at these positions, as many as the bytes of a page allow, and how many positions that took.
fn fetch(log: &Log, db: &Connection, wanted: &[u64]) -> rusqlite::Result<(Vec<Record>, usize)> {
    let mut one =
        db.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE pos = ? AND rev IS NOT NULL"))?;
    let (mut bodies, mut bytes, mut fetched) = (Vec::with_capacity(wanted.len()), 0, 0);
    for position in wanted {
        fetched += 1;
        let Some(body) = one.query_row([position.cast_signed()], Body::read).optional()? else { continue };
        bytes += body.data.len() + body.meta.len();
        bodies.push(body);
        if bytes >= BYTES {
            break;
        }
    }
    let index = log.index();
    Ok((bodies.into_iter().filter_map(|body| named(&index, body)).collect(), fetched))
}
