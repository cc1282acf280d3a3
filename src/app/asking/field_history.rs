//! The changes of one field: found once, with the values of those that are in view and of some for a chart.

use super::chart::Chart;
use crate::history::{FieldChange, FieldScan};
use std::ops::Range;
use std::sync::Arc;

/// Values that are kept beside those in view, on either side.
const AROUND: usize = 32;

/// For what values are worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    InView,
    Chart,
}

#[derive(Debug)]
pub struct FieldHistory {
    path: Arc<str>,
    /// Indexes of the records that changed it.
    changed: Vec<u32>,
    /// Records that were looked at, from the first on.
    scanned: usize,
    in_view: Range<usize>,
    /// Of the changes from the place on.
    values: Vec<FieldChange>,
    values_from: usize,
    chart: Chart,
}

impl FieldHistory {
    pub(super) fn new(path: Arc<str>) -> Self {
        Self {
            path,
            changed: Vec::new(),
            scanned: 0,
            in_view: 0..0,
            values: Vec::new(),
            values_from: 0,
            chart: Chart::default(),
        }
    }

    pub fn path(&self) -> &Arc<str> {
        &self.path
    }

    /// Records that were looked at.
    pub fn scanned(&self) -> usize {
        self.scanned
    }

    pub fn len(&self) -> usize {
        self.changed.len()
    }

    pub fn is_empty(&self) -> bool {
        self.changed.is_empty()
    }

    /// The record of a change.
    pub fn record(&self, place: usize) -> Option<usize> {
        self.changed.get(place).map(|&at| at as usize)
    }

    /// The values around a change, once they are known.
    pub fn values(&self, place: usize) -> Option<&FieldChange> {
        self.values.get(place.checked_sub(self.values_from)?)
    }

    pub fn chart(&self) -> &Chart {
        &self.chart
    }

    /// The last change at or before a record, by its place.
    pub fn place_until(&self, index: Option<usize>) -> Option<usize> {
        self.changed
            .partition_point(|&at| at as usize <= index.unwrap_or(0))
            .checked_sub(1)
            .filter(|_| index.is_some())
    }

    /// The record of the next change after a record, or of the last one before it.
    pub fn change_after(&self, index: Option<usize>) -> Option<usize> {
        self.record(self.place_until(index).map_or(0, |place| place + 1))
    }

    pub fn change_before(&self, index: usize) -> Option<usize> {
        self.record(self.changed.partition_point(|&at| (at as usize) < index).checked_sub(1)?)
    }

    pub(super) fn extend(&mut self, scan: FieldScan) {
        if scan.records.start == self.scanned {
            self.scanned = scan.records.end;
            self.changed.extend(scan.changed);
            self.chart.reaches(self.changed.len());
        }
    }

    /// Whether these are asked for already.
    pub fn shows(&self, places: &Range<usize>) -> bool {
        places.is_empty() || (self.in_view.start <= places.start && places.end <= self.in_view.end)
    }

    pub(super) fn look_at(&mut self, places: Range<usize>) {
        if !self.shows(&places) {
            self.in_view = places.start.saturating_sub(AROUND)..places.end + AROUND;
        }
    }

    /// The records whose values are asked for and not known: those in view, or else those of the chart, and which of the two.
    pub(super) fn missing(&self) -> Option<(Vec<u32>, Wanted)> {
        let wanted = self.in_view.start..self.in_view.end.min(self.changed.len());
        let known = self.values_from..self.values_from + self.values.len();
        let are_known = known.start <= wanted.start && wanted.end <= known.end;
        if !wanted.is_empty() && !are_known {
            return Some((self.changed[wanted].to_vec(), Wanted::InView));
        }
        let places = self.chart.missing(self.changed.len());
        let records: Vec<u32> = places.filter_map(|place| self.changed.get(place).copied()).collect();
        (!records.is_empty()).then_some((records, Wanted::Chart))
    }

    pub(super) fn take_values(&mut self, values: Vec<(u32, FieldChange)>, wanted: Wanted) {
        match (values.first(), wanted) {
            (None, _) => {}
            (Some(_), Wanted::Chart) => {
                self.chart.take(values.iter().map(|(_, value)| value.after.as_deref()));
            }
            (Some(&(first, _)), Wanted::InView) => {
                self.values_from = self.changed.partition_point(|&at| at < first);
                self.values = values.into_iter().map(|(_, value)| value).collect();
            }
        }
    }
}
