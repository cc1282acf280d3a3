//! Which events of a log reach a projection, as the server's readers hand them over.

use super::engine::EventView;
use super::reading::{Partitioning, Program, Sources};
use crate::record::{Record, StreamName};
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

/// What reaches a projection, in order.
#[derive(Debug, Clone)]
#[expect(clippy::large_enum_variant, reason = "nearly all arrivals are events")]
pub enum Arrival<'a> {
    Event {
        view: EventView<'a>,
        /// Its number in the stream that the projection reads, or its place in the log.
        number: u64,
    },
    /// A stream was deleted and can begin anew; its events never come.
    Deleted(&'a str),
}

impl Arrival<'_> {
    /// Stream, revision and type of what arrives.
    pub fn place(&self) -> (&str, u64, &str) {
        match self {
            Self::Event { view, .. } => {
                let record = view.record;
                (record.stream.as_str(), record.revision.0, record.event_type)
            }
            Self::Deleted(stream) => (stream, 0, "$deleted"),
        }
    }
}

#[derive(Default)]
struct Streams<'a> {
    names: HashSet<&'a str>,
    /// The first revision that can be read.
    first: HashMap<&'a str, u64>,
}

#[derive(Deserialize)]
struct StreamMetadata {
    #[serde(rename = "$tb")]
    truncate_before: Option<u64>,
}

/// The truncation of a soft delete.
const DELETED: u64 = 9_223_372_036_854_775_807;

fn truncation(record: &Record) -> Option<(&str, u64)> {
    let stream = record.stream.as_str();
    match &*record.event_type {
        "$streamDeleted" => Some((stream, u64::MAX)),
        "$metadata" => {
            let metadata: StreamMetadata = serde_json::from_slice(&record.data).ok()?;
            Some((stream.strip_prefix("$$")?, metadata.truncate_before.unwrap_or(0)))
        }
        _ => None,
    }
}

impl<'a> Streams<'a> {
    fn of(log: &'a [Record]) -> Self {
        let mut streams = Self::default();
        for record in log {
            streams.names.insert(record.stream.as_str());
            if let Some((stream, first)) = truncation(record) {
                streams.first.insert(stream, first);
            }
        }
        streams
    }

    fn holds(&self, record: &Record) -> bool {
        self.first.get(record.stream.as_str()).is_none_or(|first| record.revision.0 >= *first)
    }

    /// A link that leads nowhere comes as an empty event, but not where its stream is gone or never was.
    fn delivers(&self, record: &Record) -> bool {
        match (&record.target, record.is_link()) {
            (Some(target), _) => self.holds(target),
            (None, false) => true,
            (None, true) => {
                let link = std::str::from_utf8(&record.data).unwrap_or_default();
                let stream = link.split_once('@').map_or("", |(_, stream)| stream);
                self.names.contains(stream) && self.first.get(stream).is_none_or(|first| *first < DELETED)
            }
        }
    }
}

/// The arrivals of a whole log, which is in the order of its positions and holds streams' metadata.
pub fn arrivals<'a>(program: &'a Program, log: &'a [Record]) -> Vec<Arrival<'a>> {
    let streams = Streams::of(log);
    let mut numbers: HashMap<&str, u64> = HashMap::new();
    let mut all = Vec::new();
    for record in log {
        if program.partitioning == Partitioning::ByStream
            && let Some((stream, DELETED)) = truncation(record)
            && streams.first.get(stream) == Some(&DELETED)
            && reads_stream(program, stream)
        {
            all.push(Arrival::Deleted(stream));
        }
        let Some((source, category)) = source(program, record) else { continue };
        let next = numbers.entry(source).or_default();
        let number = if category.is_some() { *next } else { record.revision.0 };
        *next += 1;
        if streams.holds(record) && streams.delivers(record) {
            all.push(Arrival::Event { view: EventView::of(record.into(), category), number });
        }
    }
    all
}

fn reads_stream(program: &Program, stream: &str) -> bool {
    match &program.sources {
        Sources::All => !stream.starts_with('$'),
        Sources::Category(category) => StreamName::new(stream).category() == Some(category),
        Sources::Streams(_) => false,
    }
}

/// The stream that brings a record to the projection, and its category where that is one of a category.
fn source<'a>(program: &'a Program, record: &'a Record) -> Option<(&'a str, Option<&'a str>)> {
    let in_category = |category: &str| {
        record.stream.category() == Some(category)
            && EventView::of(record.into(), None).is_in_category()
            && !record.event_type.starts_with("$stream")
    };
    match &program.sources {
        Sources::All => {
            let shown = !record.stream.is_system() && (program.includes_links || !record.is_link());
            shown.then_some(("$all", None))
        }
        Sources::Category(category) => in_category(category).then_some((&**category, Some(&**category))),
        Sources::Streams(streams) => streams.iter().find_map(|stream| {
            let category = stream.strip_prefix("$ce-").filter(|category| in_category(category));
            let own = &**stream == record.stream.as_str();
            (own || category.is_some()).then_some((&**stream, category))
        }),
    }
}
