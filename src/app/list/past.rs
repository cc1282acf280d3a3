//! What a list of another moment does beside that of now: streams come out of it, and it is shown as another one is.

use super::{Facet, List, Sort};
use crate::record::StreamName;
use crate::store::Presence;

impl List {
    /// A stream that does not exist at the moment keeps its place, and is neither shown nor counted.
    pub fn take_out(&mut self, stream: &StreamName) {
        let Some(&at) = self.by_name.get(stream) else { return };
        if self.absent.contains(&at) {
            return;
        }
        self.unmatch(at);
        self.absent.insert(at);
        let problems = self.rows[at as usize].problems;
        self.stale.statuses |= self.counts.remove(self.classes.place(at), problems);
        for meeting in self.filter.meeting.iter_mut().chain(&mut self.filter.judging) {
            meeting.take_out(at as usize);
        }
        self.change(at);
    }

    /// Streams of which nobody knows what they were at the moment.
    pub fn unknown(&self) -> usize {
        self.count_all(Facet::Presence(Presence::Unknown))
    }

    /// Filter, facet and sort are those of another list of the same streams.
    pub fn show_like(&mut self, other: &Self) {
        self.describe_statuses();
        self.describe_columns();
        // What was derived of the other one is of no more use.
        (self.generation, self.views) = (self.generation.max(other.generation) + 1, other.views);
        if let (Some(condition), Some(_)) = (&other.filter.condition, &other.filter.fault) {
            self.set_filter(condition.text().to_owned());
        }
        self.set_filter(other.filter.text.clone());
        self.set_facet(match other.facet {
            Facet::Status(at) => {
                let same = |status| self.statuses.iter().position(|own| own == status);
                other.statuses.get(at).and_then(same).map_or(Facet::All, Facet::Status)
            }
            facet @ (Facet::All | Facet::Problems | Facet::Truncated | Facet::Presence(_)) => facet,
        });
        self.set_sort(match other.sort {
            Sort::Column(at) => {
                let path = other.columns.get(at).map(|column| &column.path);
                let same = self.columns.iter().position(|own| Some(&own.path) == path);
                same.map_or_else(Sort::default, Sort::Column)
            }
            sort => sort,
        });
        if other.is_reversed {
            self.reverse();
        }
    }
}
