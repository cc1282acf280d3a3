//! Which events set the fields of a state, where no history is kept.

use super::problem_sentence::problem_sentence;
use crate::aggregate::Problem;
use crate::record::Revision;
use std::collections::HashMap;
use std::sync::Arc;

/// Who set the fields of a state that is folded event by event.
#[derive(Debug, Default)]
pub struct Setters(HashMap<Arc<str>, Revision>);

impl Setters {
    /// The problem's whole sentence, after the event at the last revision.
    pub fn sentence(&self, problem: &Problem, last: Option<Revision>) -> String {
        let since = problem.contradicts.as_ref().and_then(|field| self.0.get(field).copied());
        problem_sentence(problem, since, last)
    }

    /// The event at this revision changed the fields.
    pub fn set(&mut self, changed: impl Iterator<Item = Arc<str>>, revision: Revision) {
        self.0.extend(changed.map(|field| (field, revision)));
    }
}
