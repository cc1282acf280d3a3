//! The records of one stream with the states between them, so that any revision is a few events away.

use super::changes::{Change, changes, changes_among};
use super::chunk::{Chunk, ChunkBuilder};
use super::density::Density;
use super::frame::{Frame, KeptRecord};
use super::keyframes::{Kept, Keyframes};
use super::problem_sentence::problem_sentence;
use super::replay::{Mark, Replay};
use super::segment::Segment;
use crate::aggregate::{Aggregate, Problem, State};
use crate::record::{Record, RecordRef, Revision, StreamName};
use std::borrow::Borrow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// One stream's records, folded once, in chunks; a record is addressed by its index.
#[derive(Debug)]
pub struct Timeline {
    replay: Replay,
    chunks: Vec<Arc<Chunk>>,
    /// The index of each chunk's first record.
    starts: Vec<usize>,
    len: usize,
    keyframes: Keyframes,
    /// For each field, the chunks in which it was changed.
    changed: HashMap<Arc<str>, Vec<u32>>,
    density: Density,
    /// Goes on with the fold where records are pushed one by one.
    builder: Option<Box<ChunkBuilder>>,
}

/// It would take too many records to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

impl Timeline {
    pub fn new(aggregate: Arc<dyn Aggregate>, stream: StreamName) -> Self {
        let replay = Replay::new(aggregate, stream);
        Self {
            keyframes: Keyframes::beginning(replay.state().clone()),
            replay,
            chunks: Vec::new(),
            starts: Vec::new(),
            len: 0,
            changed: HashMap::new(),
            density: Density::default(),
            builder: None,
        }
    }

    /// With room for so many bytes of kept states.
    #[must_use]
    pub fn with_budget(mut self, bytes: usize) -> Self {
        self.keyframes.budget = bytes;
        self
    }

    /// The states that are kept.
    pub fn keyframes(&self) -> Kept {
        self.keyframes.kept()
    }

    /// How many chunks hold the records.
    pub fn chunk_count(&self) -> usize {
        self.chunks.len()
    }

    /// Takes in what was folded elsewhere, as the continuation of what is here; folds nothing.
    pub fn append(&mut self, mut chunk: Chunk) {
        if self.len == 0 && !chunk.keyframes.is_empty() {
            self.keyframes.clear();
        }
        self.keyframes.extend(self.len, std::mem::take(&mut chunk.keyframes));
        self.replay = chunk.head.clone();
        for (at, record) in chunk.records().enumerate() {
            self.density.push(record.event_type, record.created, chunk.mark(at).unwrap_or(Mark::Folded));
        }
        self.builder = None;
        self.len += chunk.len();
        let joins = self.chunks.last().is_some_and(|last| last.takes(&chunk));
        if let Some(last) = self.chunks.pop_if(|_| joins) {
            self.starts.truncate(self.chunks.len());
            chunk = last.joined(chunk);
        }
        let number = u32::try_from(self.chunks.len()).unwrap_or(u32::MAX);
        for field in chunk.fields() {
            match self.changed.get_mut(field) {
                Some(chunks) if chunks.last() == Some(&number) => {}
                Some(chunks) => chunks.push(number),
                None => drop(self.changed.insert(field.clone(), vec![number])),
            }
        }
        self.starts.push(self.len - chunk.len());
        self.chunks.push(Arc::new(chunk));
    }

    /// Records folded as the continuation of what is here.
    pub fn continued_by(&self, records: &[Record]) -> Vec<Chunk> {
        self.continued().chunks(records)
    }

    /// Folds the next record; one at or before the last revision is a repeat and changes nothing.
    pub fn push(&mut self, record: impl Borrow<Record>) -> bool {
        let before = self.len();
        let mut builder = self.builder.take().unwrap_or_else(|| Box::new(self.continued()));
        // Full chunks come before what is not in one yet, which is always handed over at once.
        let full = builder.push(record.borrow().into());
        full.into_iter().chain(builder.finish()).for_each(|chunk| self.append(chunk));
        self.builder = Some(builder);
        self.len() > before
    }

