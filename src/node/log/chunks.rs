//! The index of the log in pieces, kept in the file, so that a start need not look at every event.

use super::index::{Entry, Index, NOBODY};
use rusqlite::{Connection, params};

/// Positions that one piece covers; positions begin at 1.
const COVERED: usize = 8192;
const BYTES: usize = 8;
/// In the kind of a tombstone's entry.
const TOMBSTONE: u32 = 1 << 31;

/// Takes in an event of the log, in order; `None` is a record that nobody can read.
pub fn place(index: &mut Index, stream: Option<u32>, kind: u32, tombstone: bool) {
    let position = index.head() + 1;
    index.log.push(Entry { stream: stream.unwrap_or(NOBODY), kind });
    let Some(stream) = stream.and_then(|id| index.streams.get_mut(id as usize)) else { return };
    if tombstone {
        stream.tombstone = Some(position);
        return;
    }
    stream.last += 1;
    if stream.last == 0 {
        stream.origin = Some(position);
    }
}

/// What the file has in whole pieces; the names must be known.
pub fn load(db: &Connection, index: &mut Index) -> rusqlite::Result<()> {
    let pieces: u32 = db.query_row("SELECT count(*) FROM chunks", [], |row| row.get(0))?;
    index.log.reserve((pieces as usize + 1) * COVERED);
    let mut all = db.prepare("SELECT first, entries FROM chunks ORDER BY first")?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let entries = row.get_ref(1)?.as_blob()?;
        let follows = row.get::<_, i64>(0)?.cast_unsigned() == index.head() + 1;
        if !follows || entries.len() != COVERED * BYTES {
            break;
        }
        for entry in entries.chunks_exact(BYTES) {
            let number =
                |at: usize| u32::from_le_bytes([entry[at], entry[at + 1], entry[at + 2], entry[at + 3]]);
            let (stream, kind) = (number(0), number(4));
            place(index, (stream != NOBODY).then_some(stream), kind & !TOMBSTONE, kind & TOMBSTONE != 0);
        }
    }
    Ok(())
}

/// Writes the pieces that are whole and not there yet.
pub fn save(db: &Connection, index: &Index, saved: &mut usize) -> rusqlite::Result<()> {
    while index.log.len() >= *saved + COVERED {
        let piece = (*saved + 1..).zip(&index.log[*saved..*saved + COVERED]);
        let entries = piece.flat_map(|(at, entry)| {
            let ends = index.stream(entry.stream).is_some_and(|s| s.tombstone == Some(at as u64));
            let kind = if ends { entry.kind | TOMBSTONE } else { entry.kind };
            [entry.stream.to_le_bytes(), kind.to_le_bytes()]
        });
        let entries: Vec<u8> = entries.flatten().collect();
        let first = i64::try_from(*saved + 1).unwrap_or(i64::MAX);
        db.execute("INSERT OR REPLACE INTO chunks VALUES (?, ?)", params![first, entries])?;
        *saved += COVERED;
    }
    Ok(())
}
