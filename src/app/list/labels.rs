//! What the facets, sorts and the filter of the list are called.

use super::facet::LIVES;
use super::{Facet, List, Sort};
use crate::store::Presence;

impl List {
    /// All, the statuses, problems, and each life that a stream of the list has.
    pub fn facets(&self) -> impl Iterator<Item = Facet> + '_ {
        let statuses = (0..self.statuses.len()).map(Facet::Status);
        let is_there = |facet: &Facet| *facet == self.facet() || self.count_all(*facet) > 0;
        let lives = LIVES.into_iter().filter(is_there);
        std::iter::once(Facet::All).chain(statuses).chain([Facet::Problems]).chain(lives)
    }

    pub fn facet_label(&self, facet: Facet) -> &str {
        match facet {
            Facet::All => "All",
            Facet::Status(at) => self.statuses.get(at).map_or("", |status| &status.label),
            Facet::Problems => "Problems",
            Facet::Truncated => "Truncated",
            Facet::Presence(Presence::Live) => "Live",
            Facet::Presence(Presence::Locked) => "Locked",
            Facet::Presence(Presence::Deleted) => "Deleted",
            Facet::Presence(Presence::Tombstoned) => "Tombstoned",
            Facet::Presence(Presence::Unknown) => "Unknown",
        }
    }

    pub fn sorts(&self) -> impl Iterator<Item = Sort> + use<> {
        let columns = (0..self.columns.len()).map(Sort::Column);
        let last = [Sort::Events, Sort::Status, Sort::Problems];
        [Sort::LastEvent, Sort::Name].into_iter().chain(columns).chain(last)
    }

    pub fn sort_label(&self, sort: Sort) -> &str {
        match sort {
            Sort::LastEvent => "Last event",
            Sort::Name => "Name",
            Sort::Column(at) => self.columns.get(at).map_or("Name", |column| &column.label),
            Sort::Events => "Events",
            Sort::Status => "Status",
            Sort::Problems => "Problems",
        }
    }

    /// What the filter looks at, in words: "id, user, total".
    pub fn filtered_by(&self) -> String {
        let name = if self.mixed { "name" } else { "id" };
        let is_own = !self.aggregate.schema().columns.is_empty();
        let labels = self.columns.iter().map(|column| {
            // A field's own name is kept as it is.
            if is_own { column.label.to_lowercase() } else { column.label.to_string() }
        });
        std::iter::once(name.to_owned()).chain(labels).collect::<Vec<_>>().join(", ")
    }

    /// A condition that can be asked of its streams, for who has typed none yet.
    pub fn example(&self) -> Option<String> {
        let column = self.columns.iter().find(|column| column.numeric)?;
        Some(format!("{} > 50", column.path))
    }
}
