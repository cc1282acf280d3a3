//! The streams that projections write on a real server, here computed from the index: read-only, stable revisions.

use super::log::{
    Head, Log, Record,
    database::Body,
    index::{Entry, Index, Stream},
    outside,
    pages::{self, Ask, BYTES, Item, LOOK, PAGE},
    scavenge,
};
use bytes::Bytes;
use rusqlite::{Connection, params};
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

impl Kind {
    /// Whether events of this stream may be linked at all.
    fn concerns(&self, index: &Index, stream: &Stream) -> bool {
        match self {
            Kind::Streams | Kind::Type(_) => !stream.name.starts_with('$') || stream.is_metadata(),
            Kind::Names(wanted) => category(&stream.name) == Some(wanted),
            Kind::Category(wanted) => {
                // A delete is told by the metadata stream.
                let base = stream.twin.filter(|_| stream.is_metadata()).and_then(|twin| index.stream(twin));
                category(&base.unwrap_or(stream).name) == Some(wanted)
            }
            Kind::Correlation(_) => false,
        }
    }

    /// Whether the event there is linked; its stream is concerned.
    fn links(&self, index: &Index, stream: &Stream, entry: Entry, position: u64) -> bool {
        if index.broken.contains(&position) {
            return false;
        }
        let deletes = || stream.tombstone == Some(position) || index.deletes.contains(&position);
        match self {
            Kind::Streams | Kind::Names(_) => stream.origin == Some(position),
            Kind::Category(_) => !stream.is_metadata() || deletes(),
            Kind::Type(wanted) => {
                let own = index.types.get(entry.kind as usize).map_or("", |t| t);
                own != "$>" && wanted == if deletes() { "$deleted" } else { own }
            }
            Kind::Correlation(_) => false,
        }
    }
}

/// Everybody who logged in may read what projections write.
const METADATA: &[u8] = br#"{"$acl":{"$r":"$all","$mr":"$all"}}"#;

/// Positions of the events that a computed stream links, in log order.
pub struct Members {
    name: String,
    kind: Kind,
    positions: Vec<u64>,
    /// By stream, as far as they are known.
    concerned: Vec<bool>,
    scanned: u64,
    generation: u64,
}

impl Members {
    pub fn of(name: &str) -> Option<Members> {
        let (kind, name) = (kind(name)?, name.into());
        Some(Members { name, kind, positions: Vec::new(), concerned: Vec::new(), scanned: 0, generation: 0 })
    }

    /// Takes in what was written since; answers how many there are.
    pub fn refresh(&mut self, log: &Log) -> rusqlite::Result<i64> {
        let Head { generation, position: head } = log.head();
        if generation != self.generation {
            (self.generation, self.scanned) = (generation, 0);
            self.positions.clear();
            self.concerned.clear();
        }
        if let Kind::Correlation(id) = &self.kind {
            self.positions.extend(log.with(|db| correlated(db, id, self.scanned, head))?);
            self.scanned = head;
        }
        while self.scanned < head {
            // In steps, so that the writer can go on between them.
            let index = log.index();
            let until = index.head().min(self.scanned + LOOK);
            if until <= self.scanned {
                break;
            }
            self.scan(&index, until);
        }
        Ok(i64::try_from(self.positions.len()).unwrap_or(i64::MAX))
    }

    fn scan(&mut self, index: &Index, until: u64) {
        let fresh = index.streams.iter().skip(self.concerned.len());
        self.concerned.extend(fresh.map(|stream| self.kind.concerns(index, stream)));
        for position in self.scanned + 1..=until {
            let Some(entry) = index.entry(position) else { continue };
            let concerned = self.concerned.get(entry.stream as usize) == Some(&true);
            let Some(stream) = index.stream(entry.stream).filter(|_| concerned) else { continue };
            if self.kind.links(index, stream, entry, position) {
                self.positions.push(position);
            }
        }
        self.scanned = until;
    }

