//! Objects and arrays of a JSON text whose inside is not shown, each known by the place of its bracket.

use std::collections::BTreeSet;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folds {
    /// From this depth on all are folded, where they are not among the others.
    below: Option<usize>,
    others: BTreeSet<u32>,
}

impl Folds {
    /// All that stand at this depth or deeper; the outermost stands at 0.
    pub fn from(depth: usize) -> Self {
        Self { below: Some(depth), others: BTreeSet::new() }
    }

    pub fn is_folded(&self, bracket: u32, depth: usize) -> bool {
        self.below.is_some_and(|below| depth >= below) != self.others.contains(&bracket)
    }

    pub fn toggle(&mut self, bracket: u32) {
        if !self.others.remove(&bracket) {
            self.others.insert(bracket);
        }
    }
}

/// Whether the lines that follow this one of a JSON text are inside of it.
pub fn opens(line: &str) -> bool {
    line.ends_with("{\n") || line.ends_with("[\n")
}

/// Whether it ends what an earlier one opened.
pub fn closes(line: &str) -> bool {
    line.starts_with(['}', ']'])
}
