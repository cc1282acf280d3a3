//! Records packed: one buffer of payloads, and a row of fixed size for each.

use super::replay::Mark;
use crate::record::{Created, Position, Record, RecordRef, Revision, StreamName};
use indexmap::IndexSet;
use std::sync::Arc;
use uuid::Uuid;

/// Most rows of one pack.
pub const MOST_ROWS: usize = 512;
/// A pack takes no further record once its payloads are that large, in bytes.
const MOST_BYTES: usize = 1 << 20;

/// All of a record but its payload. 56 bytes, counted for each event that is kept.
#[derive(Debug, Clone, Copy)]
struct Row {
    id: Uuid,
    created: Created,
    commit: u64,
    /// From the pack's first revision.
    revision: u32,
    /// Back from the commit position; [`FAR`] where that is no number of 32 bits.
    prepare: u32,
    /// By its place among the pack's types.
    event_type: u32,
    /// Where its data end in the pack's payloads; they begin where the metadata of the row before end.
    data: u32,
    metadata: u32,
    declared_json: bool,
    mark: Mark,
}

const FAR: u32 = u32::MAX;
const _: () = assert!(size_of::<Row>() <= 56);

/// Up to [`MOST_ROWS`] records of one stream.
#[derive(Debug, Clone)]
pub struct Pack {
    stream: StreamName,
    first: Revision,
    rows: Vec<Row>,
    payloads: Vec<u8>,
    types: IndexSet<Arc<str>>,
    /// What links lead to, by the row of the link.
    targets: Vec<(usize, Record)>,
    /// The prepare positions that are far from their commits', by row.
    prepares: Vec<(usize, u64)>,
}

impl Pack {
    pub fn new(stream: StreamName) -> Self {
        Self::with_room(stream, 0, 0)
    }

    /// Empty, with room for so many records and bytes of data and metadata.
    pub fn with_room(stream: StreamName, records: usize, bytes: usize) -> Self {
        Self {
            stream,
            first: Revision(0),
            rows: Vec::with_capacity(records),
            payloads: Vec::with_capacity(bytes),
            types: IndexSet::new(),
            targets: Vec::new(),
            prepares: Vec::new(),
        }
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Bytes of all data and metadata.
    pub fn bytes(&self) -> usize {
        self.payloads.len()
    }

    /// Whether it takes no record more.
    pub fn is_full(&self) -> bool {
        self.rows.len() >= MOST_ROWS || self.payloads.len() >= MOST_BYTES
    }

    /// Whether it takes the record as the next one: places in it are numbers of 32 bits, in the order of the stream.
    pub fn takes(&self, record: RecordRef<'_>) -> bool {
        let bytes = self.payloads.len() + record.data.len() + record.metadata.len();
        let is_near = !self.is_full() && u32::try_from(bytes).is_ok() && self.reaches(record.revision);
        let follows = self.last().is_none_or(|last| last < record.revision && is_near);
        *record.stream == self.stream && follows
    }

    /// Whether a later revision is near enough to its first.
    pub fn reaches(&self, revision: Revision) -> bool {
        revision.0.checked_sub(self.first.0).is_some_and(|far| u32::try_from(far).is_ok())
    }

    pub fn last(&self) -> Option<Revision> {
        self.rows.last().map(|row| Revision(self.first.0 + u64::from(row.revision)))
    }

    /// Adds a record that it takes, not folded yet.
    pub fn push(&mut self, record: RecordRef<'_>) {
        self.push_marked(record, Mark::NotFolded);
    }

    pub(super) fn push_marked(&mut self, record: RecordRef<'_>, mark: Mark) {
        if self.rows.is_empty() {
            self.first = record.revision;
        }
        let short = |number: u64| u32::try_from(number).unwrap_or(u32::MAX);
        let event_type = match self.types.get_index_of(&**record.event_type) {
            Some(known) => known,
            None => self.types.insert_full(record.event_type.clone()).0,
        };
        self.payloads.extend_from_slice(record.data);
        let data = short(self.payloads.len() as u64);
        self.payloads.extend_from_slice(record.metadata);
        if let Some(target) = record.target {
            self.targets.push((self.rows.len(), target.clone()));
        }
        let Position { commit, prepare } = record.position;
        let back = commit.checked_sub(prepare).and_then(|back| u32::try_from(back).ok()).unwrap_or(FAR);
        if back == FAR {
            self.prepares.push((self.rows.len(), prepare));
        }
        self.rows.push(Row {
            id: record.id,
            created: record.created,
            commit,
            revision: short(record.revision.0.saturating_sub(self.first.0)),
            prepare: back,
            event_type: short(event_type as u64),
            data,
            metadata: short(self.payloads.len() as u64),
            declared_json: record.declared_json,
            mark,
        });
    }

    /// Gives back the memory that it took for more.
    pub fn shrink(&mut self) {
        self.rows.shrink_to_fit();
        self.payloads.shrink_to_fit();
        self.types.shrink_to_fit();
    }

    pub fn get(&self, at: usize) -> Option<RecordRef<'_>> {
        let row = self.rows.get(at)?;
        let before = at.checked_sub(1).and_then(|before| self.rows.get(before));
        let start = before.map_or(0, |before| before.metadata as usize);
        let far = self.prepares.binary_search_by_key(&at, |(of, _)| *of).ok();
        let prepare =
            far.map_or_else(|| row.commit.saturating_sub(row.prepare.into()), |at| self.prepares[at].1);
        let target = self.targets.binary_search_by_key(&at, |(of, _)| *of).ok();
        Some(RecordRef {
            stream: &self.stream,
            revision: Revision(self.first.0 + u64::from(row.revision)),
            id: row.id,
            event_type: self.types.get_index(row.event_type as usize)?,
            created: row.created,
            position: Position { commit: row.commit, prepare },
            declared_json: row.declared_json,
            data: self.payloads.get(start..row.data as usize)?,
            metadata: self.payloads.get(row.data as usize..row.metadata as usize)?,
            target: target.map(|at| &self.targets[at].1),
        })
    }

    pub(super) fn mark(&self, at: usize) -> Option<Mark> {
        self.rows.get(at).map(|row| row.mark)
    }

    pub(super) fn set_mark(&mut self, at: usize, mark: Mark) {
        if let Some(row) = self.rows.get_mut(at) {
            row.mark = mark;
        }
    }

    pub fn first(&self) -> Option<Revision> {
        (!self.rows.is_empty()).then_some(self.first)
    }

    /// The last row at or before the revision.
    pub fn at_revision(&self, revision: Revision) -> Option<usize> {
        let after = self.rows.partition_point(|row| self.first.0 + u64::from(row.revision) <= revision.0);
        after.checked_sub(1)
    }
}
