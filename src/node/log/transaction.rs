//! One transaction of the writer: decides each write on what is committed plus what is staged before it.

pub use super::proposed::{Content, Proposed};
use super::{
    index::{Delta, Entry, Index, NOBODY, Stream, described_by, lineage},
    recent_event_ids::Recent,
    rules::{DELETED, Defaults, Rules, SETTINGS, correlation, with_truncate_before},
};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::{collections::HashMap, sync::Arc};

/// What a write asks of the stream's head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    Any,
    NoStream,
    Exists,
    Exact(u64),
}

impl Expected {
    /// Revisions end at the largest signed number; the largest unsigned one means that there is no stream.
    pub fn exactly(revision: u64) -> Option<Expected> {
        (revision == u64::MAX || i64::try_from(revision).is_ok()).then_some(Expected::Exact(revision))
    }

    /// As the check takes it.
    fn meant(self) -> Expected {
        if self == Expected::Exact(u64::MAX) { Expected::NoStream } else { self }
    }

    /// The number that error texts use.
    pub fn number(self) -> i64 {
        match self {
            Expected::Any => -2,
            Expected::NoStream => -1,
            Expected::Exists => -4,
            Expected::Exact(revision) => revision.cast_signed(),
        }
    }
}

/// How a write ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Written { revision: Option<u64>, position: Option<u64> },
    Wrong { current: Option<u64> },
    Deleted,
}

enum Check {
    Append,
    /// Everything was written before; the last one has this number.
    Known(i64),
    Wrong,
    Deleted,
}

/// The tick of the current write and the statements that stage it.
pub struct Batch<'a> {
    pub(super) db: &'a Connection,
    pub(super) index: &'a Index,
    recent: &'a mut Recent,
    names: HashMap<Arc<str>, u32>,
    type_ids: HashMap<Arc<str>, u32>,
    pub(super) delta: Delta,
    /// Ticks of 100 ns since 1970 that new events get.
    pub now: i64,
}

