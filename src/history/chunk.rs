//! Records that were folded elsewhere, ready to be appended to a timeline.

use super::pack::{MOST_ROWS, Pack};
use super::replay::{Mark, Replay};
use crate::aggregate::{Aggregate, Problem, State};
use crate::record::{Provenance, Record, RecordRef, Revision, StreamName};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// Fewest events between two kept states.
const KEYFRAME_EVERY: usize = 64;
/// A state of many fields is kept less often: at most so many fields are copied for each event.
const COPIED_FIELDS: usize = 8;
/// A chunk of fewer records is joined to the next one, where their payloads are small, in bytes.
const SMALL: usize = 64;
const SMALL_BYTES: usize = 16 * 1024;

/// A state before a record.
#[derive(Debug, Clone)]
pub(super) struct Keyframe {
    /// The record's place.
    pub at: usize,
    pub state: State,
    /// What it takes, in bytes.
    pub size: usize,
}

/// Folded records of one stream, none of them a repeat; places count from the chunk's first record.
#[derive(Debug)]
pub struct Chunk {
    pack: Pack,
    pub(super) keyframes: Vec<Keyframe>,
    problems: Vec<(usize, Problem)>,
    /// For each field, the records that changed it, in the order of the stream.
    setters: HashMap<Arc<str>, Vec<u16>>,
    /// The records that set a field more than once, so that it may be as it was before, in the order of the stream.
    repeating: Vec<u16>,
    /// After the last record.
    pub(super) head: Replay,
    provenance: Provenance,
}

const _: () = assert!(MOST_ROWS <= u16::MAX as usize);

impl Chunk {
    pub fn len(&self) -> usize {
        self.pack.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn get(&self, at: usize) -> Option<RecordRef<'_>> {
        self.pack.get(at)
    }

    pub fn records(&self) -> impl DoubleEndedIterator<Item = RecordRef<'_>> {
        (0..self.len()).filter_map(|at| self.get(at))
    }

    pub fn mark(&self, at: usize) -> Option<Mark> {
        self.pack.mark(at)
    }

    /// Of the stream, as far as it was read when the chunk was made.
    pub fn provenance(&self) -> Provenance {
        self.provenance
    }

    pub(super) fn first(&self) -> Option<Revision> {
        self.pack.first()
    }

    pub(super) fn at_revision(&self, revision: Revision) -> Option<usize> {
        self.pack.at_revision(revision)
    }

    pub(super) fn problem(&self, at: usize) -> Option<&Problem> {
        let found = self.problems.binary_search_by_key(&at, |(of, _)| *of).ok()?;
        self.problems.get(found).map(|(_, problem)| problem)
    }

    /// The fields that its records changed.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Arc<str>> {
        self.setters.keys()
    }

    /// The records that set the field, in the order of the stream; those that repeat may have left it as it was.
    pub(super) fn setters(&self, field: &str) -> &[u16] {
        self.setters.get(field).map_or(&[], Vec::as_slice)
    }

    /// Whether the record set a field more than once.
    pub(super) fn repeats(&self, at: u16) -> bool {
        self.repeating.binary_search(&at).is_ok()
    }

    /// The last record at or before a place that changed the field.
    pub(super) fn setter(&self, field: &str, at: usize) -> Option<usize> {
        let setters = self.setters.get(field)?;
        let after = setters.partition_point(|&setter| usize::from(setter) <= at);
        Some(usize::from(setters[after.checked_sub(1)?]))
    }

    /// Whether the next chunk is to be joined to it: many chunks of single records would take room and time.
    pub(super) fn takes(&self, next: &Self) -> bool {
        let is_small = self.len() < SMALL && self.pack.bytes() + next.pack.bytes() < SMALL_BYTES;
        let is_near = next.pack.last().is_some_and(|last| self.pack.reaches(last));
        is_small && is_near && self.len() + next.len() <= MOST_ROWS
    }

    /// Both as one.
    pub(super) fn joined(&self, next: Self) -> Self {
        let base = self.len();
        let mut pack = self.pack.clone();
        for at in 0..next.len() {
            if let (Some(record), Some(mark)) = (next.get(at), next.mark(at)) {
                pack.push_marked(record, mark);
            }
        }
        pack.shrink();
        let moved = |places: Vec<u16>| {
            places.into_iter().filter_map(move |place| u16::try_from(base + usize::from(place)).ok())
        };
        let mut setters = self.setters.clone();
        for (field, places) in next.setters {
            setters.entry(field).or_default().extend(moved(places));
        }
        let mut repeating = self.repeating.clone();
        repeating.extend(moved(next.repeating));
        let problems = next.problems.into_iter().map(|(at, problem)| (base + at, problem));
        Self {
            pack,
            // A timeline has them by itself.
            keyframes: Vec::new(),
            problems: self.problems.iter().cloned().chain(problems).collect(),
            setters,
            repeating,
            head: next.head,
            provenance: next.provenance,
        }
    }
}

