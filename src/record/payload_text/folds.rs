//! Objects and arrays of a JSON text whose inside is not shown, each known by the place of its bracket.

use std::collections::BTreeSet;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folds {
    /// Whether all but the outermost are folded, where they are not among the others.
    all: bool,
    others: BTreeSet<u32>,
}

impl Folds {
    /// All but the outermost.
    pub fn all() -> Self {
        Self { all: true, others: BTreeSet::new() }
    }

    pub fn is_folded(&self, bracket: u32, depth: usize) -> bool {
        (self.all && depth > 0) != self.others.contains(&bracket)
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
