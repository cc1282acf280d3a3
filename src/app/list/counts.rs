//! How many rows of a list have which status, counted as rows come and change.

use crate::aggregate::Status;
use crate::store::{Presence, StreamRow};
use std::sync::Arc;

#[derive(Debug, Default)]
pub struct Counts {
    /// In the order of ranks and words; few, because definitions have few.
    statuses: Vec<(Arc<Status>, usize)>,
    with_problems: usize,
    gone: usize,
    unknown: usize,
    problems: u64,
}

impl Counts {
    /// Whether a status is new.
    pub fn add(&mut self, row: &StreamRow) -> bool {
        self.with_problems += usize::from(row.problems > 0);
        self.gone += usize::from(is_gone(row));
        self.unknown += usize::from(row.presence == Presence::Unknown);
        self.problems += u64::from(row.problems);
        let Some(status) = &row.status else { return false };
        match self.place(status) {
            Ok(place) => {
                self.statuses[place].1 += 1;
                self.statuses[place].1 == 1
            }
            Err(place) => {
                self.statuses.insert(place, (status.clone(), 1));
                true
            }
        }
    }

    /// Whether it was the last of its status.
    pub fn remove(&mut self, row: &StreamRow) -> bool {
        self.with_problems -= usize::from(row.problems > 0);
        self.gone -= usize::from(is_gone(row));
        self.unknown -= usize::from(row.presence == Presence::Unknown);
        self.problems -= u64::from(row.problems);
        let Some(place) = row.status.as_ref().and_then(|status| self.place(status).ok()) else {
            return false;
        };
        self.statuses[place].1 -= 1;
        self.statuses[place].1 == 0
    }

    fn place(&self, status: &Status) -> Result<usize, usize> {
        let key = |status: &Status| (status.rank, status.word.clone());
        match self.statuses.iter().position(|(known, _)| **known == *status) {
            Some(place) => Ok(place),
            None => Err(self.statuses.partition_point(|(known, _)| key(known) <= key(status))),
        }
    }

    /// The statuses that rows have and that are known to their aggregates.
    pub fn statuses(&self) -> Vec<Arc<Status>> {
        let known = self.statuses.iter().filter(|(status, count)| *count > 0 && status.rank != usize::MAX);
        let mut all: Vec<_> = known.map(|(status, _)| status.clone()).collect();
        all.dedup_by(|a, b| (a.rank, &a.word) == (b.rank, &b.word));
        all
    }

    /// Rows with this status.
    pub fn of(&self, status: &Status) -> usize {
        self.place(status).map_or(0, |place| self.statuses[place].1)
    }

    /// Rows with problems.
    pub fn with_problems(&self) -> usize {
        self.with_problems
    }

    /// Rows of streams that are deleted.
    pub fn gone(&self) -> usize {
        self.gone
    }

    /// Rows of streams of which nobody knows what they were.
    pub fn unknown(&self) -> usize {
        self.unknown
    }

    /// Problems of all rows.
    pub fn problems(&self) -> u64 {
        self.problems
    }
}

pub fn is_gone(row: &StreamRow) -> bool {
    matches!(row.presence, Presence::Deleted | Presence::Tombstoned)
}
