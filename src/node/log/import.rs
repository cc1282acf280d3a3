//! A log that is taken in as it was elsewhere: events with their own ids, times, revisions and positions.

use super::{
    index::{Delta, Index},
    positions::Places,
    projections::{Phase, Projection},
    proposed::{Content, Proposed},
    rules::Rules,
    staged::Staged,
};
use bytes::Bytes;
use rusqlite::Connection;

/// What a node serves in place of a log of its own; nothing is written to it.
#[derive(Debug, Default)]
pub struct History {
    /// In the order of their positions, which are all different.
    pub events: Vec<HistoryEvent>,
    /// Streams with the revision of their last event, where that is not among the events.
    pub last: Vec<(String, u64)>,
}

#[derive(Debug)]
pub struct HistoryEvent {
    pub stream: String,
    /// That of a tombstone is [`TOMBSTONE`].
    pub revision: u64,
    pub id: [u8; 16],
    pub kind: String,
    pub json: bool,
    /// Ticks of 100 ns since 1970.
    pub created: i64,
    pub commit: u64,
    pub prepare: u64,
    pub data: Bytes,
    pub meta: Bytes,
}

/// Revision of the event that tombstones a stream; those below it can be taken.
pub const TOMBSTONE: u64 = i64::MAX.cast_unsigned();

/// Stages it in an empty file.
pub fn write(db: &Connection, history: &History) -> rusqlite::Result<Delta> {
    let empty = Index::default();
    let mut staged = Staged::new(db, &empty);
    for event in &history.events {
        let id = staged.intern(&event.stream)?;
        staged.now = event.created;
        let revision = event.revision.min(TOMBSTONE).cast_signed();
        let proposed = Proposed {
            id: event.id,
            kind: event.kind.clone(),
            content: Content::of(event.json, &event.data),
            data: event.data.clone(),
            meta: event.meta.clone(),
        };
        let position = staged.insert(id, Some(revision), &proposed)?;
        staged.note(id, revision, position, &event.data);
    }
    for (stream, last) in &history.last {
        let id = staged.intern(stream)?;
        staged.reach(id, (*last).min(TOMBSTONE - 1).cast_signed());
    }
    // Links are there where they were taken in, and no others.
    let stopped = Phase { running: false, ..Phase::default() };
    let mut delta = staged.delta;
    delta.phases = Projection::ALL.map(|projection| (projection, stopped)).to_vec();
    delta.places =
        Some(Places::new(history.events.iter().map(|event| (event.commit, event.prepare)).collect()));
    Ok(delta)
}

impl Staged<'_> {
    /// What an event makes of its stream, or of the one whose metadata it is.
    fn note(&mut self, id: u32, revision: i64, position: u64, data: &[u8]) {
        if revision == i64::MAX {
            return;
        }
        self.reach(id, revision);
        if revision == 0
            && let Some(mut stream) = self.head(id).cloned()
        {
            stream.origin = Some(position);
            self.delta.streams.insert(id, stream);
        }
        if let Some((base, mut stream)) = self.base_of(id) {
            // What was there when it was taken in stays so: it does not grow older here.
            stream.rules = Rules { max_age: None, ..Rules::parse(data) };
            if stream.rules.deleted() {
                self.delta.deletes.push(position);
            }
            self.delta.streams.insert(base, stream);
        }
    }

    fn reach(&mut self, id: u32, revision: i64) {
        if let Some(mut stream) = self.head(id).cloned() {
            stream.last = stream.last.max(revision);
            self.delta.streams.insert(id, stream);
        }
    }
}
