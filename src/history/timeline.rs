//! The records of one stream with the states between them, so that any revision is a few evolves away.

use crate::fold::{Applied, Field, Fold, Problem};
use crate::record::{Record, Revision};

/// Events between two kept states; a frame costs at most this many evolves.
const KEYFRAME_EVERY: usize = 64;

/// What an event did, in one byte, for the table and the time panel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Folded,
    NotFolded,
    Problem,
}

/// A field whose value an event changed; `None` where it did not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub field: &'static str,
    pub before: Option<String>,
    pub after: Option<String>,
}

/// One stream's records, folded once as they arrive.
#[derive(Debug)]
pub struct Timeline<F: Fold> {
    fold: F,
    records: Vec<Record>,
    marks: Vec<Mark>,
    /// The state before record `i * KEYFRAME_EVERY`.
    keyframes: Vec<F::State>,
    /// The state before the first record.
    start: F::State,
    head: F::State,
    problems: Vec<(usize, Problem)>,
    /// For each field, the records that changed it, in order.
    setters: Vec<(&'static str, Vec<usize>)>,
}

/// The history at one place.
#[derive(Debug)]
pub struct Frame<'a, F: Fold> {
    /// `None` before the first event.
    pub index: Option<usize>,
    pub record: Option<&'a Record>,
    pub before: F::State,
    pub after: F::State,
    pub mark: Option<Mark>,
    pub problem: Option<&'a Problem>,
    /// The fields after this event, `None` where there is no aggregate yet.
    pub fields: Option<Vec<Field>>,
    pub changes: Vec<Change>,
}

impl<F: Fold> Timeline<F> {
    pub fn new(fold: F) -> Self {
        let head = fold.initial();
        Self {
            fold,
            records: Vec::new(),
            marks: Vec::new(),
            keyframes: Vec::new(),
            start: head.clone(),
            head,
            problems: Vec::new(),
            setters: Vec::new(),
        }
    }

    /// The next record; one at or before the last revision is a repeat and changes nothing.
    pub fn push(&mut self, record: Record) -> bool {
        if self.records.last().is_some_and(|last| record.revision <= last.revision) {
            return false;
        }
        let index = self.records.len();
        if index == 0 && record.revision.0 > 0 {
            self.begins_truncated();
        }
        if index.is_multiple_of(KEYFRAME_EVERY) {
            self.keyframes.push(self.head.clone());
        }
        let mark = match self.fold.apply(&self.head, &record.event_type, &record.data) {
            Applied::Folded(after) => {
                self.note_setters(index, &after);
                self.head = after;
                Mark::Folded
            }
            Applied::NotFolded => Mark::NotFolded,
            Applied::Problem(problem) => {
                self.problems.push((index, problem));
                Mark::Problem
            }
        };
        self.marks.push(mark);
        self.records.push(record);
        true
    }

    /// The first events can no longer be read; nothing where records were pushed.
    pub fn begins_truncated(&mut self) {
        if self.records.is_empty() {
            self.start = self.fold.truncated();
            self.head = self.start.clone();
        }
    }

    /// Whether the state at the head can be told.
    pub fn is_told(&self) -> bool {
        self.fold.is_told(&self.head)
    }

    fn note_setters(&mut self, index: usize, after: &F::State) {
        for change in self.changes(&self.head, after) {
            match self.setters.iter_mut().find(|(field, _)| *field == change.field) {
                Some((_, setters)) => setters.push(index),
                None => self.setters.push((change.field, vec![index])),
            }
        }
    }

    /// The fields that differ, in display order.
    pub fn changes(&self, before: &F::State, after: &F::State) -> Vec<Change> {
        let before = self.fold.fields(before).unwrap_or_default();
        let after = self.fold.fields(after).unwrap_or_default();
        let value = |fields: &[Field], name| fields.iter().find(|f| f.name == name).map(|f| f.value.clone());
        let gone = before.iter().filter(|b| after.iter().all(|a| a.name != b.name));
        after
            .iter()
            .chain(gone)
            .map(|f| Change { field: f.name, before: value(&before, f.name), after: value(&after, f.name) })
            .filter(|change| change.before != change.after)
            .collect()
    }