impl<'a> Batch<'a> {
    pub fn new(db: &'a Connection, index: &'a Index, recent: &'a mut Recent) -> Batch<'a> {
        let (names, type_ids, delta) = Default::default();
        Batch { db, index, recent, names, type_ids, delta, now: super::ticks() }
    }

    pub fn finish(self) -> Delta {
        self.delta
    }

    pub fn append(
        &mut self,
        name: &str,
        expected: Expected,
        events: &[Proposed],
    ) -> rusqlite::Result<Outcome> {
        let expected = expected.meant();
        let known = self.find(name);
        let soft = known.as_ref().is_some_and(|(_, s)| s.rules.deleted());
        let last = known.as_ref().map_or(-1, |(_, s)| s.last);
        let check = match &known {
            Some((id, stream)) => self.check(*id, stream, expected, events)?,
            None => self.unheard(name, expected),
        };
        match check {
            Check::Deleted => return Ok(Outcome::Deleted),
            Check::Wrong => return Ok(Outcome::Wrong { current: u64::try_from(last).ok() }),
            Check::Known(revision) => return self.known(known.as_ref(), revision),
            Check::Append => {}
        }
        let id = self.intern(name)?;
        let was_deleted = self.base_of(id).is_some_and(|(_, s)| s.rules.deleted() && s.tombstone.is_none());
        let mut position = self.next();
        for event in events {
            position = self.write(id, event)?;
        }
        if events.is_empty() {
            self.insert(id, None, &Proposed::system("", Content::Binary, String::new()))?;
        }
        if soft {
            self.undelete(id, last + 1)?;
        } else if was_deleted {
            self.undelete_by_metadata(id, events.last())?;
        }
        let written = last.saturating_add_unsigned(events.len() as u64);
        Ok(Outcome::Written { revision: u64::try_from(written).ok(), position: Some(position) })
    }

    /// Soft delete; `tombstone` makes it hard.
    pub fn remove(&mut self, name: &str, expected: Expected, tombstone: bool) -> rusqlite::Result<Outcome> {
        let expected = expected.meant();
        let known = self.find(name);
        let (check, last, exists) = match &known {
            Some((id, s)) => (self.check(*id, s, expected, &[])?, s.last, s.last >= 0 || self.described(s)),
            None => (self.unheard(name, expected), -1, false),
        };
        match check {
            Check::Deleted => return Ok(Outcome::Deleted),
            Check::Append if exists || tombstone => {}
            _ => return Ok(Outcome::Wrong { current: u64::try_from(last).ok() }),
        }
        let position = if tombstone {
            let id = self.intern(name)?;
            self.insert(
                id,
                Some(i64::MAX),
                &Proposed::system("$streamDeleted", Content::Binary, String::new()),
            )?
        } else {
            let id = self.intern(&format!("$${name}"))?;
            self.write(id, &metadata(format!(r#"{{"$tb":{DELETED}}}"#)))?
        };
        Ok(Outcome::Written { revision: None, position: Some(position) })
    }

    // -- the acceptance check

    fn check(
        &mut self,
        id: u32,
        s: &Stream,
        expected: Expected,
        events: &[Proposed],
    ) -> rusqlite::Result<Check> {
        if self.entombed(&s.name) {
            return Ok(Check::Deleted);
        }
        let soft = s.rules.deleted();
        if s.last < 0 {
            return Ok(match expected {
                Expected::Exists if soft => Check::Deleted,
                Expected::Exists if !self.described(s) => Check::Wrong,
                Expected::Exact(_) => Check::Wrong,
                _ => Check::Append,
            });
        }
        Ok(match expected {
            Expected::Exists if soft => Check::Deleted,
            Expected::Any | Expected::Exists => self.weak(id, events),
            Expected::NoStream => match self.strong(id, s.last, 0, events)? {
                (0, _) if soft => Check::Append,
                (_, known) => known,
            },
            Expected::Exact(n) => match i64::try_from(n) {
                Ok(n) if n == s.last => Check::Append,
                Ok(n) if n < s.last => self.strong(id, s.last, n + 1, events)?.1,
                _ => Check::Wrong,
            },
        })
    }

    /// The check for a name that was never heard of.
    fn unheard(&self, name: &str, expected: Expected) -> Check {
        match expected {
            _ if self.entombed(name) => Check::Deleted,
            Expected::Any | Expected::NoStream => Check::Append,
            Expected::Exists | Expected::Exact(_) => Check::Wrong,
        }
    }

    /// A tombstone of the stream, or of the stream that this is the metadata of and that was not described since the
    /// start.
    fn entombed(&self, name: &str) -> bool {
        let tombstoned =
            |n: &str| self.id(n).and_then(|id| self.head(id)).is_some_and(|s| s.tombstone.is_some());
        let outlives = || !tombstoned(name) && self.id(name).is_some_and(|id| self.recent.described(id));
        lineage(name).any(tombstoned) && !outlives()
    }

    /// Any and `StreamExists`: by the ids written recently.
    fn weak(&self, id: u32, events: &[Proposed]) -> Check {
        let mut found = events.iter().map(|e| self.recent.find(id, e.id));
        match found.next() {
            None | Some(None) => Check::Append,
            Some(Some(first)) => found.try_fold(first, |_, r| r).map_or(Check::Wrong, Check::Known),
        }
    }

    /// Exact revision and `NoStream`: by the events that follow it. Also tells how many matched.
    fn strong(&self, id: u32, last: i64, from: i64, events: &[Proposed]) -> rusqlite::Result<(usize, Check)> {
        let mut of = self.db.prepare_cached("SELECT id FROM events WHERE stream = ? AND rev = ?")?;
        for (n, (event, revision)) in events.iter().zip(from..).enumerate() {
            let known: Option<[u8; 16]> = if revision > last {
                None
            } else {
                of.query_row(params![id, revision], |r| r.get(0)).optional()?
            };
            if known != Some(event.id) {
                return Ok((n, Check::Wrong));
            }
        }
        let count = i64::try_from(events.len()).unwrap_or(i64::MAX);
        Ok((events.len(), if events.is_empty() { Check::Wrong } else { Check::Known(from + count - 1) }))
    }

    fn known(&self, stream: Option<&(u32, Stream)>, revision: i64) -> rusqlite::Result<Outcome> {
        let visible = stream.filter(|(_, s)| revision >= s.first_visible());
        let row = match visible {
            Some((id, s)) => {
                self.place_of(*id, revision)?.filter(|(_, at)| super::not_expired(s, *at, self.now))
            }
            None => None,
        };
        Ok(Outcome::Written { revision: u64::try_from(revision).ok(), position: row.map(|(p, _)| p) })
    }

    fn place_of(&self, id: u32, revision: i64) -> rusqlite::Result<Option<(u64, i64)>> {
        let mut of =
            self.db.prepare_cached("SELECT pos, created FROM events WHERE stream = ? AND rev = ?")?;
        of.query_row(params![id, revision], |r| Ok((r.get::<_, i64>(0)?.cast_unsigned(), r.get(1)?)))
            .optional()
    }

    // -- writing

    fn write(&mut self, id: u32, event: &Proposed) -> rusqlite::Result<u64> {
        let Some(mut stream) = self.head(id).cloned() else { return Ok(0) };
        let position = self.insert(id, Some(stream.last + 1), event)?;
        stream.last += 1;
        if stream.last == 0 {
            stream.origin = Some(position);
        }
        self.recent.put(id, event.id, stream.last);
        let base = self.base_of(id);
        if &*stream.name == SETTINGS {
            self.delta.defaults = Some(Defaults::parse(&event.data));
        }
        self.delta.streams.insert(id, stream);
        if let Some((base, mut head)) = base {
            self.recent.describe(id);
            head.rules = Rules::parse(&event.data);
            if head.rules.deleted() {
                self.delta.deletes.push(position);
            }
            self.delta.streams.insert(base, head);
        }
        Ok(position)
    }

    pub(super) fn insert(
        &mut self,
        id: u32,
        revision: Option<i64>,
        event: &Proposed,
    ) -> rusqlite::Result<u64> {
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
        if revision == Some(i64::MAX)
            && let Some(mut stream) = self.head(id).cloned()
        {
            stream.tombstone = Some(position);
            self.delta.streams.insert(id, stream);
        }
        Ok(position)
    }

    /// After an append to a soft-deleted stream: its metadata again, but visible from the first new event.
    fn undelete(&mut self, id: u32, first: i64) -> rusqlite::Result<()> {
        let twin = self.head(id).and_then(|s| s.twin);
        let Some((meta, head)) = twin.and_then(|t| self.head(t).map(|s| (t, s.last))) else { return Ok(()) };
        let mut of = self.db.prepare_cached("SELECT data FROM events WHERE stream = ? AND rev = ?")?;
        let body: Vec<u8> = of.query_row(params![meta, head], |r| r.get(0))?;
        if let Some(edited) = with_truncate_before(&body, first) {
            self.write(meta, &metadata(edited))?;
        }
        Ok(())
    }

    /// Metadata written to a soft-deleted stream brings it back, empty.
    fn undelete_by_metadata(&mut self, id: u32, event: Option<&Proposed>) -> rusqlite::Result<()> {
        let Some((_, base)) = self.base_of(id) else { return Ok(()) };
        let edited = event.and_then(|e| with_truncate_before(&e.data, base.last + 1));
        edited.map_or(Ok(()), |body| self.write(id, &metadata(body)).map(drop))
    }

    // -- lookups

    pub(super) fn next(&self) -> u64 {
        self.index.head() + self.delta.entries.len() as u64 + 1
    }

    fn head(&self, id: u32) -> Option<&Stream> {
        self.delta.streams.get(&id).or_else(|| self.index.stream(id))
    }

    fn id(&self, name: &str) -> Option<u32> {
        self.index.names.get(name).or_else(|| self.names.get(name)).copied()
    }

    fn find(&self, name: &str) -> Option<(u32, Stream)> {
        let id = self.id(name)?;
        self.head(id).map(|s| (id, s.clone()))
    }

    /// Metadata was written, so `StreamExists` holds.
    fn described(&self, stream: &Stream) -> bool {
        !stream.is_metadata() && stream.twin.and_then(|t| self.head(t)).is_some_and(|t| t.last >= 0)
    }

    /// The stream that this one is the metadata of.
    fn base_of(&self, id: u32) -> Option<(u32, Stream)> {
        let twin = self.head(id).filter(|s| s.is_metadata())?.twin?;
        self.head(twin).map(|s| (twin, s.clone()))
    }

    pub(super) fn intern(&mut self, name: &str) -> rusqlite::Result<u32> {
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

pub fn metadata(body: String) -> Proposed {
    Proposed::system("$metadata", Content::Json, body)
}
