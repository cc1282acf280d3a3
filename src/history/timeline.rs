//! The records of one stream with the states between them, so that any revision is a few events away.

use super::{Chunk, ChunkBuilder, Mark, Replay, problem_sentence};
use crate::aggregate::{Aggregate, Field, Problem, State, leaves};
use crate::record::{Record, Revision, StreamName};
use std::collections::HashMap;
use std::sync::Arc;

/// A field whose value an event changed; `None` where it did not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub field: Arc<str>,
    pub before: Option<Arc<str>>,
    pub after: Option<Arc<str>>,
}

/// One stream's records, folded once, in chunks.
#[derive(Debug)]
pub struct Timeline {
    replay: Replay,
    records: Vec<Record>,
    marks: Vec<Mark>,
    /// States before records, by the index of the record; the first is before the first.
    keyframes: Vec<(usize, State)>,
    problems: Vec<(usize, Problem)>,
    /// For each field, the records that changed it, in the order of the stream.
    setters: HashMap<Arc<str>, Vec<u32>>,
    /// Goes on with the fold where records are pushed one by one.
    builder: Option<Box<ChunkBuilder>>,
}

/// The history at one place; it borrows nothing, so that its owner can keep it.
#[derive(Debug)]
pub struct Frame {
    /// `None` before the first event.
    pub index: Option<usize>,
    pub record: Option<Record>,
    pub before: State,
    pub after: State,
    pub mark: Option<Mark>,
    pub problem: Option<Problem>,
    /// The fields after this event, `None` where there is no aggregate yet.
    pub fields: Option<Vec<Field>>,
    pub changes: Vec<Change>,
}

impl Timeline {
    pub fn new(aggregate: Arc<dyn Aggregate>, stream: StreamName) -> Self {
        let replay = Replay::new(aggregate, stream);
        Self {
            keyframes: vec![(0, replay.state().clone())],
            replay,
            records: Vec::new(),
            marks: Vec::new(),
            problems: Vec::new(),
            setters: HashMap::new(),
            builder: None,
        }
    }

    /// Takes in what was folded elsewhere, as the continuation of what is here; folds nothing.
    pub fn append(&mut self, chunk: Chunk) {
        let at = self.records.len();
        if at == 0 && !chunk.keyframes.is_empty() {
            self.keyframes.clear();
        }
        self.keyframes.extend(chunk.keyframes.into_iter().map(|(index, state)| (at + index, state)));
        self.problems.extend(chunk.problems.into_iter().map(|(index, problem)| (at + index, problem)));
        let offset = u32::try_from(at).unwrap_or(u32::MAX);
        for (field, setters) in chunk.changed {
            let places = setters.into_iter().map(|place| place.saturating_add(offset));
            self.setters.entry(field).or_default().extend(places);
        }
        self.marks.extend(chunk.marks);
        self.records.extend(chunk.records);
        self.replay = chunk.head;
        self.builder = None;
    }

    /// Records folded as the continuation of what is here.
    pub fn chunk(&self, records: Vec<Record>) -> Chunk {
        self.continued().chunk(records)
    }

    /// Folds the next record; one at or before the last revision is a repeat and changes nothing.
    pub fn push(&mut self, record: Record) -> bool {
        let before = self.len();
        let mut builder = self.builder.take().unwrap_or_else(|| Box::new(self.continued()));
        self.append(builder.chunk(vec![record]));
        self.builder = Some(builder);
        self.len() > before
    }

    /// Goes on with the fold where the timeline ends.
    fn continued(&self) -> ChunkBuilder {
        let kept = self.keyframes.last().map_or(0, |(index, _)| *index);
        let since_kept = (!self.is_empty()).then(|| self.len() - kept);
        ChunkBuilder::resumed(self.replay.clone(), since_kept, self.setters.keys().cloned().collect())
    }

