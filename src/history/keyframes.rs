//! States that are kept, so that any other is a few events away; all of them within a budget of memory.

use super::chunk::Keyframe;
use crate::aggregate::State;

/// Bytes of all kept states.
const BUDGET: usize = 64 << 20;

/// How many states are kept, what they take in bytes, and the longest way from one to the next in events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kept {
    pub count: usize,
    pub size: usize,
    pub longest: usize,
}

/// States before records, by the index of the record; the first is before the first, and is never given up.
#[derive(Debug)]
pub struct Keyframes {
    kept: Vec<Keyframe>,
    size: usize,
    /// Fewest events from one to the next; doubled where the budget is spent.
    every: usize,
    pub budget: usize,
}

impl Keyframes {
    pub fn beginning(state: State) -> Self {
        Self { kept: vec![Keyframe { at: 0, state, size: 0 }], size: 0, every: 1, budget: BUDGET }
    }

    /// This is the state before the first record.
    pub fn begin_with(&mut self, state: State) {
        self.clear();
        self.kept.push(Keyframe { at: 0, state, size: 0 });
    }

    pub fn clear(&mut self) {
        self.kept.clear();
        (self.size, self.every) = (0, 1);
    }

    /// Adds those of a chunk that begins at this index.
    pub fn extend(&mut self, start: usize, keyframes: Vec<Keyframe>) {
        for keyframe in keyframes {
            let at = start + keyframe.at;
            if self.kept.last().is_none_or(|last| at - last.at >= self.every) {
                self.size += keyframe.size;
                self.kept.push(Keyframe { at, ..keyframe });
            }
        }
        while self.size > self.budget && self.kept.len() > 2 {
            self.thin_out();
        }
    }

    /// Keeps those that are twice as far apart as before.
    fn thin_out(&mut self) {
        let shortest = self.kept.windows(2).map(|pair| pair[1].at - pair[0].at).min().unwrap_or(1);
        self.every = 2 * self.every.max(shortest);
        let mut last = None;
        self.kept.retain(|keyframe| {
            let keeps = last.is_none_or(|last| keyframe.at - last >= self.every);
            if keeps {
                last = Some(keyframe.at);
            }
            keeps
        });
        self.size = self.kept.iter().map(|keyframe| keyframe.size).sum();
    }

    pub fn kept(&self) -> Kept {
        let ways = self.kept.windows(2).map(|pair| pair[1].at - pair[0].at);
        Kept { count: self.kept.len(), size: self.size, longest: ways.max().unwrap_or(0) }
    }

    pub fn first(&self) -> Option<&State> {
        self.kept.first().map(|keyframe| &keyframe.state)
    }

    /// From the nearest one at or before a record to those before another.
    pub fn between(&self, from: usize, to: usize) -> Vec<Keyframe> {
        let first = self.kept.partition_point(|keyframe| keyframe.at <= from).saturating_sub(1);
        let end = self.kept.partition_point(|keyframe| keyframe.at < to).max(first + 1);
        self.kept.get(first..end).unwrap_or_default().to_vec()
    }

    /// The index of the last one.
    pub fn last(&self) -> usize {
        self.kept.last().map_or(0, |keyframe| keyframe.at)
    }

    /// The nearest at or before a record.
    pub fn before(&self, index: usize) -> Option<(usize, &State)> {
        let after = self.kept.partition_point(|keyframe| keyframe.at <= index);
        let keyframe = self.kept.get(after.checked_sub(1)?)?;
        Some((keyframe.at, &keyframe.state))
    }
}