    /// The records after a place that changed any field, in order.
    pub fn setters_after(&self, index: Option<usize>) -> impl Iterator<Item = usize> {
        let from = index.map_or(0, |index| index + 1);
        let mut after: Vec<usize> = self
            .setters
            .iter()
            .flat_map(|(_, setters)| &setters[setters.partition_point(|&at| at < from)..])
            .copied()
            .collect();
        after.sort_unstable();
        after.into_iter()
    }

    /// The history at a record, or before the first one.
    pub fn frame(&self, index: Option<usize>) -> Frame<'_, F> {
        let Some(index) = index.filter(|&i| i < self.records.len()) else {
            let state = self.start.clone();
            let fields = self.fold.fields(&state);
            return Frame {
                index: None,
                record: None,
                before: state.clone(),
                after: state,
                mark: None,
                problem: None,
                fields,
                changes: Vec::new(),
            };
        };
        let before = self.state_before(index);
        let after = self.next(&before, index);
        Frame {
            index: Some(index),
            record: self.records.get(index),
            mark: self.marks.get(index).copied(),
            problem: self.problem_at(index),
            fields: self.fold.fields(&after),
            changes: self.changes(&before, &after),
            before,
            after,
        }
    }

    /// The state after a record, or before the first one.
    pub fn state_at(&self, index: Option<usize>) -> F::State {
        match index {
            None => self.start.clone(),
            Some(index) if index + 1 >= self.records.len() => self.head.clone(),
            Some(index) => self.state_before(index + 1),
        }
    }

    fn state_before(&self, index: usize) -> F::State {
        let key = index / KEYFRAME_EVERY;
        let start = self.keyframes.get(key).cloned().unwrap_or_else(|| self.start.clone());
        (key * KEYFRAME_EVERY..index).fold(start, |state, i| self.next(&state, i))
    }

    fn next(&self, state: &F::State, index: usize) -> F::State {
        let record = &self.records[index];
        match self.fold.apply(state, &record.event_type, &record.data) {
            Applied::Folded(after) => after,
            Applied::NotFolded | Applied::Problem(_) => state.clone(),
        }
    }

    /// The record that last set the field, as seen from a record.
    pub fn setter(&self, field: &str, from: Option<usize>) -> Option<usize> {
        let from = from?;
        let (_, setters) = self.setters.iter().find(|(name, _)| *name == field)?;
        setters.partition_point(|&i| i <= from).checked_sub(1).map(|i| setters[i])
    }

    /// The problem's whole sentence: what contradicts, since which revision, and what it means for the state.
    pub fn problem_text(&self, index: usize) -> Option<String> {
        let problem = self.problem_at(index)?;
        let setter = problem.contradicts.and_then(|field| self.setter(field, index.checked_sub(1)));
        let since = setter
            .and_then(|i| self.get(i))
            .map_or_else(String::new, |r| format!(" at revision {}", r.revision));
        let kept = index.checked_sub(1).and_then(|i| self.get(i)).map_or_else(
            || "The state stays empty.".to_owned(),
            |record| format!("The state stays as it was after revision {}.", record.revision),
        );
        Some(format!("{}{since}. {kept}", problem.text))
    }

    fn problem_at(&self, index: usize) -> Option<&Problem> {
        let at = self.problems.binary_search_by_key(&index, |(i, _)| *i).ok()?;
        self.problems.get(at).map(|(_, problem)| problem)
    }

    /// The problems in order, each with its record's index.
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
    pub fn head(&self) -> &F::State {
        &self.head
    }

    pub fn first_revision(&self) -> Option<Revision> {
        self.records.first().map(|record| record.revision)
    }

    pub fn last_revision(&self) -> Option<Revision> {
        self.records.last().map(|record| record.revision)
    }
}
