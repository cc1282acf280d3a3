//! What a scavenge leaves of the events that it takes.

use super::{body::Body, index::Index};
use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension as _};

/// What stays of an event: its place, and what the links to it are made of.
pub const SCHEMA: &str = "
    CREATE TABLE gone (pos INTEGER PRIMARY KEY, stream INTEGER NOT NULL, rev INTEGER NOT NULL, type INTEGER NOT NULL,
        created INTEGER NOT NULL, id BLOB NOT NULL, deletes INTEGER NOT NULL, data BLOB NOT NULL) STRICT;";

/// Positions of the events that are gone, and of those among them that deleted a stream.
pub fn load(db: &Connection, index: &mut Index) -> rusqlite::Result<()> {
    let mut all = db.prepare("SELECT pos, deletes FROM gone")?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        let position = row.get::<_, i64>(0)?.cast_unsigned();
        index.gone.insert(position);
        if row.get(1)? {
            index.deletes.insert(position);
        }
    }
    Ok(())
}

/// What links say of an event that is gone.
pub fn body(db: &Connection, position: u64) -> rusqlite::Result<Option<Body>> {
    let mut query = db.prepare_cached("SELECT rev, created, id, data FROM gone WHERE pos = ?")?;
    let body = query.query_row([position.cast_signed()], |row| {
        let data: Vec<u8> = row.get(3)?;
        Ok(Body {
            position,
            revision: row.get(0)?,
            json: false,
            created: row.get(1)?,
            id: row.get(2)?,
            data: data.into(),
            meta: Bytes::new(),
        })
    });
    body.optional()
}
