//! Where the local day changes in a run of events, so that a table gives each change a row of its own.

use crate::record::Created;
use jiff::tz::TimeZone;

/// The events that are of another local day than the event before them; grows with the run.
#[derive(Debug)]
pub struct DayStarts {
    zone: TimeZone,
    /// Their indexes, in order.
    starts: Vec<u32>,
    len: usize,
    last_day: Option<i64>,
}

/// A row of such a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DayRow {
    /// The day that the event of this index begins; right before the event's own row.
    Day(usize),
    Event(usize),
}

impl DayStarts {
    pub fn new(zone: TimeZone) -> Self {
        Self { zone, starts: Vec::new(), len: 0, last_day: None }
    }

    /// Of a run that follows an event of this time.
    #[must_use]
    pub fn after(mut self, before: Option<Created>) -> Self {
        self.last_day = before.map(|before| before.local_day(&self.zone));
        self
    }

    pub fn push(&mut self, created: Created) {
        let day = created.local_day(&self.zone);
        if self.last_day.replace(day).is_some_and(|last| last != day) {
            self.starts.push(u32::try_from(self.len).unwrap_or(u32::MAX));
        }
        self.len += 1;
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// How many rows there are, days and events.
    pub fn rows(&self) -> usize {
        self.len + self.starts.len()
    }

    /// The row of the event of this index.
    pub fn row_of(&self, index: usize) -> usize {
        index + self.starts.partition_point(|&start| start as usize <= index)
    }

    pub fn at(&self, row: usize) -> Option<DayRow> {
        // Each day's row lies as far behind its event's index as there are days before it.
        let (mut low, mut high) = (0, self.starts.len());
        while low < high {
            let middle = low.midpoint(high);
            if self.starts[middle] as usize + middle < row { low = middle + 1 } else { high = middle }
        }
        if self.starts.get(low).is_some_and(|&start| start as usize + low == row) {
            return Some(DayRow::Day(row - low));
        }
        (row < self.rows()).then(|| DayRow::Event(row - low))
    }
}
