//! A row of the table of events.

use bytes::Bytes;
use rusqlite::Row;

pub const COLUMNS: &str = "pos, rev, json, created, id, data, meta";

/// A row of the log, without the names.
#[derive(Debug, Clone)]
pub struct Body {
    pub position: u64,
    pub revision: i64,
    pub json: bool,
    /// Ticks of 100 ns since 1970.
    pub created: i64,
    pub id: [u8; 16],
    pub data: Bytes,
    pub meta: Bytes,
}

impl Body {
    pub fn read(row: &Row<'_>) -> rusqlite::Result<Body> {
        let blob = |at| row.get_ref(at).and_then(|v| Ok(Bytes::copy_from_slice(v.as_blob()?)));
        Ok(Body {
            position: row.get::<_, i64>(0)?.cast_unsigned(),
            revision: row.get(1)?,
            json: row.get(2)?,
            created: row.get(3)?,
            id: row.get(4)?,
            data: blob(5)?,
            meta: blob(6)?,
        })
    }
}