    /// Goes on with the fold where the timeline ends.
    fn continued(&self) -> ChunkBuilder {
        let since_kept = (!self.is_empty()).then(|| self.len - self.keyframes.last());
        ChunkBuilder::resumed(self.replay.clone(), since_kept, self.changed.keys().cloned().collect())
    }

    /// The first events can no longer be read; nothing where records were pushed.
    pub fn begins_truncated(&mut self) {
        if self.is_empty() {
            self.replay.begins_truncated();
            self.keyframes.begin_with(self.replay.state().clone());
            self.builder = None;
        }
    }

    pub fn aggregate(&self) -> &Arc<dyn Aggregate> {
        self.replay.aggregate()
    }

    /// Whether the state at the head is known.
    pub fn is_known(&self) -> bool {
        self.replay.is_known()
    }

    /// The fields that differ, in display order.
    pub fn changes(&self, before: &State, after: &State) -> Vec<Change> {
        changes(&**self.aggregate(), before, after)
    }

    /// The chunk that holds a record, and the record's place in it.
    fn place(&self, index: usize) -> Option<(usize, usize)> {
        if index >= self.len {
            return None;
        }
        let chunk = self.starts.partition_point(|&start| start <= index).checked_sub(1)?;
        Some((chunk, index - self.starts[chunk]))
    }

