//! Events of several streams on one time axis: a lane for each stream, and which event led to which.

use crate::record::{Created, Position, Record, RelatedIds, Revision, StreamName};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// One event among others, without its payload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RelatedEvent {
    pub stream: StreamName,
    pub revision: Revision,
    pub id: Uuid,
    pub event_type: Arc<str>,
    pub created: Created,
    pub position: Position,
    /// What it says led to it.
    pub cause: Option<String>,
}

impl From<&Record> for RelatedEvent {
    fn from(record: &Record) -> Self {
        Self {
            stream: record.stream.clone(),
            revision: record.revision,
            id: record.id,
            event_type: record.event_type.clone(),
            created: record.created,
            position: record.position,
            cause: RelatedIds::of(&record.metadata).causation,
        }
    }
}

/// A stream and how many of the events are its.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    pub stream: StreamName,
    pub events: usize,
}

/// Events in the order in which they were written, each once.
#[derive(Debug, Default)]
pub struct Lanes {
    events: Vec<RelatedEvent>,
    /// The lane of each event.
    lane_of: Vec<usize>,
    /// In the order of their first events.
    streams: Vec<Lane>,
    /// Cause and effect, by their places among the events.
    causes: Vec<(usize, usize)>,
    times: Option<(Created, Created)>,
}

impl Lanes {
    pub fn new(mut events: Vec<RelatedEvent>) -> Self {
        let mut known = HashSet::new();
        events.retain(|event| known.insert((event.stream.clone(), event.revision)));
        events.sort_by_key(|event| (event.position.commit, event.position.prepare));
        let mut places = HashMap::new();
        let mut streams: Vec<Lane> = Vec::new();
        let mut lane_of = Vec::with_capacity(events.len());
        for event in &events {
            let lane = *places.entry(event.stream.clone()).or_insert_with(|| {
                streams.push(Lane { stream: event.stream.clone(), events: 0 });
                streams.len() - 1
            });
            streams[lane].events += 1;
            lane_of.push(lane);
        }
        let causes = causes(&events);
        let first = events.iter().map(|event| event.created).min();
        let times = first.zip(events.iter().map(|event| event.created).max());
        Self { events, lane_of, streams, causes, times }
    }

    pub fn events(&self) -> &[RelatedEvent] {
        &self.events
    }

    pub fn lanes(&self) -> &[Lane] {
        &self.streams
    }

    /// The lane of an event.
    pub fn lane_of(&self, place: usize) -> Option<usize> {
        self.lane_of.get(place).copied()
    }

    /// Cause and effect, by their places among the events.
    pub fn causes(&self) -> &[(usize, usize)] {
        &self.causes
    }

    /// The event that led to this one, where it is there.
    pub fn cause_of(&self, effect: usize) -> Option<usize> {
        self.causes.iter().find(|(_, of)| *of == effect).map(|(cause, _)| *cause)
    }

    /// The earliest and the latest time; clocks go backwards in real logs.
    pub fn times(&self) -> Option<(Created, Created)> {
        self.times
    }

    /// The first event with this id.
    pub fn of_id(&self, id: &str) -> Option<&RelatedEvent> {
        let id = id.parse::<Uuid>().ok()?;
        self.events.iter().find(|event| event.id == id)
    }

    pub fn place(&self, stream: &StreamName, revision: Revision) -> Option<usize> {
        self.events.iter().position(|event| event.revision == revision && event.stream == *stream)
    }
}

/// An id that several events have is the first one's.
fn causes(events: &[RelatedEvent]) -> Vec<(usize, usize)> {
    let mut by_id = HashMap::new();
    for (place, event) in events.iter().enumerate() {
        by_id.entry(event.id).or_insert(place);
    }
    let cause = |event: &RelatedEvent| {
        let id = event.cause.as_deref()?.parse::<Uuid>().ok()?;
        by_id.get(&id).copied()
    };
    let pairs = events.iter().enumerate().filter_map(|(effect, event)| Some((cause(event)?, effect)));
    pairs.filter(|(cause, effect)| cause != effect).collect()
}
