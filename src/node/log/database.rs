//! The file: its schema, and connections to it.

use super::{gone, projections, rules::correlation};
use crate::node::error::NodeError;
use rusqlite::{Connection, OpenFlags, params};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// "HSND": tells our files from other databases.
const APPLICATION: i64 = 0x4853_4e44;
/// 1 was without the indexes, 2 without what a scavenge leaves.
const FORMAT: i64 = 3;
/// How long a connection waits for another one's lock.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);
const SCHEMA: &str = "
    CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
    CREATE TABLE types (id INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT;
    -- rev is NULL for an append of no events: it has a position and nothing to read.
    CREATE TABLE events (pos INTEGER PRIMARY KEY, stream INTEGER NOT NULL, rev INTEGER, type INTEGER NOT NULL,
        json INTEGER NOT NULL, created INTEGER NOT NULL, id BLOB NOT NULL, data BLOB NOT NULL, meta BLOB NOT NULL) STRICT;
    CREATE INDEX by_stream ON events (stream, rev, type);";
/// Derived from the events.
const INDEXES: &str = "
    CREATE TABLE chunks (first INTEGER PRIMARY KEY, entries BLOB NOT NULL) STRICT;
    CREATE TABLE correlations (id TEXT NOT NULL, pos INTEGER NOT NULL, PRIMARY KEY (id, pos)) STRICT, WITHOUT ROWID;";
/// Positions of events that say they are JSON and are not; a file of an earlier version gets it when it is opened.
const BROKEN: &str = "CREATE TABLE IF NOT EXISTS broken (pos INTEGER PRIMARY KEY) STRICT;";

/// Where connections lead to.
#[derive(Debug, Clone)]
pub struct Place {
    target: String,
    /// What error messages name.
    pub shown: PathBuf,
    flags: OpenFlags,
}

impl Place {
    pub fn file(path: &Path) -> Place {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Place { target: path.to_string_lossy().into_owned(), shown: path.to_path_buf(), flags }
    }

    /// Shared by the connections of this process; gone with the last.
    pub fn memory() -> Place {
        let target = format!("file:/{}?vfs=memdb", uuid::Uuid::new_v4());
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_URI
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Place { target, shown: PathBuf::from("the sandbox in memory"), flags }
    }

    pub fn connect(&self) -> rusqlite::Result<Connection> {
        let db = Connection::open_with_flags(&self.target, self.flags)?;
        db.busy_timeout(PATIENCE)?;
        db.pragma_update(None, "synchronous", "FULL")?;
        Ok(db)
    }

    /// The writer's connection; the schema is made in an empty file.
    pub fn open(&self) -> Result<Connection, NodeError> {
        let fail = |e| NodeError::of(&self.shown, e);
        let db = self.connect().map_err(fail)?;
        let number = |pragma: &str| db.pragma_query_value(None, pragma, |r| r.get::<_, i64>(0)).map_err(fail);
        let (application, format) = (number("application_id")?, number("user_version")?);
        let empty = number("schema_version")? == 0;
        if application != APPLICATION && !(empty && application == 0) {
            return Err(NodeError::Foreign(self.shown.clone()));
        }
        if format > FORMAT {
            return Err(NodeError::Newer { file: self.shown.clone(), format });
        }
        // What is erased leaves no copy in a page, and pages can be given back.
        db.pragma_update(None, "secure_delete", true).map_err(fail)?;
        if empty {
            db.pragma_update(None, "auto_vacuum", "INCREMENTAL").map_err(fail)?;
        }
        db.pragma_update(None, "journal_mode", "WAL").map_err(fail)?;
        if format < FORMAT {
            upgrade(&db, if empty { 0 } else { format }).map_err(fail)?;
        }
        db.execute_batch(BROKEN).map_err(fail)?;
        db.execute_batch(projections::SCHEMA).map_err(fail)?;
        Ok(db)
    }
}

/// Makes the schema, or what is missing of it in a file of an earlier format; 0 is an empty file.
fn upgrade(db: &Connection, format: i64) -> rusqlite::Result<()> {
    if format > 0 {
        // Rid of copies that earlier versions left in pages; where there is no room for it, they stay.
        let done = db.execute_batch("PRAGMA auto_vacuum = INCREMENTAL; VACUUM;");
        tracing::debug!(?done, "the file was rewritten");
    }
    let tx = db.unchecked_transaction()?;
    if format < 1 {
        tx.execute_batch(SCHEMA)?;
    }
    if format < 2 {
        tx.execute_batch(INDEXES)?;
        correlate(&tx)?;
    }
    tx.execute_batch(gone::SCHEMA)?;
    tx.pragma_update(None, "application_id", APPLICATION)?;
    tx.pragma_update(None, "user_version", FORMAT)?;
    tx.commit()
}

/// Finds the correlation ids of the events that are there.
fn correlate(db: &Connection) -> rusqlite::Result<()> {
    let mut all = db.prepare(
        "SELECT pos, meta FROM events WHERE rev IS NOT NULL AND instr(meta, CAST('$correlationId' AS BLOB)) > 0",
    )?;
    let mut put = db.prepare("INSERT INTO correlations VALUES (?, ?)")?;
    let mut rows = all.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(id) = correlation(row.get_ref(1)?.as_blob()?) {
            put.execute(params![id, row.get::<_, i64>(0)?])?;
        }
    }
    Ok(())
}

/// Makes the file, for its owner alone; `SQLite` gives its companions the same rights.
pub fn touch(file: &Path) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}
