//! Records that were folded elsewhere, ready to be appended to a timeline.

use super::{Mark, Replay};
use crate::aggregate::{Aggregate, Problem, State};
use crate::record::{Provenance, Record, StreamName};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Fewest events between two kept states. A state of more fields is kept as seldom as it has fields, so that what is
/// kept grows no faster than what was read.
const KEYFRAME_EVERY: usize = 64;

/// Folded records of one stream, none of them a repeat; indexes count from the chunk's first record.
#[derive(Debug)]
pub struct Chunk {
    pub(super) records: Vec<Record>,
    pub(super) marks: Vec<Mark>,
    /// States before records.
    pub(super) keyframes: Vec<(usize, State)>,
    pub(super) problems: Vec<(usize, Problem)>,
    /// For each field, the records that changed it, in the order of the stream.
    pub(super) changed: HashMap<Arc<str>, Vec<u32>>,
    /// After the last record.
    pub(super) head: Replay,
    provenance: Provenance,
}

impl Chunk {
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// Of the stream, as far as it was read when the chunk was made.
    pub fn provenance(&self) -> Provenance {
        self.provenance
    }
}

/// The fold of one stream that goes on from chunk to chunk.
#[derive(Debug)]
pub struct ChunkBuilder {
    replay: Replay,
    provenance: Provenance,
    /// Records since the last kept state; `None` before the first.
    since_kept: Option<usize>,
    fields: HashSet<Arc<str>>,
}

impl ChunkBuilder {
    pub fn new(aggregate: Arc<dyn Aggregate>, stream: StreamName) -> Self {
        let replay = Replay::new(aggregate, stream);
        Self { replay, provenance: Provenance::default(), since_kept: None, fields: HashSet::new() }
    }

    /// Goes on after what was folded before: so many records after the last kept state, `None` where there are none, and the
    /// fields that were ever changed.
    pub fn resumed(replay: Replay, since_kept: Option<usize>, fields: HashSet<Arc<str>>) -> Self {
        Self { replay, provenance: Provenance::default(), since_kept, fields }
    }

    /// Folds the records; those at or before the last revision are repeats and left out.
    pub fn chunk(&mut self, records: Vec<Record>) -> Chunk {
        let mut chunk = Chunk {
            marks: Vec::with_capacity(records.len()),
            records: Vec::with_capacity(records.len()),
            keyframes: Vec::new(),
            problems: Vec::new(),
            changed: HashMap::new(),
            head: self.replay.clone(),
            provenance: self.provenance,
        };
        let mut changed = Vec::new();
        for record in records {
            self.fold(record, &mut chunk, &mut changed);
        }
        (chunk.head, chunk.provenance) = (self.replay.clone(), self.provenance);
        chunk
    }

    fn fold(&mut self, record: Record, chunk: &mut Chunk, changed: &mut Vec<Arc<str>>) {
        if self.replay.last().is_some_and(|last| record.revision <= last) {
            return;
        }
        let index = chunk.records.len();
        if self.replay.last().is_none() && record.revision.0 > 0 {
            self.replay.begins_truncated();
        }
        self.keep_state(index, chunk);
        let Some((mark, problem)) = self.replay.apply(&record, changed) else { return };
        chunk.problems.extend(problem.map(|problem| (index, problem)));
        for field in changed.drain(..) {
            if !self.fields.contains(&field) {
                self.fields.insert(field.clone());
            }
            let setters = chunk.changed.entry(field).or_default();
            let at = u32::try_from(index).unwrap_or(u32::MAX);
            if setters.last() != Some(&at) {
                setters.push(at);
            }
        }
        self.provenance.note(&record);
        chunk.marks.push(mark);
        chunk.records.push(record);
    }

    fn keep_state(&mut self, index: usize, chunk: &mut Chunk) {
        let due = self.since_kept.is_none_or(|since| since >= KEYFRAME_EVERY.max(self.fields.len()));
        if due {
            chunk.keyframes.push((index, self.replay.state().clone()));
        }
        self.since_kept = Some(if due { 1 } else { self.since_kept.unwrap_or(0) + 1 });
    }
}