    pub fn get(&self, index: usize) -> Option<RecordRef<'_>> {
        let (chunk, at) = self.place(index)?;
        self.chunks[chunk].get(at)
    }

    fn kept(&self, index: usize) -> Option<KeptRecord> {
        let (chunk, at) = self.place(index)?;
        Some(KeptRecord::InChunk { chunk: self.chunks[chunk].clone(), at })
    }

    /// The records from an index on.
    pub fn records_from(&self, index: usize) -> impl Iterator<Item = (usize, RecordRef<'_>)> {
        (index..self.len).filter_map(|index| Some((index, self.get(index)?)))
    }

    /// The first record after a place with a state for which it holds: `Ok(None)` where there is none, `Err` where that is not
    /// known because so many records were looked at. They are folded once.
    pub fn first_after(
        &self,
        index: Option<usize>,
        most: usize,
        mut holds: impl FnMut(&State) -> bool,
    ) -> Result<Option<usize>, Unknown> {
        let from = index.map_or(0, |index| index + 1);
        let end = self.len.min(from.saturating_add(most));
        let (mut state, mut changed) = (self.state_at(index), Vec::new());
        for at in from..end {
            changed.clear();
            self.step(&mut state, at, &mut changed);
            if !changed.is_empty() && holds(&state) {
                return Ok(Some(at));
            }
        }
        if end < self.len { Err(Unknown) } else { Ok(None) }
    }

    /// The history at a record, or before the first one.
    pub fn frame(&self, index: Option<usize>) -> Frame {
        let Some((index, kept)) = index.and_then(|index| Some((index, self.kept(index)?))) else {
            let state = self.start().clone();
            return Frame::before_any(state.clone(), self.aggregate().fields(&state));
        };
        let before = self.state_before(index);
        let (mut after, mut changed) = (before.clone(), Vec::new());
        self.step(&mut after, index, &mut changed);
        let fields = self.aggregate().fields(&after);
        Frame {
            index: Some(index),
            kept: Some(kept),
            mark: self.mark(index),
            problem: self.problem_at(index).cloned(),
            changes: changes_among(
                &**self.aggregate(),
                &before,
                fields.as_deref().unwrap_or_default(),
                &changed,
            ),
            fields,
            output: self.get(index).and_then(|record| self.aggregate().output(&before, record)),
            before,
            after,
        }
    }

    /// The state after a record, or before the first one.
    pub fn state_at(&self, index: Option<usize>) -> State {
        match index {
            None => self.start().clone(),
            Some(index) if index + 1 >= self.len => self.head().clone(),
            Some(index) => self.state_before(index + 1),
        }
    }

    /// The state before the first record.
    fn start(&self) -> &State {
        self.keyframes.first().unwrap_or(self.replay.state())
    }

    fn state_before(&self, index: usize) -> State {
        let (from, state) = self.keyframes.before(index).unwrap_or((0, self.replay.state()));
        let (mut state, mut changed) = (state.clone(), Vec::new());
        for index in from..index {
            changed.clear();
            self.step(&mut state, index, &mut changed);
        }
        state
    }

    /// Only a folded event changes the state.
    fn step(&self, state: &mut State, index: usize, changed: &mut Vec<Arc<str>>) {
        let Some((chunk, at)) = self.place(index) else { return };
        let chunk = &self.chunks[chunk];
        if chunk.mark(at) == Some(Mark::Folded)
            && let Some(record) = chunk.get(at)
        {
            self.aggregate().apply(state, record, changed);
        }
    }

    /// The records from an index up to another, shared, so that they can be worked on beside the frames.
    pub fn segment(&self, records: Range<usize>) -> Segment {
        let keyframes = self.keyframes.between(records.start, records.end);
        let first = keyframes.first().map_or(0, |kept| kept.at.min(records.start));
        let number = |index: usize| self.starts.partition_point(|&start| start <= index).saturating_sub(1);
        let (from, to) = (number(first), self.starts.partition_point(|&start| start < records.end));
        let chunks = self.chunks.get(from..to).unwrap_or_default().to_vec();
        Segment::new(self.aggregate().clone(), chunks, self.starts.get(from).copied().unwrap_or(0), keyframes)
    }

    /// The record that last set the field, as seen from a record.
    pub fn setter(&self, field: &str, from: Option<usize>) -> Option<usize> {
        let (chunk, at) = self.place(from?.min(self.len.checked_sub(1)?))?;
        let chunks = self.changed.get(field)?;
        let after = chunks.partition_point(|&number| number as usize <= chunk);
        for &number in chunks[..after].iter().rev() {
            let number = number as usize;
            let at = if number == chunk { at } else { usize::MAX };
            if let Some(setter) = self.chunks.get(number)?.setter(field, at) {
                return Some(self.starts[number] + setter);
            }
        }
        None
    }

    /// The problem's whole sentence: what contradicts, since which revision, and what it means for the state.
    pub fn problem_text(&self, index: usize) -> Option<String> {
        let problem = self.problem_at(index)?;
        let setter = problem.contradicts.as_ref().and_then(|field| self.setter(field, index.checked_sub(1)));
        let revision = |index: usize| self.get(index).map(|record| record.revision);
        let before = index.checked_sub(1).and_then(revision);
        Some(problem_sentence(problem, setter.and_then(revision), before))
    }

    fn problem_at(&self, index: usize) -> Option<&Problem> {
        let (chunk, at) = self.place(index)?;
        self.chunks[chunk].problem(at)
    }

    /// The last record at or before the revision.
    pub fn index_at(&self, revision: Revision) -> Option<usize> {
        let after = self.chunks.partition_point(|chunk| chunk.first().is_some_and(|first| first <= revision));
        let number = after.checked_sub(1)?;
        Some(self.starts[number] + self.chunks[number].at_revision(revision)?)
    }

    /// How its events lie by type and time.
    pub fn density(&self) -> &Density {
        &self.density
    }

    pub fn mark(&self, index: usize) -> Option<Mark> {
        let (chunk, at) = self.place(index)?;
        self.chunks[chunk].mark(at)
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The state after every record.
    pub fn head(&self) -> &State {
        self.replay.state()
    }

    pub fn first_revision(&self) -> Option<Revision> {
        self.get(0).map(|record| record.revision)
    }

    pub fn last_revision(&self) -> Option<Revision> {
        self.get(self.len.checked_sub(1)?).map(|record| record.revision)
    }
}
