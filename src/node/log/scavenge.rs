//! A scavenge: what no read of its stream gives any more leaves the file, a bounded step at a time.

use super::{database::PATIENCE, event_log::Log, index::Index, stream::Stream, time::ticks};
use rusqlite::{Connection, params};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

/// How much one step does: a stream costs one, a row of the log [`ROW`].
const BUDGET: u32 = 1 << 15;
const ROW: u32 = 64;
/// Bytes that one step erases, about.
const BYTES: u64 = 1 << 20;
/// Pages that one step gives back to the system.
const PAGES: u32 = 256;
/// Tries to empty the journal, which needs a moment without a reader.
const TRIES: u32 = 500;

/// How far a scavenge is; the writer takes it a step further.
#[derive(Debug)]
pub struct Sweep {
    /// Of the log that it began on.
    generation: u64,
    stage: Stage,
    /// Bytes of data and metadata that were erased.
    pub erased: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Looks at a stream from a revision on.
    Stream(u32, i64),
    Shrink,
    Journal {
        tries: u32,
    },
    Done,
}

pub type Shared = Arc<Mutex<Sweep>>;

impl Sweep {
    pub fn new(log: &Log) -> Sweep {
        Sweep { generation: log.head().generation, stage: Stage::Stream(0, 0), erased: 0 }
    }

    pub fn done(&self) -> bool {
        self.stage == Stage::Done
    }

    /// Whether it waits for readers to end.
    pub fn waits(&self) -> bool {
        matches!(self.stage, Stage::Journal { .. })
    }

    /// One step, by the writer.
    pub fn step(&mut self, db: &Connection, log: &Log) -> rusqlite::Result<()> {
        if log.head().generation != self.generation {
            self.stage = Stage::Done;
        }
        self.stage = match self.stage {
            Stage::Stream(stream, from) => self.erase(db, log, stream, from)?,
            Stage::Shrink if shrink(db)? => Stage::Shrink,
            Stage::Shrink => Stage::Journal { tries: 0 },
            Stage::Journal { tries } if tries < TRIES && !empty_journal(db)? => {
                Stage::Journal { tries: tries + 1 }
            }
            Stage::Journal { tries } => {
                if tries >= TRIES {
                    tracing::warn!(
                        "somebody reads on; what was erased is in the journal until it is emptied"
                    );
                }
                Stage::Done
            }
            Stage::Done => Stage::Done,
        };
        Ok(())
    }

    fn erase(&mut self, db: &Connection, log: &Log, stream: u32, from: i64) -> rusqlite::Result<Stage> {
        let tx = db.unchecked_transaction()?;
        let index = log.index();
        let mut step = Step { db, index: &index, left: BUDGET, erased: 0, gone: Vec::new() };
        let next = step.streams(stream, from)?;
        let Step { erased, gone, .. } = step;
        drop(index);
        if !gone.is_empty() {
            tx.commit()?;
            self.erased += erased;
            log.forget(gone);
        }
        Ok(next)
    }
}

/// One transaction of a scavenge.
struct Step<'a> {
    db: &'a Connection,
    index: &'a Index,
    left: u32,
    erased: u64,
    /// Positions.
    gone: Vec<u64>,
}

impl Step<'_> {
    fn streams(&mut self, first: u32, from: i64) -> rusqlite::Result<Stage> {
        let (mut id, mut from) = (first, from);
        while self.left > 0 {
            let Some(stream) = self.index.stream(id) else { return Ok(Stage::Shrink) };
            self.left -= 1;
            let rest = match Limits::of(self.index, stream) {
                Some(limits) => self.rows(id, from, limits)?,
                None => None,
            };
            (id, from) = rest.map_or((id + 1, 0), |from| (id, from));
        }
        Ok(Stage::Stream(id, from))
    }

    /// Erases what is beyond the limits; answers where to go on, if there may be more.
    fn rows(&mut self, id: u32, from: i64, limits: Limits) -> rusqlite::Result<Option<i64>> {
        let mut rows = self.db.prepare_cached(
            "SELECT pos, rev, created, length(data) + length(meta) FROM events INDEXED BY by_stream
            WHERE stream = ? AND rev >= ? AND rev <= ? ORDER BY rev",
        )?;
        let mut rows = rows.query(params![id, from, limits.last])?;
        while let Some(row) = rows.next()? {
            let (position, revision): (i64, i64) = (row.get(0)?, row.get(1)?);
            if self.left < ROW || self.erased >= BYTES {
                self.left = 0;
                return Ok(Some(revision));
            }
            self.left -= ROW;
            if revision < limits.below || row.get::<_, i64>(2)? < limits.since {
                self.erased += row.get::<_, i64>(3)?.unsigned_abs();
                self.forget(position)?;
            }
        }
        Ok(None)
    }

    fn forget(&mut self, position: i64) -> rusqlite::Result<()> {
        let at = position.cast_unsigned();
        // A link to a link says what that one said.
        let link = self.index.type_ids.get("$>");
        let mut keep = self.db.prepare_cached(
            "INSERT INTO gone SELECT pos, stream, rev, type, created, id, ?, CASE type WHEN ? THEN data ELSE x'' END
            FROM events WHERE pos = ?",
        )?;
        keep.execute(params![self.index.deletes.contains(&at), link, position])?;
        self.db.prepare_cached("DELETE FROM events WHERE pos = ?")?.execute([position])?;
        self.gone.push(at);
        Ok(())
    }
}

/// What a scavenge takes from a stream.
#[derive(Debug, Clone, Copy)]
struct Limits {
    /// The last revision to look at: the last event of a stream stays, because the next one follows it.
    last: i64,
    /// Revisions below this are taken,
    below: i64,
    /// and events that are older: ticks of 100 ns since 1970.
    since: i64,
}

impl Limits {
    /// None where nothing is beyond them.
    fn of(index: &Index, stream: &Stream) -> Option<Limits> {
        if index.entombed(&stream.name) {
            // All but the tombstone, which has the largest revision.
            return Some(Limits { last: i64::MAX - 1, below: i64::MAX, since: i64::MIN });
        }
        let below = stream.first_visible().min(stream.last);
        let age = stream.rules.max_age.map(|seconds| seconds.saturating_mul(10_000_000));
        let since = age.map_or(i64::MIN, |age| ticks().saturating_sub(age));
        let last = if age.is_some() { stream.last } else { below }.saturating_sub(1);
        (last >= 0).then_some(Limits { last, below, since })
    }
}

/// Gives some free pages back; false when there are none.
fn shrink(db: &Connection) -> rusqlite::Result<bool> {
    let free = || db.pragma_query_value(None, "freelist_count", |row| row.get::<_, i64>(0));
    let before = free()?;
    let mut some = db.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
    let mut rows = some.query([])?;
    while rows.next()?.is_some() {}
    // A file of an earlier version that could not be rewritten keeps its free pages and fills them anew.
    let after = free()?;
    Ok(after > 0 && after < before)
}

/// False while somebody reads what the journal has.
fn empty_journal(db: &Connection) -> rusqlite::Result<bool> {
    db.busy_timeout(Duration::ZERO)?;
    let busy = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    db.busy_timeout(PATIENCE)?;
    Ok(busy? == 0)
}
