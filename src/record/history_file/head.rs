//! The first line: where the events come from, and what of the stream is not there.

use super::VERSION;
use super::event_line::{EventLine, ReadEvent};
use super::exact::CreatedText;
use super::fault::{HistoryFileFault, LineFault};
use crate::record::json::json_line;
use crate::record::{Created, Record, Revision, StreamName};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq)]
pub struct Head {
    pub server: Server,
    /// Of the export.
    pub time: Created,
    pub stream: StreamName,
    pub life: HistoryLife,
    /// Of the events that follow; `None` where there are none.
    pub first: Option<Revision>,
    /// Of the last event that follows; where there are none, of the last that was ever written, where the server tells.
    pub last: Option<Revision>,
    pub incomplete: Vec<Missing>,
    /// The newest event of the stream's metadata.
    pub metadata: Option<Record>,
}

/// Where a history was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    pub address: String,
    pub version: String,
}

/// What the database says of the stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HistoryLife {
    Live,
    SoftDeleted,
    Tombstoned,
}

/// What of a stream is not in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Missing {
    /// Events that the database no longer has, or no longer shows.
    Beginning,
    /// Later events, which were not asked for.
    End,
    /// The user who exported it may not read it.
    Metadata,
}

/// The published shape.
#[derive(Serialize)]
struct HeadLine<'a> {
    hindsight: u64,
    server: &'a Server,
    time: CreatedText,
    stream: &'a str,
    life: HistoryLife,
    first: Option<u64>,
    last: Option<u64>,
    incomplete: &'a [Missing],
    metadata: Option<EventLine<'a>>,
}

/// With its line end.
pub fn head_line(head: &Head) -> String {
    json_line(&HeadLine {
        hindsight: VERSION,
        server: &head.server,
        time: CreatedText(head.time),
        stream: head.stream.as_str(),
        life: head.life,
        first: head.first.map(|first| first.0),
        last: head.last.map(|last| last.0),
        incomplete: &head.incomplete,
        metadata: head.metadata.as_ref().map(EventLine::own),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReadHead {
    #[expect(dead_code, reason = "was looked at before the rest")]
    hindsight: u64,
    server: Server,
    time: CreatedText,
    stream: String,
    life: HistoryLife,
    first: Option<u64>,
    last: Option<u64>,
    incomplete: Vec<Missing>,
    metadata: Option<ReadEvent>,
}

/// Whether a line is a head, of whatever version.
pub fn version(line: &str) -> Option<u64> {
    #[derive(Deserialize)]
    struct Version {
        hindsight: u64,
    }
    serde_json::from_str::<Version>(line).ok().map(|version| version.hindsight)
}

/// The head, and whether its metadata has a position.
pub fn read_head(line: &str) -> Result<(Head, bool), HistoryFileFault> {
    match version(line) {
        None => return Err(HistoryFileFault::NoHead),
        Some(VERSION) => {}
        Some(other) => return Err(HistoryFileFault::Version(other)),
    }
    let fault = |why| HistoryFileFault::Line { line: 1, why };
    let head: ReadHead =
        serde_json::from_str(line).map_err(|error| fault(LineFault::Json(error.to_string())))?;
    let revision = |revision: Option<u64>| match revision {
        Some(at) if at >= i64::MAX.cast_unsigned() => Err(fault(LineFault::Revision(Revision(at)))),
        other => Ok(other.map(Revision)),
    };
    let stream = StreamName::new(&head.stream);
    let described = StreamName::new(&format!("$${stream}"));
    let metadata = head.metadata.map(|event| event.own(&described)).transpose().map_err(fault)?;
    let has_position = metadata.as_ref().is_some_and(|metadata| metadata.has_position);
    let head = Head {
        server: head.server,
        time: head.time.0,
        stream,
        life: head.life,
        first: revision(head.first)?,
        last: revision(head.last)?,
        incomplete: head.incomplete,
        metadata: metadata.map(|metadata| metadata.record),
    };
    Ok((head, has_position))
}
