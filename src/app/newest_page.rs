//! The newest records of a stream, shown until the reading from its beginning comes to them.

use crate::record::{Record, Revision};
use std::collections::VecDeque;
use std::sync::Arc;

/// In the order of the stream; none of them is in the timeline.
#[derive(Debug, Default)]
pub(super) struct NewestPage(VecDeque<Arc<Record>>);

impl NewestPage {
    pub fn new(records: Vec<Record>) -> Self {
        Self(records.into_iter().map(Arc::new).collect())
    }

    /// All up to this revision are in the timeline now.
    pub fn read_until(&mut self, read: Option<Revision>) {
        while read.is_some_and(|read| self.first().is_some_and(|first| first <= read)) {
            self.0.pop_front();
        }
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn get(&self, at: usize) -> Option<&Arc<Record>> {
        self.0.get(at)
    }

    pub fn at_revision(&self, revision: Revision) -> Option<usize> {
        self.0.binary_search_by_key(&revision, |record| record.revision).ok()
    }

    pub fn first(&self) -> Option<Revision> {
        self.0.front().map(|record| record.revision)
    }

    pub fn last(&self) -> Option<Revision> {
        self.0.back().map(|record| record.revision)
    }
}