    /// The first events can no longer be read; nothing where records were pushed.
    pub fn begins_truncated(&mut self) {
        if self.records.is_empty() {
            self.replay.begins_truncated();
            self.keyframes = vec![(0, self.replay.state().clone())];
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

    /// The records after a place that changed any field, in the order of the stream.
    pub fn setters_after(&self, index: Option<usize>) -> impl Iterator<Item = usize> {
        let from = index.map_or(0, |index| u32::try_from(index + 1).unwrap_or(u32::MAX));
        let mut after: Vec<u32> = self
            .setters
            .values()
            .flat_map(|setters| &setters[setters.partition_point(|&at| at < from)..])
            .copied()
            .collect();
        after.sort_unstable();
        after.into_iter().map(|at| at as usize)
    }

    /// The history at a record, or before the first one.
    pub fn frame(&self, index: Option<usize>) -> Frame {
        let Some(index) = index.filter(|&i| i < self.records.len()) else {
            let state = self.start().clone();
            return Frame {
                index: None,
                record: None,
                fields: self.aggregate().fields(&state),
                before: state.clone(),
                after: state,
                mark: None,
                problem: None,
                changes: Vec::new(),
            };
        };
        let before = self.state_before(index);
        let mut after = before.clone();
        self.step(&mut after, index);
        Frame {
            index: Some(index),
            record: self.records.get(index).cloned(),
            mark: self.marks.get(index).copied(),
            problem: self.problem_at(index).cloned(),
            fields: self.aggregate().fields(&after),
            changes: self.changes(&before, &after),
            before,
            after,
        }
    }

    /// The state after a record, or before the first one.
    pub fn state_at(&self, index: Option<usize>) -> State {
        match index {
            None => self.start().clone(),
            Some(index) if index + 1 >= self.records.len() => self.head().clone(),
            Some(index) => self.state_before(index + 1),
        }
    }

    /// The state before the first record.
    fn start(&self) -> &State {
        self.keyframes.first().map_or(self.replay.state(), |(_, state)| state)
    }

    fn state_before(&self, index: usize) -> State {
        let at = self.keyframes.partition_point(|(kept, _)| *kept <= index).saturating_sub(1);
        let (from, mut state) = self.keyframes[at].clone();
        (from..index).for_each(|i| self.step(&mut state, i));
        state
    }

    fn step(&self, state: &mut State, index: usize) {
        self.aggregate().apply(state, &self.records[index], &mut Vec::new());
    }

    /// The record that last set the field, as seen from a record.
    pub fn setter(&self, field: &str, from: Option<usize>) -> Option<usize> {
        let from = from?;
        let setters = self.setters.get(field)?;
        let at = setters.partition_point(|&i| i as usize <= from).checked_sub(1)?;
        Some(setters[at] as usize)
    }

    /// The problem's whole sentence: what contradicts, since which revision, and what it means for the state.
    pub fn problem_text(&self, index: usize) -> Option<String> {
        let problem = self.problem_at(index)?;
        let setter = problem.contradicts.and_then(|field| self.setter(field, index.checked_sub(1)));
        let revision = |index: usize| self.get(index).map(|record| record.revision);
        let before = index.checked_sub(1).and_then(revision);
        Some(problem_sentence(problem, setter.and_then(revision), before))
    }

    fn problem_at(&self, index: usize) -> Option<&Problem> {
        let at = self.problems.binary_search_by_key(&index, |(i, _)| *i).ok()?;
        self.problems.get(at).map(|(_, problem)| problem)
    }

    /// The problems in the order of the stream, each with its record's index.
    pub fn problems(&self) -> impl DoubleEndedIterator<Item = (usize, &Problem)> {
        self.problems.iter().map(|(index, problem)| (*index, problem))
    }

    /// The last record at or before the revision.
    pub fn index_at(&self, revision: Revision) -> Option<usize> {
        self.records.partition_point(|record| record.revision <= revision).checked_sub(1)
    }

    pub fn records(&self) -> &[Record] {
        &self.records
    }

    pub fn get(&self, index: usize) -> Option<&Record> {
        self.records.get(index)
    }

    pub fn mark(&self, index: usize) -> Option<Mark> {
        self.marks.get(index).copied()
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// The state after every record.
    pub fn head(&self) -> &State {
        self.replay.state()
    }

    pub fn first_revision(&self) -> Option<Revision> {
        self.records.first().map(|record| record.revision)
    }

    pub fn last_revision(&self) -> Option<Revision> {
        self.records.last().map(|record| record.revision)
    }
}

/// The fields of which the two states differ, in display order; those that are gone last.
pub fn changes(aggregate: &dyn Aggregate, before: &State, after: &State) -> Vec<Change> {
    let before = aggregate.fields(before).unwrap_or_default();
    let after = aggregate.fields(after).unwrap_or_default();
    let (before, after) = (leaves(&before), leaves(&after));
    let earlier: HashMap<_, _> = before.iter().copied().collect();
    let later: HashMap<_, _> = after.iter().copied().collect();
    let change = |path: &Arc<str>| Change {
        field: path.clone(),
        before: earlier.get(path).map(|&token| token.clone()),
        after: later.get(path).map(|&token| token.clone()),
    };
    let gone = before.iter().filter(|(path, _)| !later.contains_key(path));
    let all = after.iter().chain(gone).map(|(path, _)| change(path));
    all.filter(|change| change.before != change.after).collect()
}
