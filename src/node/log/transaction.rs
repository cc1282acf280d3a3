//! One transaction of the writer: decides each write on what is committed plus what is staged before it.

use super::{
    acceptance::{Acceptance, Check},
    expected::{Expected, Outcome},
    index::{Delta, Index},
    proposed::{Content, Proposed},
    recent_event_ids::Recent,
    rules::{DELETED, Defaults, Rules, SETTINGS, with_truncate_before},
    staged::Staged,
    stream::Stream,
};
use rusqlite::{Connection, OptionalExtension as _, params};

/// Writes that are committed together.
pub struct Batch<'a> {
    pub staged: Staged<'a>,
    recent: &'a mut Recent,
}

impl<'a> Batch<'a> {
    pub fn new(db: &'a Connection, index: &'a Index, recent: &'a mut Recent) -> Batch<'a> {
        Batch { staged: Staged::new(db, index), recent }
    }

    pub fn finish(self) -> Delta {
        self.staged.delta
    }

    fn acceptance(&self) -> Acceptance<'_> {
        Acceptance { staged: &self.staged, recent: self.recent }
    }

    pub fn append(
        &mut self,
        name: &str,
        expected: Expected,
        events: &[Proposed],
    ) -> rusqlite::Result<Outcome> {
        let expected = expected.meant();
        let known = self.staged.find(name);
        let soft = known.as_ref().is_some_and(|(_, s)| s.rules.deleted());
        let last = known.as_ref().map_or(-1, |(_, s)| s.last);
        let check = match &known {
            Some((id, stream)) => self.acceptance().check(*id, stream, expected, events)?,
            None => self.acceptance().unheard(name, expected),
        };
        match check {
            Check::Deleted => return Ok(Outcome::Deleted),
            Check::Wrong => return Ok(Outcome::Wrong { current: u64::try_from(last).ok() }),
            Check::Known(revision) => return self.known(known.as_ref(), revision),
            Check::Append => {}
        }
        let id = self.staged.intern(name)?;
        let was_deleted =
            self.staged.base_of(id).is_some_and(|(_, s)| s.rules.deleted() && s.tombstone.is_none());
        let mut position = self.staged.next();
        for event in events {
            position = self.write(id, event)?;
        }
        if events.is_empty() {
            self.staged.insert(id, None, &Proposed::system("", Content::Binary, String::new()))?;
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
        let known = self.staged.find(name);
        let (check, last, exists) = match &known {
            Some((id, s)) => (
                self.acceptance().check(*id, s, expected, &[])?,
                s.last,
                s.last >= 0 || self.staged.described(s),
            ),
            None => (self.acceptance().unheard(name, expected), -1, false),
        };
        match check {
            Check::Deleted => return Ok(Outcome::Deleted),
            Check::Append if exists || tombstone => {}
            _ => return Ok(Outcome::Wrong { current: u64::try_from(last).ok() }),
        }
        let position = if tombstone {
            let id = self.staged.intern(name)?;
            self.staged.insert(
                id,
                Some(i64::MAX),
                &Proposed::system("$streamDeleted", Content::Binary, String::new()),
            )?
        } else {
            let id = self.staged.intern(&format!("$${name}"))?;
            self.write(id, &Proposed::metadata(format!(r#"{{"$tb":{DELETED}}}"#)))?
        };
        Ok(Outcome::Written { revision: None, position: Some(position) })
    }

    fn known(&self, stream: Option<&(u32, Stream)>, revision: i64) -> rusqlite::Result<Outcome> {
        let visible = stream.filter(|(_, s)| revision >= s.first_visible());
        let row = match visible {
            Some((id, s)) => {
                self.place_of(*id, revision)?.filter(|(_, at)| s.not_expired(*at, self.staged.now))
            }
            None => None,
        };
        Ok(Outcome::Written { revision: u64::try_from(revision).ok(), position: row.map(|(p, _)| p) })
    }

    fn place_of(&self, id: u32, revision: i64) -> rusqlite::Result<Option<(u64, i64)>> {
        let mut of =
            self.staged.db.prepare_cached("SELECT pos, created FROM events WHERE stream = ? AND rev = ?")?;
        of.query_row(params![id, revision], |r| Ok((r.get::<_, i64>(0)?.cast_unsigned(), r.get(1)?)))
            .optional()
    }

    fn write(&mut self, id: u32, event: &Proposed) -> rusqlite::Result<u64> {
        let Some(mut stream) = self.staged.head(id).cloned() else { return Ok(0) };
        let position = self.staged.insert(id, Some(stream.last + 1), event)?;
        stream.last += 1;
        if stream.last == 0 {
            stream.origin = Some(position);
        }
        self.recent.put(id, event.id, stream.last);
        let base = self.staged.base_of(id);
        if &*stream.name == SETTINGS {
            self.staged.delta.defaults = Some(Defaults::parse(&event.data));
        }
        self.staged.delta.streams.insert(id, stream);
        if let Some((base, mut head)) = base {
            self.recent.describe(id);
            head.rules = Rules::parse(&event.data);
            if head.rules.deleted() {
                self.staged.delta.deletes.push(position);
            }
            self.staged.delta.streams.insert(base, head);
        }
        Ok(position)
    }

    /// After an append to a soft-deleted stream: its metadata again, but visible from the first new event.
    fn undelete(&mut self, id: u32, first: i64) -> rusqlite::Result<()> {
        let twin = self.staged.head(id).and_then(|s| s.twin);
        let Some((meta, head)) = twin.and_then(|t| self.staged.head(t).map(|s| (t, s.last))) else {
            return Ok(());
        };
        let mut of = self.staged.db.prepare_cached("SELECT data FROM events WHERE stream = ? AND rev = ?")?;
        let body: Vec<u8> = of.query_row(params![meta, head], |r| r.get(0))?;
        if let Some(edited) = with_truncate_before(&body, first) {
            self.write(meta, &Proposed::metadata(edited))?;
        }
        Ok(())
    }

    /// Metadata written to a soft-deleted stream brings it back, empty.
    fn undelete_by_metadata(&mut self, id: u32, event: Option<&Proposed>) -> rusqlite::Result<()> {
        let Some((_, base)) = self.staged.base_of(id) else { return Ok(()) };
        let edited = event.and_then(|e| with_truncate_before(&e.data, base.last + 1));
        edited.map_or(Ok(()), |body| self.write(id, &Proposed::metadata(body)).map(drop))
    }
}
