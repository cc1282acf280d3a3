//! Reading in pages that are bounded by events and by bytes.

use super::{
    Log, Record,
    database::{Body, COLUMNS},
    index::Index,
    not_expired,
};
use crate::node::system_streams;
use rusqlite::{Connection, OptionalExtension as _, params};

/// Events and bytes of one page, at most (a page has at least one event).
pub const PAGE: usize = 256;
pub const BYTES: usize = 1 << 18;
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

/// A stream as it is read: stored, or made of links.
pub struct StoredStream {
    pub name: String,
}

impl StoredStream {
    pub fn new(name: String) -> StoredStream {
        StoredStream { name }
    }

    pub fn view(&self, log: &Log) -> View {
        let index = log.index();
        if system_streams::computed(&self.name) {
            return system_streams::view(&index, &self.name);
        }
        let stored = view(&index, &self.name);
        if stored == View::Missing(-1) { system_streams::metadata_view(&index, &self.name) } else { stored }
    }

    pub fn page(&self, log: &Log, ask: Ask) -> rusqlite::Result<Vec<Item>> {
        log.with(|db| {
            if system_streams::computed(&self.name) {
                return system_streams::page(log, db, &self.name, ask);
            }
            if view(&log.index(), &self.name) == View::Missing(-1) {
                return system_streams::metadata_page(log, db, &self.name, ask);
            }
            resolve_all(log, db, stored(log, db, &self.name, ask)?, ask.resolve)
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
    let not_expired = |s| not_expired(s, record.body.created, super::ticks());
    (first..=last).contains(&record.body.revision) && index.find(&record.stream).is_some_and(not_expired)
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
        if ask.hidden || not_expired(&stream, body.created, now) {
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
    Some(Record { stream, kind, body, offset: 0 })
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