/// The fold of one stream that goes on from chunk to chunk.
#[derive(Debug)]
pub struct ChunkBuilder {
    replay: Replay,
    provenance: Provenance,
    /// Records since the last kept state; `None` before the first.
    since_kept: Option<usize>,
    /// All that were ever changed.
    fields: HashSet<Arc<str>>,
    changed: Vec<Arc<str>>,
    /// Folded and not in a chunk yet.
    pack: Pack,
    keyframes: Vec<Keyframe>,
    problems: Vec<(usize, Problem)>,
    setters: HashMap<Arc<str>, Vec<u16>>,
    repeating: Vec<u16>,
}

impl ChunkBuilder {
    pub fn new(aggregate: Arc<dyn Aggregate>, stream: StreamName) -> Self {
        Self::resumed(Replay::new(aggregate, stream), None, HashSet::new())
    }

    /// Goes on after what was folded before: so many records after the last kept state, `None` where there are none, and the
    /// fields that were ever changed.
    pub fn resumed(replay: Replay, since_kept: Option<usize>, fields: HashSet<Arc<str>>) -> Self {
        Self {
            pack: Pack::new(replay.stream().clone()),
            replay,
            provenance: Provenance::default(),
            since_kept,
            fields,
            changed: Vec::new(),
            keyframes: Vec::new(),
            problems: Vec::new(),
            setters: HashMap::new(),
            repeating: Vec::new(),
        }
    }

    /// Folds the record, unless it is a repeat: at or before the last revision. Answers a chunk where one is full.
    pub fn push(&mut self, record: RecordRef<'_>) -> Option<Chunk> {
        if self.replay.last().is_some_and(|last| record.revision <= last) {
            return None;
        }
        let full = if self.pack.takes(record) { None } else { self.finish() };
        if self.pack.is_empty() && *record.stream != *self.replay.stream() {
            self.pack = Pack::new(record.stream.clone());
        }
        if let Some(mark) = self.fold(self.pack.len(), record) {
            self.pack.push_marked(record, mark);
        }
        full
    }

    /// Folds the records of a pack, which are in the order of the stream, as `push` would one by one; nothing is copied.
    pub fn push_pack(&mut self, mut pack: Pack) -> Vec<Chunk> {
        if pack.first() <= self.replay.last() {
            return (0..pack.len()).filter_map(|at| self.push(pack.get(at)?)).collect();
        }
        let mut chunks: Vec<_> = self.finish().into_iter().collect();
        for at in 0..pack.len() {
            if let Some(mark) = pack.get(at).and_then(|record| self.fold(at, record)) {
                pack.set_mark(at, mark);
            }
        }
        self.pack = pack;
        chunks.extend(self.finish());
        chunks
    }

    /// The record that gets this place in the chunk; `None` where it is a repeat.
    fn fold(&mut self, at: usize, record: RecordRef<'_>) -> Option<Mark> {
        if self.replay.last().is_none() && record.revision.0 > 0 {
            self.replay.begins_truncated();
        }
        self.keep_state(at);
        let (mark, problem) = self.replay.apply(record, &mut self.changed)?;
        self.problems.extend(problem.map(|problem| (at, problem)));
        let place = u16::try_from(at).unwrap_or(u16::MAX);
        for field in self.changed.drain(..) {
            if let Some(setters) = self.setters.get_mut(&field) {
                if setters.last() != Some(&place) {
                    setters.push(place);
                } else if self.repeating.last() != Some(&place) {
                    self.repeating.push(place);
                }
                continue;
            }
            if !self.fields.contains(&field) {
                self.fields.insert(field.clone());
            }
            self.setters.insert(field, vec![place]);
        }
        self.provenance.note(record);
        Some(mark)
    }

    /// What was folded and is in no chunk yet; `None` where that is nothing.
    pub fn finish(&mut self) -> Option<Chunk> {
        if self.pack.is_empty() {
            return None;
        }
        let mut pack = std::mem::replace(&mut self.pack, Pack::new(self.replay.stream().clone()));
        pack.shrink();
        let mut setters = std::mem::take(&mut self.setters);
        setters.values_mut().for_each(Vec::shrink_to_fit);
        Some(Chunk {
            pack,
            keyframes: std::mem::take(&mut self.keyframes),
            problems: std::mem::take(&mut self.problems),
            setters,
            repeating: std::mem::take(&mut self.repeating),
            head: self.replay.clone(),
            provenance: self.provenance,
        })
    }

    /// Folds the records and hands over all chunks.
    pub fn chunks(&mut self, records: &[Record]) -> Vec<Chunk> {
        let mut chunks: Vec<_> = records.iter().filter_map(|record| self.push(record.into())).collect();
        chunks.extend(self.finish());
        chunks
    }

    fn keep_state(&mut self, at: usize) {
        let due = self
            .since_kept
            .is_none_or(|since| since >= KEYFRAME_EVERY.max(self.fields.len() / COPIED_FIELDS));
        if due {
            let state = self.replay.state().clone();
            let size = self.replay.aggregate().size(&state);
            self.keyframes.push(Keyframe { at, state, size });
        }
        self.since_kept = Some(if due { 1 } else { self.since_kept.unwrap_or(0) + 1 });
    }
}
