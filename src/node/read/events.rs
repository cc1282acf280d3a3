//! What is stored of a stream, as it can be seen.

use super::page::{Ask, BYTES, Item, PAGE, View};
use crate::node::log::{Body, COLUMNS, Log, Record, index::Index, records, stream::Stream, ticks};
use rusqlite::{Connection, params};

/// How far from the end of its stream an event may be looked for in memory.
const NEAR: usize = 4 * PAGE;

/// What is stored under this name, as it can be seen.
pub fn view(index: &Index, name: &str) -> View {
    match index.find(name) {
        _ if index.entombed(name) => View::Tombstoned,
        None => View::Missing(-1),
        Some(s) if s.last < 0 || s.rules.deleted() => View::Missing(s.last),
        Some(s) => View::Live { first: s.first_visible(), last: s.last },
    }
}

/// Whether a read of its stream would give this event.
pub fn seen(index: &Index, record: &Record) -> bool {
    let View::Live { first, last } = view(index, &record.stream) else { return false };
    let not_expired = |s: &Stream| s.not_expired(record.body.created, ticks());
    (first..=last).contains(&record.body.revision) && index.find(&record.stream).is_some_and(not_expired)
}

/// The same as a page, where all of it is in memory, not far from the stream's end.
pub fn remembered(index: &Index, name: &str, ask: Ask) -> Option<Vec<Record>> {
    let id = *index.names.get(name)?;
    let stream = index.stream(id)?;
    let (low, high) = range(stream, ask);
    // A stream that is only described may be made of links.
    if stream.last < 0 {
        return None;
    }
    if low > high {
        return Some(Vec::new());
    }
    let mut newest = index.tail.of(id).take(NEAR).peekable();
    // A log that was taken in tells the newest of some streams only by their number.
    newest.peek().filter(|body| body.revision == stream.last)?;
    let mut within: Vec<&Body> = newest.take_while(|body| body.revision >= low).collect();
    let reaches_low = within.last().is_some_and(|body| body.revision == low);
    within.retain(|body| body.revision <= high);
    if !ask.backwards {
        if !reaches_low {
            return None;
        }
        within.reverse();
    }
    let (mut found, mut bytes, now) = (Vec::new(), 0, ticks());
    for body in within {
        if found.len() >= ask.limit.min(PAGE) || bytes >= BYTES {
            return Some(found);
        }
        if ask.hidden || stream.not_expired(body.created, now) {
            bytes += body.data.len() + body.meta.len();
            found.extend(records::named(index, body.clone()));
        }
    }
    (reaches_low || found.len() >= ask.limit.min(PAGE)).then_some(found)
}

/// Lowest and highest revision that a page may hold.
fn range(stream: &Stream, ask: Ask) -> (i64, i64) {
    let first = if ask.hidden { 0 } else { stream.first_visible() };
    if ask.backwards { (first, ask.from.min(stream.last)) } else { (ask.from.max(first), stream.last) }
}

/// Some events of a stream.
pub fn page(log: &Log, db: &Connection, name: &str, ask: Ask) -> rusqlite::Result<Vec<Record>> {
    let stream = log.index().find(name).cloned();
    let id = log.index().names.get(name).copied();
    let (Some(stream), Some(id)) = (stream, id) else { return Ok(Vec::new()) };
    let (low, high) = range(&stream, ask);
    let order = if ask.backwards { "DESC" } else { "ASC" };
    let sql = format!(
        "SELECT {COLUMNS} FROM events INDEXED BY by_stream WHERE stream = ? AND rev BETWEEN ? AND ? ORDER BY rev {order}"
    );
    let mut query = db.prepare_cached(&sql)?;
    let mut rows = query.query(params![id, low, high])?;
    let (mut found, mut bytes, now) = (Vec::new(), 0, ticks());
    while found.len() < ask.limit.min(PAGE)
        && bytes < BYTES
        && let Some(row) = rows.next()?
    {
        let body = Body::read(row)?;
        if ask.hidden || stream.not_expired(body.created, now) {
            bytes += body.data.len() + body.meta.len();
            found.push(body);
        }
    }
    drop(rows);
    let index = log.index();
    Ok(found.into_iter().filter_map(|body| records::named(&index, body)).collect())
}

pub fn is_link(record: &Record) -> bool {
    &*record.kind == "$>"
}

/// A link with its target, where that can be seen; anything else as it is.
pub fn resolved(log: &Log, db: &Connection, record: Record) -> rusqlite::Result<Item> {
    match is_link(&record).then(|| target(&record.body.data)).flatten() {
        None => Ok(Item::plain(record)),
        Some((revision, stream)) => {
            let event = visible(log, db, &stream, revision)?;
            Ok(Item { event, link: Some(record) })
        }
    }
}

/// `revision@stream`, split at the first `@`.
fn target(data: &[u8]) -> Option<(i64, String)> {
    let (revision, stream) = std::str::from_utf8(data).ok()?.split_once('@')?;
    Some((revision.parse().ok()?, stream.to_owned()))
}

fn visible(log: &Log, db: &Connection, stream: &str, revision: i64) -> rusqlite::Result<Option<Record>> {
    let view = view(&log.index(), stream);
    match view {
        View::Live { first, last } if (first..=last).contains(&revision) => {
            let ask = Ask { from: revision, backwards: false, limit: 1, resolve: false, hidden: false };
            let found = page(log, db, stream, ask)?.pop();
            Ok(found.filter(|r| r.body.revision == revision))
        }
        _ => Ok(None),
    }
}
