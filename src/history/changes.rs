//! What differs between two states.

use crate::aggregate::{Aggregate, Field, State, leaves};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A field whose value an event changed; `None` where it did not exist.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub field: Arc<str>,
    pub before: Option<Arc<str>>,
    pub after: Option<Arc<str>>,
}

/// The fields of which the two states differ, in display order; those that are gone last.
pub fn changes(aggregate: &dyn Aggregate, before: &State, after: &State) -> Vec<Change> {
    if before.is(after) {
        return Vec::new();
    }
    let later = aggregate.fields(after).unwrap_or_default();
    among(aggregate, before, &later, |_| true)
}

/// The same where it is known which fields may differ, and how the later state shows itself.
pub fn changes_among(
    aggregate: &dyn Aggregate,
    before: &State,
    after: &[Field],
    fields: &[Arc<str>],
) -> Vec<Change> {
    if fields.is_empty() {
        return Vec::new();
    }
    let fields: HashSet<&str> = fields.iter().map(|field| &**field).collect();
    among(aggregate, before, after, |path| fields.contains(path))
}

fn among(
    aggregate: &dyn Aggregate,
    before: &State,
    after: &[Field],
    may_differ: impl Fn(&str) -> bool,
) -> Vec<Change> {
    let before = aggregate.fields(before).unwrap_or_default();
    let of = |fields| leaves(fields).into_iter().filter(|(path, _)| may_differ(path)).collect();
    let (before, after): (Vec<_>, Vec<_>) = (of(&before), of(after));
    let earlier: HashMap<_, _> = before.iter().copied().collect();
    let later: HashMap<_, _> = after.iter().copied().collect();
    let change = |path: &Arc<str>| Change {
        field: path.clone(),
        before: earlier.get(path).map(|&token| token.clone()),
        after: later.get(path).map(|&token| token.clone()),
    };
    let gone = before.iter().filter(|(path, _)| !later.contains_key(path));
    let all = after.iter().chain(gone).map(|(path, _)| path);
    let differs = |path: &&Arc<str>| earlier.get(*path) != later.get(*path);
    all.copied().filter(differs).map(change).collect()
}
