//! The categories of the database, as far as they were counted.

use std::sync::Arc;

/// Every stream, of whatever category.
pub const ALL_STREAMS: &str = "*";

/// Categories by name, those of the system last.
#[derive(Debug, Default)]
pub struct Categories {
    counted: Vec<(Arc<str>, u64)>,
    complete: bool,
    generation: u64,
}

impl Categories {
    pub(super) fn begin_again(&mut self) {
        *self = Self { generation: self.generation + 1, ..Self::default() };
    }

    /// While they are counted once more, what was counted before stays.
    pub(super) fn count(&mut self, mut counted: Vec<(Arc<str>, u64)>, complete: bool) {
        if self.complete && !complete {
            return;
        }
        counted.sort_by(|(a, _), (b, _)| (a.starts_with('$'), a).cmp(&(b.starts_with('$'), b)));
        self.counted = counted;
        self.complete = complete;
        self.generation += 1;
    }

    /// Whether all that was there is counted.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    pub fn is_empty(&self) -> bool {
        self.counted.is_empty()
    }

    /// Categories so far.
    pub fn len(&self) -> usize {
        self.counted.len()
    }

    /// Another number where it may be other categories.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Streams of all categories.
    pub fn streams(&self) -> u64 {
        self.counted.iter().map(|(_, streams)| streams).sum()
    }

    /// Streams of one category.
    pub fn count_of(&self, category: &str) -> Option<u64> {
        self.counted.iter().find(|(name, _)| &**name == category).map(|(_, streams)| *streams)
    }

    /// Those whose name holds the text, in lower case; those that begin with it first.
    pub fn matching(&self, low: &str) -> Vec<(&Arc<str>, u64)> {
        let fits = |begins: bool| {
            self.counted.iter().filter(move |(name, _)| {
                let name = name.to_lowercase();
                name.contains(low) && name.starts_with(low) == begins
            })
        };
        fits(true).chain(fits(false)).map(|(name, streams)| (name, *streams)).collect()
    }
}

/// The category that a text names: `foo`, `foo-*`, or a stream of it; `*` for all.
pub fn named_category(text: &str) -> Option<&str> {
    let text = text.trim();
    let name = text.split_once('-').map_or(text, |(category, _)| category);
    (!name.is_empty()).then_some(name)
}
