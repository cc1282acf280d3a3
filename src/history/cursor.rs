//! Where a person stands in a history.

use super::Timeline;
use crate::record::{Created, Revision};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Cursor {
    /// Before the first event: a place to stand.
    Origin,
    At(Revision),
    /// On the newest event, and on the next one when it comes.
    #[default]
    Live,
}

impl Cursor {
    /// `by` events on (or back), never past the ends.
    #[must_use]
    pub fn step(self, timeline: &Timeline, by: i64) -> Self {
        let last = i64::try_from(timeline.len()).unwrap_or(i64::MAX) - 1;
        let at = self.index(timeline).map_or(-1, |i| i64::try_from(i).unwrap_or(i64::MAX));
        let to = at.saturating_add(by).clamp(-1, last);
        if to == at { self } else { Self::on(timeline, usize::try_from(to).ok()) }
    }

    /// The cursor on this record, or before the first one.
    pub fn on(timeline: &Timeline, index: Option<usize>) -> Self {
        index.and_then(|i| timeline.get(i)).map_or(Self::Origin, |record| Self::At(record.revision))
    }

    /// The record under the cursor; `None` before the first.
    pub fn index(self, timeline: &Timeline) -> Option<usize> {
        match self {
            Self::Origin => None,
            Self::At(revision) => timeline.index_at(revision),
            Self::Live => timeline.len().checked_sub(1),
        }
    }

    /// The last event, in the order of the stream, stored at or before this time; clocks go backwards in real logs.
    pub fn at_time(timeline: &Timeline, time: Created) -> Self {
        Self::on(timeline, timeline.density().last_until(time))
    }

    /// The nearest problem after (or before) the cursor.
    pub fn problem(self, timeline: &Timeline, forwards: bool) -> Option<Self> {
        let at = self.index(timeline);
        let density = timeline.density();
        let found =
            if forwards { density.problem_after(at) } else { at.and_then(|at| density.problem_before(at)) };
        found.map(|index| Self::on(timeline, Some(index)))
    }
}
