//! Time as the shell tells it, for a filter that asks how long ago the last event was.

use super::row_order::index;
use super::{Filtering, List};
use crate::record::Created;
use crate::store::StreamRow;

/// Shortest time between two looks at the rows, in ticks of 100 ns.
const SHORTEST: i64 = 10_000_000;

impl List {
    /// When the list wants to be told the time; `None` where it asks for no age.
    pub fn due(&self) -> Option<Created> {
        self.filter.due
    }

    /// It is so late: judges again the rows whose last event came of an age that is asked for.
    pub fn set_clock(&mut self, now: Created) {
        self.filter.now = now;
        let Some(meeting) = self.filter.meeting.as_mut().filter(|meeting| !meeting.ages().is_empty()) else {
            return;
        };
        let before = meeting.set_now(now);
        let passed = before.0.min(now.0)..=before.0.max(now.0);
        for (at, row) in self.rows.iter().enumerate() {
            let crosses = crossings(row, meeting.ages()).any(|crossing| passed.contains(&crossing));
            if crosses && !self.absent.contains(&index(at)) {
                meeting.replace(&self.registry, at, row);
                self.stale.filter = Filtering::Other;
            }
        }
        self.await_crossing();
    }

    /// Finds when the next row comes of an age that is asked for.
    pub(super) fn await_crossing(&mut self) {
        self.filter.due = None;
        let Some(meeting) = &self.filter.meeting else { return };
        let now = meeting.now().0;
        let all = self.rows.iter().flat_map(|row| crossings(row, meeting.ages()));
        let next = all.filter(|crossing| *crossing > now).min();
        self.filter.due = next.map(|next| Created(next.max(now.saturating_add(SHORTEST))));
    }

    /// A row came or changed.
    pub(super) fn await_row(&mut self, at: u32) {
        let Some(meeting) = &self.filter.meeting else { return };
        let row = &self.rows[at as usize];
        let now = meeting.now().0;
        let next = crossings(row, meeting.ages()).filter(|crossing| *crossing > now).min();
        let due = self.filter.due.map(|due| due.0).into_iter().chain(next).min();
        self.filter.due = due.map(|due| Created(due.max(now.saturating_add(SHORTEST))));
    }
}

/// When the row's last event comes of each age.
fn crossings<'a>(row: &StreamRow, ages: &'a [i64]) -> impl Iterator<Item = i64> + use<'a> {
    let last = row.last_event;
    ages.iter().filter_map(move |age| last?.0.checked_add(*age))
}
