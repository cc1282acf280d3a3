//! What a transaction has staged on top of what is committed.

use super::{
    body::Body,
    index::{Delta, Entry, Index, NOBODY},
    proposed::{Content, Proposed},
    rules::correlation,
    stream::{Stream, described_by},
    tail::copied,
    time::ticks,
};
use rusqlite::{Connection, params};
use std::{collections::HashMap, sync::Arc};

/// Rows are in the transaction of `db`; the delta is what the index gets once that is committed.
pub struct Staged<'a> {
    pub db: &'a Connection,
    pub index: &'a Index,
    names: HashMap<Arc<str>, u32>,
    type_ids: HashMap<Arc<str>, u32>,
    pub delta: Delta,
    /// Ticks of 100 ns since 1970 that new events get.
    pub now: i64,
}

impl<'a> Staged<'a> {
    pub fn new(db: &'a Connection, index: &'a Index) -> Staged<'a> {
        let (names, type_ids, delta) = Default::default();
        Staged { db, index, names, type_ids, delta, now: ticks() }
    }

    pub fn insert(&mut self, id: u32, revision: Option<i64>, event: &Proposed) -> rusqlite::Result<u64> {
        let kind = self.kind(&event.kind)?;
        let position = self.next();
        let mut insert = self.db.prepare_cached("INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
        insert.execute(params![
            position.cast_signed(),
            id,
            revision,
            kind,
            event.content as i64,
            self.now,
            event.id,
            &*event.data,
            &*event.meta
        ])?;
        if event.content == Content::BrokenJson {
            self.db.prepare_cached("INSERT INTO broken VALUES (?)")?.execute([position.cast_signed()])?;
            self.delta.broken.push(position);
        } else if let Some(id) = correlation(&event.meta).filter(|_| revision.is_some()) {
            let mut insert = self.db.prepare_cached("INSERT INTO correlations VALUES (?, ?)")?;
            insert.execute(params![id, position.cast_signed()])?;
            self.delta.correlated.push((position, id));
        }
        self.delta.entries.push(Entry { stream: if revision.is_some() { id } else { NOBODY }, kind });
        if let Some(revision) = revision.filter(|revision| *revision != i64::MAX) {
            let (data, meta) = copied(event);
            let json = event.content != Content::Binary;
            let body = Body { position, revision, json, created: self.now, id: event.id, data, meta };
            self.delta.tail.push(id, body);
        }
        if revision == Some(i64::MAX)
            && let Some(mut stream) = self.head(id).cloned()
        {
            stream.tombstone = Some(position);
            self.delta.streams.insert(id, stream);
        }
        Ok(position)
    }

    pub fn next(&self) -> u64 {
        self.index.head() + self.delta.entries.len() as u64 + 1
    }

    pub fn head(&self, id: u32) -> Option<&Stream> {
        self.delta.streams.get(&id).or_else(|| self.index.stream(id))
    }

    pub fn id(&self, name: &str) -> Option<u32> {
        self.index.names.get(name).or_else(|| self.names.get(name)).copied()
    }

    pub fn find(&self, name: &str) -> Option<(u32, Stream)> {
        let id = self.id(name)?;
        self.head(id).map(|s| (id, s.clone()))
    }

    /// Metadata was written, so `StreamExists` holds.
    pub fn described(&self, stream: &Stream) -> bool {
        !stream.is_metadata() && stream.twin.and_then(|t| self.head(t)).is_some_and(|t| t.last >= 0)
    }

    /// The stream that this one is the metadata of.
    pub fn base_of(&self, id: u32) -> Option<(u32, Stream)> {
        let twin = self.head(id).filter(|s| s.is_metadata())?.twin?;
        self.head(twin).map(|s| (twin, s.clone()))
    }

    pub fn intern(&mut self, name: &str) -> rusqlite::Result<u32> {
        if let Some(id) = self.id(name) {
            return Ok(id);
        }
        let base = described_by(name).map(|base| self.intern(base)).transpose()?;
        let id = u32::try_from(self.index.streams.len() + self.names.len()).unwrap_or(NOBODY);
        self.db.prepare_cached("INSERT INTO streams VALUES (?, ?)")?.execute(params![id, name])?;
        let name: Arc<str> = name.into();
        self.names.insert(name.clone(), id);
        self.delta.streams.insert(id, Stream { twin: base, ..Stream::new(name) });
        if let Some((base, mut head)) = base.and_then(|b| self.head(b).map(|s| (b, s.clone()))) {
            head.twin = Some(id);
            self.delta.streams.insert(base, head);
        }
        Ok(id)
    }

    fn kind(&mut self, name: &str) -> rusqlite::Result<u32> {
        if let Some(id) = self.index.type_ids.get(name).or_else(|| self.type_ids.get(name)) {
            return Ok(*id);
        }
        let id = u32::try_from(self.index.types.len() + self.type_ids.len()).unwrap_or(NOBODY);
        self.db.prepare_cached("INSERT INTO types VALUES (?, ?)")?.execute(params![id, name])?;
        let name: Arc<str> = name.into();
        self.type_ids.insert(name.clone(), id);
        self.delta.types.push(name);
        Ok(id)
    }
}
