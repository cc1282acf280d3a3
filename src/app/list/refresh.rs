//! How the view of the list is brought up to date.

use super::{Facet, Filtering, List, Sort, Stale, Status, View, index};
use crate::aggregate::Column;
use crate::store::{RowSort, last_deciding, shared_columns};
use std::sync::Arc;

/// Of so many rows, one that passed before is few enough to look at each of them by itself.
const FEW: usize = 8;

impl List {
    /// Brings the view up to date; call before drawing.
    pub fn refresh(&mut self) {
        if self.changed.is_empty() && self.stale == Stale::default() {
            return;
        }
        if self.stale.statuses {
            self.describe_statuses();
        }
        if self.stale.columns {
            self.describe_columns();
        }
        let stale = std::mem::take(&mut self.stale);
        let sort = self.row_sort();
        if stale.order {
            self.view.order.sort(&self.rows, &sort);
        } else {
            self.view.order.update(&self.rows, &sort, &self.changed);
        }
        self.filter_rows(stale.filter);
        for at in self.changed.drain(..) {
            self.has_changed[at as usize] = false;
        }
        self.generation += 1;
    }

    pub(super) fn row_sort(&self) -> RowSort {
        match self.sort {
            Sort::LastEvent => RowSort::LastEvent,
            Sort::Name => RowSort::Name,
            Sort::Column(at) => self.columns.get(at).cloned().map_or(RowSort::Name, RowSort::Column),
            Sort::Events => RowSort::Events,
            Sort::Status => RowSort::Status,
            Sort::Problems => RowSort::Problems,
        }
    }

    /// Its statuses: the aggregate's, or those that streams have. The facet stays on its status.
    pub(super) fn describe_statuses(&mut self) {
        let own = &self.aggregate.schema().statuses;
        let statuses = if own.is_empty() { self.counts.statuses() } else { own.clone() };
        let before: Vec<Arc<Status>> = std::mem::replace(&mut self.statuses, statuses);
        if let Facet::Status(at) = self.facet {
            let place = before.get(at).and_then(|status| self.statuses.iter().position(|s| s == status));
            let facet = place.map_or(Facet::All, Facet::Status);
            if facet == Facet::All {
                self.stale.filter = Filtering::Other;
            }
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
        let leaves_out = self.facet != Facet::All || !self.words.is_empty() || !self.absent.is_empty();
        let was_filtered = std::mem::replace(&mut self.view.leaves_out, leaves_out);
        if !leaves_out {
            (self.view.shown, self.view.passing) = (Vec::new(), Vec::new());
            return;
        }
        let few = was_filtered && self.view.shown.len() * FEW < self.rows.len();
        let candidates = match filtering {
            Filtering::Same => Some(Vec::new()),
            Filtering::Narrower if few => Some(std::mem::take(&mut self.view.shown)),
            Filtering::Narrower | Filtering::Other => None,
        };
        match candidates {
            Some(candidates) => {
                self.view.passing.resize(self.rows.len(), false);
                for &at in candidates.iter().chain(&self.changed) {
                    self.view.passing[at as usize] = self.passes(at);
                }
            }
            None => self.view.passing = self.all_passing(),
        }
        let View { order, passing, shown, .. } = &mut self.view;
        shown.clear();
        shown.extend(order.sorted().iter().filter(|&&at| passing[at as usize]));
    }

    /// Whether each row passes, by one pass over all texts for each word.
    fn all_passing(&self) -> Vec<bool> {
        let mut passing: Vec<bool> = match self.facet {
            Facet::All => vec![true; self.rows.len()],
            facet => self.rows.iter().map(|row| self.holds(facet, row)).collect(),
        };
        for word in &self.words {
            let mut both = vec![false; self.rows.len()];
            for at in self.texts.rows_with(word) {
                both[at as usize] = passing[at as usize];
            }
            passing = both;
        }
        for &at in &self.absent {
            passing[at as usize] = false;
        }
        passing
    }
}
