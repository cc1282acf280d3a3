//! Two states, field by field.

use crate::aggregate::{Field, leaves};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

/// A field of two states; `None` where a state does not have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparedField {
    pub path: Arc<str>,
    pub left: Option<Arc<str>>,
    pub right: Option<Arc<str>>,
}

/// How a field's sides stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldSign {
    Same,
    Changed,
    OnlyLeft,
    OnlyRight,
}

impl ComparedField {
    pub fn sign(&self) -> FieldSign {
        match (&self.left, &self.right) {
            (Some(left), Some(right)) if left == right => FieldSign::Same,
            (Some(_), Some(_)) => FieldSign::Changed,
            (Some(_), None) => FieldSign::OnlyLeft,
            (None, _) => FieldSign::OnlyRight,
        }
    }
}

/// Every field of either state, those of the right one first and in its order; values are compared as they are stored.
pub fn compare_states(left: &[Field], right: &[Field]) -> Vec<ComparedField> {
    let (left, right) = (leaves(left), leaves(right));
    let of_left: HashMap<_, _> = left.iter().copied().collect();
    let on_right: HashSet<_> = right.iter().map(|(path, _)| *path).collect();
    let both = right.iter().map(|&(path, token)| ComparedField {
        path: path.clone(),
        left: of_left.get(path).map(|&token| token.clone()),
        right: Some(token.clone()),
    });
    let gone = left
        .iter()
        .filter(|(path, _)| !on_right.contains(*path))
        .map(|&(path, token)| ComparedField { path: path.clone(), left: Some(token.clone()), right: None });
    both.chain(gone).collect()
}
