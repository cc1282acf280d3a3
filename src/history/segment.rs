//! Records of a timeline from an index on, shared with it: what is worked out of them beside the frames needs no copy.

use super::changes::{Change, changes};
use super::chunk::{Chunk, Keyframe};
use super::replay::Mark;
use crate::aggregate::{Aggregate, State};
use crate::record::RecordRef;
use std::sync::Arc;

#[derive(Debug)]
pub struct Segment {
    aggregate: Arc<dyn Aggregate>,
    chunks: Vec<Arc<Chunk>>,
    /// The index of each chunk's first record.
    starts: Vec<usize>,
    len: usize,
    /// By the index of the record that each is before; the first is at or before the segment.
    keyframes: Vec<Keyframe>,
}

impl Segment {
    pub(super) fn new(
        aggregate: Arc<dyn Aggregate>,
        chunks: Vec<Arc<Chunk>>,
        start: usize,
        keyframes: Vec<Keyframe>,
    ) -> Self {
        let (mut starts, mut len) = (Vec::with_capacity(chunks.len()), start);
        for chunk in &chunks {
            starts.push(len);
            len += chunk.len();
        }
        Self { aggregate, chunks, starts, len, keyframes }
    }

    pub fn aggregate(&self) -> &dyn Aggregate {
        &*self.aggregate
    }

    /// The index after its last record.
    pub fn end(&self) -> usize {
        self.len
    }

    /// Its chunks from the one on that holds the index, each with the index of its first record.
    pub(super) fn chunks_from(&self, index: usize) -> impl Iterator<Item = (usize, &Chunk)> {
        let first = self.starts.partition_point(|&start| start <= index).saturating_sub(1);
        let chunks = self.starts.iter().zip(&self.chunks).skip(first);
        chunks.map(|(&start, chunk)| (start, &**chunk))
    }

    fn place(&self, index: usize) -> Option<(&Chunk, usize)> {
        let number = self.starts.partition_point(|&start| start <= index).checked_sub(1)?;
        Some((&self.chunks[number], index - self.starts[number]))
    }

    /// Its records from the first that is kept on.
    pub fn records(&self) -> impl Iterator<Item = RecordRef<'_>> {
        self.chunks.iter().flat_map(|chunk| chunk.records())
    }

    /// The record and what it did.
    pub(super) fn get(&self, index: usize) -> Option<(RecordRef<'_>, Mark)> {
        let (chunk, at) = self.place(index)?;
        Some((chunk.get(at)?, chunk.mark(at)?))
    }

    /// Whether the record set a field more than once, so that it may be as it was before.
    pub(super) fn repeats(&self, index: usize) -> bool {
        self.place(index).is_some_and(|(chunk, at)| u16::try_from(at).is_ok_and(|at| chunk.repeats(at)))
    }

    /// What the record changed.
    pub(super) fn changes_at(&self, index: usize) -> Vec<Change> {
        let Some(mut walk) = self.walk() else { return Vec::new() };
        walk.go_before(index);
        let before = walk.state().clone();
        walk.go_after(index);
        changes(self.aggregate(), &before, walk.state())
    }

    /// The states of its records, of one after the other; further ones are reached by the states that are kept.
    pub(super) fn walk(&self) -> Option<Walk<'_>> {
        let first = self.keyframes.first()?;
        Some(Walk { segment: self, state: first.state.clone(), at: first.at, next: 1, changed: Vec::new() })
    }
}

/// A place in a segment and the state there; it only goes forwards.
pub(super) struct Walk<'a> {
    segment: &'a Segment,
    state: State,
    /// The state is that before this record.
    at: usize,
    /// The first keyframe that was not passed.
    next: usize,
    changed: Vec<Arc<str>>,
}

impl Walk<'_> {
    /// Goes before a record that it is not past.
    pub fn go_before(&mut self, index: usize) {
        let kept = &self.segment.keyframes;
        let passed = self.next + kept[self.next.min(kept.len())..].partition_point(|kept| kept.at <= index);
        if passed > self.next {
            self.next = passed;
            let nearest = &kept[passed - 1];
            if nearest.at > self.at {
                (self.state, self.at) = (nearest.state.clone(), nearest.at);
            }
        }
        while self.at < index {
            self.step();
        }
    }

    pub fn go_after(&mut self, index: usize) {
        self.go_before(index);
        if self.at <= index {
            self.step();
        }
    }

    pub fn state(&self) -> &State {
        &self.state
    }

    /// The fields that the last step set; one that repeats may be as it was.
    pub fn changed(&self) -> &[Arc<str>] {
        &self.changed
    }

    /// Only a folded event changes the state.
    fn step(&mut self) {
        self.changed.clear();
        if let Some((record, Mark::Folded)) = self.segment.get(self.at) {
            self.segment.aggregate.apply(&mut self.state, record, &mut self.changed);
        }
        self.at += 1;
    }
}
