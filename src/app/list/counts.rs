//! How many rows of a list are of which class, counted as rows come and change.

use crate::aggregate::Status;
use crate::store::{Presence, StreamRow};
use std::sync::Arc;

/// What facets look at of a row.
#[derive(Debug, PartialEq)]
pub struct Class {
    pub status: Option<Arc<Status>>,
    pub presence: Presence,
    pub is_truncated: bool,
    pub has_problems: bool,
}

impl Class {
    fn of(row: &StreamRow) -> Self {
        Self {
            status: row.status.clone(),
            presence: row.presence,
            is_truncated: row.is_truncated(),
            has_problems: row.problems > 0,
        }
    }

    fn is_of(&self, row: &StreamRow) -> bool {
        let Self { status, presence, is_truncated, has_problems } = self;
        *presence == row.presence
            && *is_truncated == row.is_truncated()
            && *has_problems == (row.problems > 0)
            && *status == row.status
    }
}

/// The class of each row. Classes are few, because statuses are.
#[derive(Debug, Default)]
pub struct Classes {
    all: Vec<Class>,
    of_rows: Vec<u32>,
}

impl Classes {
    /// Takes the class of a row: one that is known, or the next one.
    pub fn set(&mut self, at: u32, row: &StreamRow) {
        let known = self.all.iter().position(|class| class.is_of(row));
        let class = known.unwrap_or_else(|| {
            self.all.push(Class::of(row));
            self.all.len() - 1
        });
        let (at, class) = (at as usize, u32::try_from(class).unwrap_or(u32::MAX));
        match self.of_rows.get_mut(at) {
            Some(before) => *before = class,
            None => self.of_rows.push(class),
        }
    }

    pub fn get(&self, at: u32) -> Option<&Class> {
        self.all.get(self.place(at))
    }

    /// The place of the row's class among all.
    pub fn place(&self, at: u32) -> usize {
        self.of_rows.get(at as usize).map_or(usize::MAX, |class| *class as usize)
    }

    /// Of each class.
    pub fn are(&self, is: impl Fn(&Class) -> bool) -> Vec<bool> {
        self.all.iter().map(is).collect()
    }

    /// The statuses that counted rows have and that are known to their aggregates, by rank and word.
    pub fn statuses(&self, counts: &Counts) -> Vec<Arc<Status>> {
        let counted = self.all.iter().zip(&counts.of_classes).filter(|(_, count)| **count > 0);
        let mut all: Vec<_> = counted.filter_map(|(class, _)| class.status.clone()).collect();
        all.retain(|status| status.rank != usize::MAX);
        let key = |status: &Arc<Status>| (status.rank, status.word.clone());
        all.sort_by_key(key);
        all.dedup_by(|a, b| key(a) == key(b));
        all
    }

    /// Counted rows whose class is so.
    pub fn count(&self, counts: &Counts, is: impl Fn(&Class) -> bool) -> usize {
        let counted = self.all.iter().zip(&counts.of_classes);
        counted.filter(|(class, _)| is(class)).map(|(_, count)| *count).sum()
    }
}

#[derive(Debug, Default)]
pub struct Counts {
    of_classes: Vec<usize>,
    rows: usize,
    problems: u64,
}

impl Counts {
    /// A row of this class with so many problems; whether it is the first of its class.
    pub fn add(&mut self, class: usize, problems: u32) -> bool {
        if class >= self.of_classes.len() {
            self.of_classes.resize(class + 1, 0);
        }
        self.of_classes[class] += 1;
        self.rows += 1;
        self.problems += u64::from(problems);
        self.of_classes[class] == 1
    }

    /// A row that was added; whether it was the last of its class.
    pub fn remove(&mut self, class: usize, problems: u32) -> bool {
        let Some(count) = self.of_classes.get_mut(class).filter(|count| **count > 0) else { return false };
        *count -= 1;
        self.rows -= 1;
        self.problems -= u64::from(problems);
        *count == 0
    }

    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Problems of all rows.
    pub fn problems(&self) -> u64 {
        self.problems
    }
}
