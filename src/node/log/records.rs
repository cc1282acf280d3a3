//! Events with their names, by position.

use super::{
    body::{Body, COLUMNS},
    event_log::Log,
    gone,
    index::Index,
    positions::outside,
};
use rusqlite::{Connection, OptionalExtension as _};
use std::sync::Arc;

/// An event with its names.
#[derive(Debug, Clone)]
pub struct Record {
    pub stream: Arc<str>,
    pub kind: Arc<str>,
    pub body: Body,
    /// How far behind its record of the log a link lies, as clients see positions.
    pub offset: u64,
    /// Commit and prepare position that it came with.
    pub given: Option<(u64, u64)>,
}

impl Record {
    /// Its commit and prepare position as clients see them.
    pub fn place(&self) -> (u64, u64) {
        let own = outside(self.body.position) + self.offset;
        self.given.unwrap_or((own, own))
    }
}

pub fn named(index: &Index, body: Body) -> Option<Record> {
    let entry = index.entry(body.position)?;
    let stream = index.stream(entry.stream)?.name.clone();
    let kind = index.types.get(entry.kind as usize)?.clone();
    let given = index.places.as_ref().map(|places| places.shown(outside(body.position)));
    Some(Record { stream, kind, body, offset: 0, given })
}

/// The event at this position.
pub fn at(log: &Log, db: &Connection, position: u64) -> rusqlite::Result<Option<Record>> {
    let mut query =
        db.prepare_cached(&format!("SELECT {COLUMNS} FROM events WHERE pos = ? AND rev IS NOT NULL"))?;
    let body = query.query_row([position.cast_signed()], Body::read).optional()?;
    Ok(body.and_then(|body| named(&log.index(), body)))
}

/// The event at this position, or what links say of it where it is gone.
pub fn source(log: &Log, db: &Connection, position: u64) -> rusqlite::Result<Option<(Record, bool)>> {
    if let Some(record) = at(log, db, position)? {
        return Ok(Some((record, true)));
    }
    let body = gone::body(db, position)?;
    Ok(body.and_then(|body| named(&log.index(), body)).map(|record| (record, false)))
}
