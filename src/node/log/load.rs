//! The index of a log that is opened.

use super::{
    chunks, gone,
    index::Index,
    projections::Phases,
    rules::{Defaults, Rules, SETTINGS},
    stream::{Stream, described_by},
};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::sync::Arc;

/// The index as the file has it, and how much of it is kept in chunks.
pub fn index(db: &Connection) -> rusqlite::Result<(Index, usize)> {
    let mut index = Index::default();
    load_names(db, &mut index)?;
    chunks::load(db, &mut index)?;
    let saved = index.log.len();
    let mut rest = db.prepare(
        "SELECT stream, rev, type, pos FROM events WHERE pos > ?1
        UNION ALL SELECT stream, rev, type, pos FROM gone WHERE pos > ?1 ORDER BY 4",
    )?;
    let mut rows = rest.query([index.head().cast_signed()])?;
    while let Some(row) = rows.next()? {
        let revision: Option<i64> = row.get(1)?;
        let stream = revision.map(|_| row.get(0)).transpose()?;
        chunks::place(&mut index, stream, row.get(2)?, revision == Some(i64::MAX));
    }
    load_rules(db, &mut index)?;
    gone::load(db, &mut index)?;
    let mut broken = db.prepare("SELECT pos FROM broken")?;
    for position in broken.query_map([], |row| row.get::<_, i64>(0))? {
        index.broken.insert(position?.cast_unsigned());
    }
    index.phases = Phases::load(db)?;
    if let Some(id) = index.names.get(SETTINGS) {
        let newest = "SELECT data FROM events WHERE stream = ? AND rev IS NOT NULL ORDER BY rev DESC LIMIT 1";
        let body: Option<Vec<u8>> = db.query_row(newest, [id], |row| row.get(0)).optional()?;
        index.defaults = Defaults::parse(&body.unwrap_or_default());
    }
    Ok((index, saved))
}

fn load_names(db: &Connection, index: &mut Index) -> rusqlite::Result<()> {
    let mut types = db.prepare("SELECT name FROM types ORDER BY id")?;
    let mut rows = types.query([])?;
    while let Some(row) = rows.next()? {
        index.put_type(row.get_ref(0)?.as_str()?.into());
    }
    let count: u32 = db.query_row("SELECT count(*) FROM streams", [], |row| row.get(0))?;
    index.streams.reserve(count as usize);
    index.names.reserve(count as usize);
    let mut streams = db.prepare("SELECT name FROM streams ORDER BY id")?;
    let mut rows = streams.query([])?;
    for id in 0.. {
        let Some(row) = rows.next()? else { break };
        let name: Arc<str> = row.get_ref(0)?.as_str()?.into();
        index.put_stream(id, Stream::new(name.clone()));
        // The stream that metadata belongs to is always named before it.
        let Some(base) = described_by(&name).and_then(|base| index.names.get(base).copied()) else {
            continue;
        };
        index.streams[id as usize].twin = Some(base);
        index.streams[base as usize].twin = Some(id);
    }
    Ok(())
}

fn load_rules(db: &Connection, index: &mut Index) -> rusqlite::Result<()> {
    let mut of =
        db.prepare("SELECT rev, pos, data FROM events WHERE stream = ? AND rev IS NOT NULL ORDER BY rev")?;
    for id in 0..index.streams.len() {
        let Some(base) = index.streams[id].twin.filter(|_| index.streams[id].is_metadata()) else { continue };
        let mut rows = of.query(params![i64::try_from(id).unwrap_or(-1)])?;
        while let Some(row) = rows.next()? {
            let rules = Rules::parse(row.get_ref(2)?.as_blob()?);
            if rules.deleted() {
                index.deletes.insert(row.get::<_, i64>(1)?.cast_unsigned());
            }
            index.streams[base as usize].rules = rules;
        }
    }
    Ok(())
}
