//! The newest records of a stream, shown until the reading from its beginning comes to them.

use crate::history::{DayStarts, Timeline};
use crate::record::{Record, Revision};
use jiff::tz::TimeZone;
use std::collections::VecDeque;
use std::sync::Arc;

/// In the order of the stream; none of them is in the timeline.
#[derive(Debug)]
pub(super) struct NewestPage {
    records: VecDeque<Arc<Record>>,
    days: DayStarts,
}

impl Default for NewestPage {
    fn default() -> Self {
        Self { records: VecDeque::new(), days: DayStarts::new(TimeZone::UTC) }
    }
}

impl NewestPage {
    /// What the timeline holds already is left out.
    pub fn new(records: Vec<Record>, timeline: &Timeline) -> Self {
        let mut page = Self { records: records.into_iter().map(Arc::new).collect(), ..Self::default() };
        page.records.retain(|record| timeline.last_revision().is_none_or(|last| record.revision > last));
        page.count_days(timeline);
        page
    }

    /// Records that are in the timeline now are left out.
    pub fn follow(&mut self, timeline: &Timeline) {
        let before = self.records.len();
        let read = timeline.last_revision();
        while read.is_some_and(|read| self.first().is_some_and(|first| first <= read)) {
            self.records.pop_front();
        }
        if self.records.len() != before {
            self.count_days(timeline);
        }
    }

    fn count_days(&mut self, timeline: &Timeline) {
        let last = timeline.len().checked_sub(1).and_then(|last| timeline.get(last));
        let follows = |revision: Revision| self.first() == Some(Revision(revision.0 + 1));
        let last = last.filter(|last| follows(last.revision)).map(|last| last.created);
        let mut days = DayStarts::new(TimeZone::system()).after(last);
        self.records.iter().for_each(|record| days.push(record.created));
        self.days = days;
    }

    /// Their rows in a table, with those of the days.
    pub fn days(&self) -> &DayStarts {
        &self.days
    }

    pub fn len(&self) -> usize {
        self.records.len()
    }

    pub fn get(&self, at: usize) -> Option<&Arc<Record>> {
        self.records.get(at)
    }

    pub fn at_revision(&self, revision: Revision) -> Option<usize> {
        self.records.binary_search_by_key(&revision, |record| record.revision).ok()
    }

    pub fn first(&self) -> Option<Revision> {
        self.records.front().map(|record| record.revision)
    }

    pub fn last(&self) -> Option<Revision> {
        self.records.back().map(|record| record.revision)
    }
}
