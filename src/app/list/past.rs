//! What a list of another moment does beside that of now: streams come out of it, and it is shown as another one is.

use super::{Facet, Filtering, List, Sort};
use crate::record::StreamName;

impl List {
    /// A stream that does not exist at the moment keeps its place, and is neither shown nor counted.
    pub fn take_out(&mut self, stream: &StreamName) {
        let Some(&at) = self.by_name.get(stream) else { return };
        if self.absent.is_empty() {
            self.stale.filter = Filtering::Other;
        }
        if self.absent.insert(at) {
            self.stale.statuses |= self.counts.remove(&self.rows[at as usize]);
            self.change(at);
        }
    }

    /// Streams of which nobody knows what they were at the moment.
    pub fn unknown(&self) -> usize {
        self.counts.unknown()
    }

    /// Filter, facet and sort are those of another list of the same streams.
    pub fn show_like(&mut self, other: &Self) {
        self.describe_statuses();
        self.describe_columns();
        // What was derived of the other one is of no more use.
        (self.generation, self.views) = (self.generation.max(other.generation) + 1, other.views);
        self.set_filter(other.filter.clone());
        self.set_facet(match other.facet {
            Facet::Status(at) => {
                let same = |status| self.statuses.iter().position(|own| own == status);
                other.statuses.get(at).and_then(same).map_or(Facet::All, Facet::Status)
            }
            facet @ (Facet::All | Facet::Problems | Facet::Gone) => facet,
        });
        self.set_sort(match other.sort {
            Sort::Column(at) => {
                let path = other.columns.get(at).map(|column| &column.path);
                let same = self.columns.iter().position(|own| Some(&own.path) == path);
                same.map_or_else(Sort::default, Sort::Column)
            }
            sort => sort,
        });
    }
}
