//! Whether a write is taken, on what is committed plus what is staged before it.

use super::{
    expected::Expected,
    proposed::Proposed,
    recent_event_ids::Recent,
    staged::Staged,
    stream::{Stream, lineage},
};
use rusqlite::{OptionalExtension as _, params};

pub enum Check {
    Append,
    /// Everything was written before; the last one has this number.
    Known(i64),
    Wrong,
    Deleted,
}

pub struct Acceptance<'a> {
    pub staged: &'a Staged<'a>,
    pub recent: &'a Recent,
}

impl Acceptance<'_> {
    pub fn check(
        &self,
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
                Expected::Exists if !self.staged.described(s) => Check::Wrong,
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
    pub fn unheard(&self, name: &str, expected: Expected) -> Check {
        match expected {
            _ if self.entombed(name) => Check::Deleted,
            Expected::Any | Expected::NoStream => Check::Append,
            Expected::Exists | Expected::Exact(_) => Check::Wrong,
        }
    }

    /// A tombstone of the stream, or of the stream that this is the metadata of and that was not described since the
    /// start.
    fn entombed(&self, name: &str) -> bool {
        let tombstoned = |n: &str| {
            self.staged.id(n).and_then(|id| self.staged.head(id)).is_some_and(|s| s.tombstone.is_some())
        };
        let outlives =
            || !tombstoned(name) && self.staged.id(name).is_some_and(|id| self.recent.described(id));
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
        let mut of = self.staged.db.prepare_cached("SELECT id FROM events WHERE stream = ? AND rev = ?")?;
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
}
