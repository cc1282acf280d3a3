//! What differs between two states.

use crate::aggregate::{Aggregate, State, leaves};
use std::collections::HashMap;
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
    let all = after.iter().chain(gone).map(|(path, _)| path);
    let differs = |path: &&Arc<str>| earlier.get(*path) != later.get(*path);
    all.copied().filter(differs).map(change).collect()
}
