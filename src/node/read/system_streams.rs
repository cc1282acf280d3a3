//! The streams that projections write on a real server, here made of the index: read-only, stable revisions.

use super::{
    events,
    page::{Ask, BYTES, Item, PAGE, View},
};
use crate::node::log::{
    Body, Log, Record,
    derived::{self, Link, Links},
    linked::LinkedIndex,
    outside,
    projections::Projection,
    records,
};
use bytes::Bytes;
use rusqlite::Connection;
use uuid::Uuid;

/// Everybody who logged in may read what projections write.
const ACL: &str = r#""$acl":{"$r":"$all","$mr":"$all"}"#;

/// Whether the stream is made of links, so that nobody can write it.
pub fn computed(name: &str) -> bool {
    Projection::of(name).is_some()
}

/// The stream of links of which this is the metadata. To look for any other would work out the links for nothing.
fn described(name: &str) -> Option<&str> {
    name.strip_prefix("$$").filter(|subject| computed(subject))
}

/// Whether there is a stream of links of which this is the metadata, or which this is.
pub fn born(log: &Log, name: &str) -> rusqlite::Result<bool> {
    Ok(log.linked()?.derived.find(described(name).unwrap_or(name)).is_some())
}

fn number(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

pub fn view(log: &Log, name: &str) -> rusqlite::Result<View> {
    let linked = log.linked()?;
    let Some((_, links)) = linked.derived.find(name) else { return Ok(View::Missing(-1)) };
    Ok(View::Live { first: number(linked.hidden(links)), last: number(links.len()) - 1 })
}

pub fn page(log: &Log, db: &Connection, name: &str, ask: Ask) -> rusqlite::Result<Vec<Item>> {
    let (mut items, mut bytes) = (Vec::new(), 0);
    let wanted = wanted(&*log.linked()?, name, ask);
    for link in wanted {
        let Some(source) = records::source(log, db, link.source)? else { continue };
        bytes += source.0.body.data.len() + source.0.body.meta.len();
        items.extend(item(log, db, link, source, ask.resolve)?);
        if bytes >= BYTES {
            break;
        }
    }
    Ok(items)
}

fn wanted(linked: &LinkedIndex, name: &str, ask: Ask) -> Vec<Link> {
    let Some((id, links)) = linked.derived.find(name) else { return Vec::new() };
    let Ok(from) = usize::try_from(ask.from) else { return Vec::new() };
    let first = if ask.hidden { 0 } else { linked.hidden(links) };
    let link = |number| linked.link_of(id, number);
    let count = ask.limit.min(PAGE);
    if ask.backwards {
        (first..links.len().min(from.saturating_add(1))).rev().take(count).filter_map(link).collect()
    } else {
        (from.max(first)..links.len()).take(count).filter_map(link).collect()
    }
}

/// The metadata that a stream of links is born with, and gets anew with each reset.
pub fn metadata_view(log: &Log, name: &str) -> rusqlite::Result<View> {
    let Some(subject) = described(name) else { return Ok(View::Missing(-1)) };
    let linked = log.linked()?;
    let Some((_, links)) = linked.derived.find(subject) else { return Ok(View::Missing(-1)) };
    let last = metadata_revision(&linked, links);
    Ok(View::Live { first: last, last })
}

fn metadata_revision(linked: &LinkedIndex, links: &Links) -> i64 {
    let reset = linked.hidden(links) > 0;
    if reset { i64::from(linked.index.phases.now(links.projection).resets) } else { 0 }
}

pub fn metadata_page(log: &Log, db: &Connection, name: &str, ask: Ask) -> rusqlite::Result<Vec<Item>> {
    let Some(subject) = described(name) else { return Ok(Vec::new()) };
    let born = |linked: &LinkedIndex| {
        let (id, links) = linked.derived.find(subject)?;
        let first = linked.link_of(id, 0)?;
        Some((first, links.projection, linked.hidden(links), metadata_revision(linked, links)))
    };
    let Some((first, projection, hidden, revision)) = born(&*log.linked()?) else { return Ok(Vec::new()) };
    let wanted = ask.limit > 0 && if ask.backwards { ask.from >= revision } else { ask.from <= revision };
    let source = records::source(log, db, first.source)?.filter(|_| wanted);
    let Some((source, _)) = source else { return Ok(Vec::new()) };
    let key = if hidden > 0 { format!("{name}/{revision}") } else { name.to_owned() };
    let id = Uuid::new_v5(&Uuid::from_bytes(source.body.id), key.as_bytes()).into_bytes();
    let data = if hidden > 0 { format!(r#"{{"$tb":{hidden},{ACL}}}"#) } else { format!("{{{ACL}}}") };
    let (data, meta) = (data.into(), Bytes::new());
    let body = Body { position: first.record, revision, json: true, id, data, meta, ..source.body };
    // Written before the first link, in a place of its own.
    let offset = derived::offset(projection) - 1;
    let event = Record { stream: name.into(), kind: "$metadata".into(), body, offset, given: None };
    Ok(vec![Item::plain(event)])
}

/// A link, made of the event that it was made of, which is there or gone; `None` where a reset of the log took it away meanwhile.
pub fn item(
    log: &Log,
    db: &Connection,
    link: Link,
    (source, there): (Record, bool),
    resolve: bool,
) -> rusqlite::Result<Option<Item>> {
    let Some(record) = record(&*log.linked()?, link, &source) else { return Ok(None) };
    if !resolve || &*record.kind != "$>" {
        return Ok(Some(Item::plain(record)));
    }
    // The link leads to what it was made of, unless that leads on or is told of in another name.
    let itself = there && &*source.kind != "$>" && record.body.data == target(&source);
    if itself {
        let event = events::seen(&log.index(), &source).then_some(source);
        return Ok(Some(Item { event, link: Some(record) }));
    }
    events::resolved(log, db, record).map(Some)
}

fn record(linked: &LinkedIndex, link: Link, source: &Record) -> Option<Record> {
    let links = linked.derived.stream(link.stream)?;
    let (stream, revision) = (&*source.stream, source.body.revision);
    // What a metadata event is about.
    let subject = stream.strip_prefix("$$").unwrap_or(stream);
    let data = match (links.projection, &*source.kind) {
        (Projection::StreamByCategory, _) => Bytes::copy_from_slice(stream.as_bytes()),
        (Projection::ByCategory | Projection::ByCorrelation, "$>") => source.body.data.clone(),
        // The real projection names the subject, so that links to metadata resolve to another event.
        (Projection::ByType, _) => format!("{revision}@{subject}").into(),
        _ => target(source).into(),
    };
    let (at, cause) = (outside(source.body.position), Uuid::from_bytes(source.body.id));
    let mut extra = String::new();
    if links.projection == Projection::ByCategory {
        extra = format!(r#","$o":{}"#, serde_json::Value::from(subject));
        let deletes = revision == i64::MAX || linked.index.deletes.contains(&source.body.position);
        extra.push_str(if deletes { r#","$deleted":-1"# } else { "" });
    }
    let version = linked.index.phases.at(links.projection, link.record).resets + 1;
    let meta = format!(r#"{{"$v":"1:-1:{version}:4","$c":{at},"$p":{at}{extra},"$causedBy":"{cause}"}}"#);
    let key = format!("{}/{}", links.name, link.number);
    let id = Uuid::new_v5(&cause, key.as_bytes()).into_bytes();
    let (position, revision) = (link.record, number(link.number));
    let body = Body { position, revision, json: false, id, data, meta: meta.into(), ..source.body };
    Some(Record {
        stream: links.name.clone(),
        kind: links.projection.link_type().into(),
        body,
        offset: derived::offset(links.projection),
        given: None,
    })
}

fn target(source: &Record) -> String {
    format!("{}@{}", source.body.revision, source.stream)
}
