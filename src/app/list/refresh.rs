//! How the view of the list is brought up to date.

use super::counts::Counts;
use super::{Facet, Filtering, List, Sort, Stale, Status, View, index};
use crate::aggregate::Column;
use crate::store::{RowSort, last_deciding, shared_columns};
use std::sync::Arc;

/// Of so many rows, one that met the filter before is few enough to look at each of them by itself.
const FEW: usize = 8;

impl List {
    /// Brings the view up to date; call before drawing.
    pub fn refresh(&mut self) {
        self.go_on_judging();
        let is_same = self.changed.is_empty() && self.stale == Stale::default();
        if is_same && !self.view.order.go_on(&self.rows) {
            return;
        }
        if self.stale.statuses {
            self.describe_statuses();
        }
        if self.stale.columns {
            self.describe_columns();
        }
        let stale = std::mem::take(&mut self.stale);
        if stale.order {
            self.view.order.sort(&self.rows, self.row_sort());
        }
        self.view.order.update(&self.rows, &self.changed);
        self.view.order.go_on(&self.rows);
        self.filter_rows(stale.filter);
        for at in self.changed.drain(..) {
            self.has_changed[at as usize] = false;
        }
        self.generation += 1;
    }

    pub(super) fn row_sort(&self) -> RowSort {
        let sort = match self.sort {
            Sort::LastEvent => RowSort::LastEvent,
            Sort::Name => RowSort::Name,
            Sort::Column(at) => self.columns.get(at).cloned().map_or(RowSort::Name, RowSort::Column),
            Sort::Events => RowSort::Events,
            Sort::Status => RowSort::Status,
            Sort::Problems => RowSort::Problems,
        };
        if self.is_reversed { RowSort::Reversed(Box::new(sort)) } else { sort }
    }

    /// Its statuses: the aggregate's, or those that streams have. The facet stays on its status.
    pub(super) fn describe_statuses(&mut self) {
        let own = &self.aggregate.schema().statuses;
        let statuses = if own.is_empty() { self.classes.statuses(&self.counts) } else { own.clone() };
        let before: Vec<Arc<Status>> = std::mem::replace(&mut self.statuses, statuses);
        if let Facet::Status(at) = self.facet {
            let place = before.get(at).and_then(|status| self.statuses.iter().position(|s| s == status));
            let facet = place.map_or(Facet::All, Facet::Status);
            self.facet = facet;
        }
    }

    /// Its columns: the aggregate's, or what the streams share. The list stays sorted by its column.
    pub(super) fn describe_columns(&mut self) {
        let own = &self.aggregate.schema().columns;
        let columns = if own.is_empty() {
            let all = self.rows.iter().enumerate();
            let present = || all.clone().filter(|(place, _)| !self.absent.contains(&index(*place)));
            let deciding = last_deciding(present()).map_or(self.rows.len(), |last| last + 1);
            let columns = shared_columns(present().map(|(_, row)| row));
            self.deciding = deciding;
            columns
        } else {
            own.clone()
        };
        if columns == self.columns {
            return;
        }
        let before = std::mem::replace(&mut self.columns, columns);
        if let Sort::Column(at) = self.sort {
            let same = |column: &Column| before.get(at).is_some_and(|sorted| sorted.path == column.path);
            self.sort = Sort::Column(self.columns.iter().position(same).unwrap_or(at));
            self.stale.order = true;
        }
    }

    /// Whether the columns are those that the rows share, however many come.
    pub(super) fn is_decided(&self) -> bool {
        !self.aggregate.schema().columns.is_empty() || self.deciding + 1 < self.rows.len()
    }

    /// Finds what passes: of all rows where the filter is another one, else of those that changed.
    fn filter_rows(&mut self, filtering: Filtering) {
        let is_limited =
            self.filter.meeting.is_some() || !self.filter.words.is_empty() || !self.absent.is_empty();
        let was_limited = std::mem::replace(&mut self.view.is_limited, is_limited);
        if is_limited {
            self.match_rows(if was_limited { filtering } else { Filtering::Other });
        } else {
            (self.view.matching, self.view.matched) = (Vec::new(), Counts::default());
        }
        self.view.leaves_out = is_limited || self.facet != Facet::All;
        if !self.view.leaves_out {
            self.view.shown = Vec::new();
            return;
        }
        let holds = self.classes.are(|class| self.facet.holds(class, &self.statuses));
        let View { order, matching, shown, .. } = &mut self.view;
        shown.clear();
        let passes = |at: u32| {
            let is_held = holds.get(self.classes.place(at)).copied().unwrap_or(false);
            is_held && (!is_limited || matching[at as usize])
        };
        shown.extend(order.sorted().iter().copied().filter(|&at| passes(at)));
    }

    /// Finds which rows meet the filter, and counts them.
    fn match_rows(&mut self, filtering: Filtering) {
        let few = self.view.matched.rows() * FEW < self.rows.len();
        let candidates: Vec<u32> = match filtering {
            Filtering::Same | Filtering::Facet => self.changed.clone(),
            Filtering::Narrower if few => {
                let matching = (0..).zip(&self.view.matching).filter(|(_, matches)| **matches);
                matching.map(|(at, _)| at).chain(self.changed.iter().copied()).collect()
            }
            Filtering::Narrower | Filtering::Other => return self.match_all(),
        };
        self.view.matching.resize(self.rows.len(), false);
        for at in candidates {
            let (is, was) = (self.matches(at), self.view.matching[at as usize]);
            let (class, problems) = (self.classes.place(at), self.rows[at as usize].problems);
            match (was, is) {
                (false, true) => drop(self.view.matched.add(class, problems)),
                (true, false) => drop(self.view.matched.remove(class, problems)),
                (true, true) | (false, false) => {}
            }
            self.view.matching[at as usize] = is;
        }
    }

    /// By one pass over all texts for each word.
    fn match_all(&mut self) {
        let mut matching = vec![true; self.rows.len()];
        if let Some(meeting) = &self.filter.meeting {
            matching.iter_mut().enumerate().for_each(|(at, matches)| *matches = meeting.meets(at));
        }
        for word in &self.filter.words {
            let mut both = vec![false; self.rows.len()];
            for at in self.texts.rows_with(word) {
                both[at as usize] = matching[at as usize];
            }
            matching = both;
        }
        for &at in &self.absent {
            matching[at as usize] = false;
        }
        let has_problems = self.classes.are(|class| class.has_problems);
        let mut matched = Counts::default();
        for (at, _) in (0..).zip(&matching).filter(|(_, matches)| **matches) {
            let class = self.classes.place(at);
            // A row is looked at only where it has problems to count.
            let problems = if has_problems[class] { self.rows[at as usize].problems } else { 0 };
            matched.add(class, problems);
        }
        (self.view.matching, self.view.matched) = (matching, matched);
    }
}
