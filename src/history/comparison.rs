//! Two folds of one stream, side by side.

use super::replay::{Mark, Replay};
use crate::aggregate::number::{self, is_number};
use crate::aggregate::{Aggregate, Field, Problem, leaves};
use crate::record::{RecordRef, Revision, StreamName};
use std::cmp::Ordering;
use std::sync::Arc;

/// Where the states of two folds differ. A problem of one fold alone is none by itself: it keeps the state as it was, and what
/// follows from that differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// The first revision after which they do.
    pub first: Revision,
    /// Whether they do after the last event, too.
    pub at_end: bool,
}

/// Two folds that go through the same records.
#[derive(Debug)]
pub struct Comparison {
    one: Replay,
    other: Replay,
    first: Option<Revision>,
}

impl Comparison {
    pub fn new(one: Arc<dyn Aggregate>, other: Arc<dyn Aggregate>, stream: &StreamName) -> Self {
        let replay = |aggregate| Replay::new(aggregate, stream.clone());
        Self { one: replay(one), other: replay(other), first: None }
    }

    /// The next event; answers what the first fold does, as [`Replay::apply`] does.
    pub fn apply<'a>(
        &mut self,
        record: impl Into<RecordRef<'a>>,
        changed: &mut Vec<Arc<str>>,
    ) -> Option<(Mark, Option<Problem>)> {
        let record = record.into();
        let one = self.one.apply(record, changed)?;
        let (other, _) = self.other.apply(record, &mut Vec::new())?;
        // Only a folded event changes a state, and a truncated beginning sets both.
        let may_differ = self.one.events() == 1 || one.0 == Mark::Folded || other == Mark::Folded;
        if self.first.is_none() && may_differ && self.differs() {
            self.first = Some(record.revision);
        }
        Some(one)
    }

    /// The first of the two folds.
    pub fn one(&self) -> &Replay {
        &self.one
    }

    /// As far as the records were applied.
    pub fn difference(&self) -> Option<Difference> {
        self.first.map(|first| Difference { first, at_end: self.differs() })
    }

    fn differs(&self) -> bool {
        let fields = |replay: &Replay| replay.aggregate().fields(replay.state());
        match (fields(&self.one), fields(&self.other)) {
            (Some(one), Some(other)) => one != other && !are_equal(&one, &other),
            (one, other) => one.is_some() != other.is_some(),
        }
    }
}

/// Whether they have the same values, in whatever order: 1.50 and 1.5 are the same number.
fn are_equal(one: &[Field], other: &[Field]) -> bool {
    let sorted = |fields| {
        let mut leaves = leaves(fields);
        leaves.sort_unstable_by_key(|(path, _)| *path);
        leaves
    };
    let (one, other) = (sorted(one), sorted(other));
    let same_value = |one: &str, other: &str| one == other || same_number(one, other);
    one.len() == other.len()
        && one.iter().zip(&other).all(|(one, other)| one.0 == other.0 && same_value(one.1, other.1))
}

fn same_number(one: &str, other: &str) -> bool {
    let both = is_number(one) && is_number(other);
    let value = |token| number::value(token);
    both && matches!((value(one), value(other)), (Some(one), Some(other)) if one.cmp(&other) == Ordering::Equal)
}
