//! The streams that projections write on a real server, here computed from the index: read-only, stable revisions.

use super::log::{
    Log, Record,
    database::Body,
    index::{Index, Stream},
    pages::{self, Ask, PAGE},
};
use bytes::Bytes;
use rusqlite::Connection;
use serde_json::Value;
use uuid::Uuid;

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    /// `$streams`: every stream that ever had an event 0.
    Streams,
    /// `$category-…`: the names of a category.
    Names(String),
    /// `$ce-…`: the events of a category.
    Category(String),
    /// `$et-…`: the events of a type.
    Type(String),
    /// `$bc-…`: the events of a correlation id.
    Correlation(String),
}

fn kind(name: &str) -> Option<Kind> {
    let after = |prefix| name.strip_prefix(prefix).filter(|rest: &&str| !rest.is_empty()).map(str::to_owned);
    (name == "$streams")
        .then_some(Kind::Streams)
        .or_else(|| after("$category-").map(Kind::Names))
        .or_else(|| after("$ce-").map(Kind::Category))
        .or_else(|| after("$et-").map(Kind::Type))
        .or_else(|| after("$bc-").map(Kind::Correlation))
}

/// Whether the stream is computed, so that nobody can write it.
pub fn computed(name: &str) -> bool {
    kind(name).is_some()
}

/// The text before the first dash.
fn category(name: &str) -> Option<&str> {
    if name.starts_with('$') {
        return None;
    }
    name.split_once('-').map(|(category, _)| category).filter(|c| !c.is_empty())
}

/// Positions of the events that a computed stream links, in log order.
pub struct Members {
    name: String,
    kind: Kind,
    positions: Vec<u64>,
    scanned: u64,
    generation: u64,
}

impl Members {
    pub fn of(name: &str) -> Option<Members> {
        let kind = kind(name)?;
        Some(Members { name: name.into(), kind, positions: Vec::new(), scanned: 0, generation: 0 })
    }

    /// Takes in what was written since; answers how many there are.
    pub fn refresh(&mut self, log: &Log) -> rusqlite::Result<i64> {
        let generation = log.head().generation;
        if generation != self.generation {
            (self.generation, self.scanned) = (generation, 0);
            self.positions.clear();
        }
        if let Kind::Correlation(id) = &self.kind {
            let head = log.index().head();
            let found = correlated(log, id, self.scanned, head)?;
            self.positions.extend(found);
            self.scanned = head;
        } else {
            let index = log.index();
            let head = index.head();
            self.positions.extend((self.scanned + 1..=head).filter(|at| member(&index, &self.kind, *at)));
            self.scanned = head;
        }
        Ok(i64::try_from(self.positions.len()).unwrap_or(i64::MAX))
    }

    pub fn page(&self, log: &Log, db: &Connection, ask: Ask) -> rusqlite::Result<Vec<Record>> {
        let count = ask.limit.min(PAGE);
        let from = usize::try_from(ask.from).unwrap_or(usize::MAX);
        let range: Vec<usize> = if ask.backwards {
            (0..self.positions.len()).rev().skip_while(|n| *n > from).take(count).collect()
        } else {
            (from..self.positions.len()).take(count).collect()
        };
        let link = |n: usize| -> rusqlite::Result<Option<Record>> {
            let Some(source) = pages::at(log, db, self.positions[n])? else { return Ok(None) };
            let deletes =
                source.body.revision == i64::MAX || log.index().deletes.contains(&self.positions[n]);
            Ok(Some(self.link(n, &source, deletes)))
        };
        range.into_iter().filter_map(|n| link(n).transpose()).collect()
    }

    fn link(&self, number: usize, source: &Record, deletes: bool) -> Record {
        let names = matches!(self.kind, Kind::Names(_));
        let (stream, revision) = (&*source.stream, source.body.revision);
        // What a metadata event is about.
        let subject = stream.strip_prefix("$$").unwrap_or(stream);
        let data = match (&self.kind, &*source.kind) {
            (Kind::Names(_), _) => Bytes::copy_from_slice(stream.as_bytes()),
            (Kind::Category(_) | Kind::Correlation(_), "$>") => source.body.data.clone(),
            // The real projection names the subject, so that links to metadata resolve to another event.
            (Kind::Type(_), _) => format!("{revision}@{subject}").into(),
            _ => format!("{revision}@{stream}").into(),
        };
        let (at, cause) = (source.body.position, Uuid::from_bytes(source.body.id));
        let mut extra = String::new();
        if let Kind::Category(_) = self.kind {
            extra = format!(r#","$o":{}"#, Value::from(subject));
            extra.push_str(if deletes { r#","$deleted":-1"# } else { "" });
        }
        let meta = format!(r#"{{"$v":"1:-1:1:4","$c":{at},"$p":{at}{extra},"$causedBy":"{cause}"}}"#);
        let key = format!("{}/{number}", self.name);
        let id = Uuid::new_v5(&cause, key.as_bytes()).into_bytes();
        let revision = i64::try_from(number).unwrap_or(i64::MAX);
        let body = Body { revision, json: false, id, data, meta: meta.into(), ..source.body };
        Record { stream: self.name.as_str().into(), kind: if names { "$@" } else { "$>" }.into(), body }
    }
}

fn member(index: &Index, kind: &Kind, position: u64) -> bool {
    let Some(entry) = index.entry(position) else { return false };
    let Some(stream) = index.stream(entry.stream) else { return false };
    let name = &*stream.name;
    let first = stream.origin == Some(position);
    match kind {
        Kind::Streams => first && (!name.starts_with('$') || name.starts_with("$$")),
        Kind::Names(wanted) => first && category(name) == Some(wanted),
        Kind::Category(wanted) => subject(index, stream, position).and_then(category) == Some(wanted),
        Kind::Type(wanted) => {
            let listed = !name.starts_with('$') || name.starts_with("$$");
            let deletes = stream.tombstone == Some(position) || index.deletes.contains(&position);
            let own = index.types.get(entry.kind as usize).map_or("", |t| t);
            listed && own != "$>" && wanted == if deletes { "$deleted" } else { own }
        }
        Kind::Correlation(_) => false,
    }
}

/// The stream that an event counts for: a delete is told by the metadata stream.
fn subject<'i>(index: &'i Index, stream: &'i Stream, position: u64) -> Option<&'i str> {
    if !index.deletes.contains(&position) {
        return Some(&*stream.name);
    }
    stream.twin.and_then(|twin| index.stream(twin)).map(|base| &*base.name)
}

fn correlated(log: &Log, id: &str, after: u64, until: u64) -> rusqlite::Result<Vec<u64>> {
    log.with(|db| {
        let sql = "SELECT pos, meta FROM events WHERE pos > ? AND pos <= ? AND rev IS NOT NULL
            AND instr(meta, CAST('$correlationId' AS BLOB)) > 0";
        let mut query = db.prepare_cached(sql)?;
        let mut rows = query.query([after.cast_signed(), until.cast_signed()])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let meta: Option<Value> = serde_json::from_slice(row.get_ref(1)?.as_blob()?).ok();
            let named = match meta.as_ref().and_then(|m| m.get("$correlationId")) {
                Some(Value::String(text)) => text == id,
                Some(Value::Number(number)) => number.to_string() == id,
                _ => false,
            };
            if named {
                found.push(row.get::<_, i64>(0)?.cast_unsigned());
            }
        }
        Ok(found)
    })
}