    pub fn page(&self, log: &Log, db: &Connection, ask: Ask) -> rusqlite::Result<Vec<Item>> {
        let count = ask.limit.min(PAGE);
        let from = usize::try_from(ask.from).unwrap_or(usize::MAX);
        let range: Vec<usize> = if ask.backwards {
            (0..self.positions.len().min(from.saturating_add(1))).rev().take(count).collect()
        } else {
            (from..self.positions.len()).take(count).collect()
        };
        let (mut items, mut bytes) = (Vec::with_capacity(range.len()), 0);
        for number in range {
            let Some((source, there)) = scavenge::source(log, db, self.positions[number])? else { continue };
            bytes += source.body.data.len() + source.body.meta.len();
            items.push(self.item(log, db, number, (source, there), ask.resolve)?);
            if bytes >= BYTES {
                break;
            }
        }
        Ok(items)
    }

    /// The event that the stream's metadata is born with, as old as the first link.
    pub fn metadata(&self, log: &Log, db: &Connection) -> rusqlite::Result<Option<Item>> {
        let Some(first) = self.positions.first() else { return Ok(None) };
        let Some((source, _)) = scavenge::source(log, db, *first)? else { return Ok(None) };
        let name = format!("$${}", self.name);
        let id = Uuid::new_v5(&Uuid::from_bytes(source.body.id), name.as_bytes()).into_bytes();
        let (data, meta) = (Bytes::from_static(METADATA), Bytes::new());
        let body = Body { revision: 0, json: true, id, data, meta, ..source.body };
        let event = Record { stream: name.into(), kind: "$metadata".into(), body };
        Ok(Some(Item { event: Some(event), link: None }))
    }

    fn item(
        &self,
        log: &Log,
        db: &Connection,
        number: usize,
        (source, there): (Record, bool),
        resolve: bool,
    ) -> rusqlite::Result<Item> {
        let deletes = source.body.revision == i64::MAX || log.index().deletes.contains(&source.body.position);
        let link = self.link(number, &source, deletes);
        if !resolve || matches!(self.kind, Kind::Names(_)) {
            return Ok(Item { event: Some(link), link: None });
        }
        // The link leads to what it was made of, unless that leads on or is told of in another name.
        let itself = there && &*source.kind != "$>" && link.body.data == target(&source);
        if itself {
            let event = pages::seen(&log.index(), &source).then_some(source);
            return Ok(Item { event, link: Some(link) });
        }
        pages::resolved(log, db, link)
    }

    fn link(&self, number: usize, source: &Record, deletes: bool) -> Record {
        let (stream, revision) = (&*source.stream, source.body.revision);
        // What a metadata event is about.
        let subject = stream.strip_prefix("$$").unwrap_or(stream);
        let data = match (&self.kind, &*source.kind) {
            (Kind::Names(_), _) => Bytes::copy_from_slice(stream.as_bytes()),
            (Kind::Category(_) | Kind::Correlation(_), "$>") => source.body.data.clone(),
            // The real projection names the subject, so that links to metadata resolve to another event.
            (Kind::Type(_), _) => format!("{revision}@{subject}").into(),
            _ => target(source).into(),
        };
        let (at, cause) = (outside(source.body.position), Uuid::from_bytes(source.body.id));
        let mut extra = String::new();
        if let Kind::Category(_) = self.kind {
            extra = format!(r#","$o":{}"#, serde_json::Value::from(subject));
            extra.push_str(if deletes { r#","$deleted":-1"# } else { "" });
        }
        let meta = format!(r#"{{"$v":"1:-1:1:4","$c":{at},"$p":{at}{extra},"$causedBy":"{cause}"}}"#);
        let key = format!("{}/{number}", self.name);
        let id = Uuid::new_v5(&cause, key.as_bytes()).into_bytes();
        let revision = i64::try_from(number).unwrap_or(i64::MAX);
        let body = Body { revision, json: false, id, data, meta: meta.into(), ..source.body };
        let kind = if matches!(self.kind, Kind::Names(_)) { "$@" } else { "$>" };
        Record { stream: self.name.as_str().into(), kind: kind.into(), body }
    }
}

fn target(source: &Record) -> String {
    format!("{}@{}", source.body.revision, source.stream)
}

fn correlated(db: &Connection, id: &str, after: u64, until: u64) -> rusqlite::Result<Vec<u64>> {
    let sql = "SELECT pos FROM correlations WHERE id = ? AND pos > ? AND pos <= ? ORDER BY pos";
    let mut query = db.prepare_cached(sql)?;
    let rows = query.query_map(params![id, after.cast_signed(), until.cast_signed()], |row| row.get(0))?;
    rows.map(|pos| pos.map(i64::cast_unsigned)).collect()
}
