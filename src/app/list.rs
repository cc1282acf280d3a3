//! The stream list: rows as they came, and the view of them that the filter, facet and sort give.

use super::categories::ALL_STREAMS;
use crate::aggregate::{Aggregate, Column, Registry, Status};
use crate::record::StreamName;
use crate::store::{Presence, StreamRow, compare_cells, has_word, shared_columns};
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Which streams are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Facet {
    #[default]
    All,
    /// By its place in [`List::statuses`].
    Status(usize),
    Problems,
    Gone,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    LastEvent,
    Name,
    /// By its place in [`List::columns`].
    Column(usize),
    Events,
    Status,
    Problems,
}

/// Every row, and what is derived of all of them: refreshed at most once a frame, and only where something changed.
#[derive(Debug)]
pub struct List {
    rows: Vec<StreamRow>,
    by_name: HashMap<StreamName, usize>,
    /// Streams of which a read was denied.
    locked: HashSet<StreamName>,
    shown: Vec<usize>,
    /// Of each row by its index, where it is shown.
    places: Vec<Option<usize>>,
    /// How many rows each facet holds, in the order of [`List::facets`].
    counts: Vec<usize>,
    /// Counts the refreshes that did something.
    generation: u64,
    stale: bool,
    /// The filter's words, in lower case.
    words: Vec<String>,
    view: u64,
    filter: String,
    facet: Facet,
    sort: Sort,
    /// Whether its streams are of several categories.
    mixed: bool,
    aggregate: Arc<dyn Aggregate>,
    columns: Vec<Column>,
    statuses: Vec<Arc<Status>>,
    problems: u64,
}

impl List {
    /// An empty list of the streams of a category.
    pub fn new(category: &str, registry: &Registry) -> Self {
        let mut list = Self {
            rows: Vec::new(),
            by_name: HashMap::new(),
            locked: HashSet::new(),
            shown: Vec::new(),
            places: Vec::new(),
            counts: Vec::new(),
            generation: 0,
            stale: false,
            words: Vec::new(),
            view: 0,
            filter: String::new(),
            facet: Facet::All,
            sort: Sort::LastEvent,
            mixed: matches!(category, "" | ALL_STREAMS),
            aggregate: registry.for_category(category).clone(),
            columns: Vec::new(),
            statuses: Vec::new(),
            problems: 0,
        };
        list.describe();
        list.count_facets();
        list
    }

    /// Its columns and statuses: the aggregate's, or what the streams share.
    fn describe(&mut self) {
        let schema = self.aggregate.schema();
        self.statuses.clone_from(&schema.statuses);
        if self.statuses.is_empty() {
            let known =
                self.rows.iter().filter_map(|row| row.status.clone()).filter(|s| s.rank != usize::MAX);
            let distinct: BTreeMap<(usize, Arc<str>), Arc<Status>> =
                known.map(|status| ((status.rank, status.word.clone()), status)).collect();
            self.statuses = distinct.into_values().collect();
        }
        self.columns.clone_from(&schema.columns);
        if self.columns.is_empty() {
            self.columns = shared_columns(&self.rows);
        }
    }

    /// The columns beside the name, in display order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The column that stands for a row: the one it is sorted by, else the first of its kind.
    pub fn leading(&self, numeric: bool) -> Option<&Column> {
        let sorted = match self.sort {
            Sort::Column(at) => self.columns.get(at),
            Sort::LastEvent | Sort::Name | Sort::Events | Sort::Status | Sort::Problems => None,
        };
        let mut first = self.columns.iter().filter(|column| column.numeric == numeric);
        sorted.filter(|column| column.numeric == numeric).or_else(|| first.next())
    }

    /// The statuses that streams of this list have, each a facet.
    pub fn statuses(&self) -> &[Arc<Status>] {
        &self.statuses
    }

    pub fn facets(&self) -> impl Iterator<Item = Facet> + use<> {
        let statuses = (0..self.statuses.len()).map(Facet::Status);
        std::iter::once(Facet::All).chain(statuses).chain([Facet::Problems, Facet::Gone])
    }

    pub fn facet_label(&self, facet: Facet) -> &str {
        match facet {
            Facet::All => "All",
            Facet::Status(at) => self.statuses.get(at).map_or("", |status| &status.label),
            Facet::Problems => "Problems",
            Facet::Gone => "Deleted",
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

    fn holds(&self, facet: Facet, row: &StreamRow) -> bool {
        match facet {
            Facet::All => true,
            Facet::Status(at) => {
                row.status.as_ref().is_some_and(|status| self.statuses.get(at) == Some(status))
            }
            Facet::Problems => row.problems > 0,
            Facet::Gone => matches!(row.presence, Presence::Deleted | Presence::Tombstoned),
        }
    }

    fn compare(&self, a: &StreamRow, b: &StreamRow) -> Ordering {
        let first = match self.sort {
            Sort::LastEvent => b.last_event.cmp(&a.last_event),
            Sort::Name => Ordering::Equal,
            Sort::Column(at) => {
                self.columns.get(at).map_or(Ordering::Equal, |column| compare_cells(column, a, b))
            }
            Sort::Events => b.events.cmp(&a.events),
            Sort::Status => a.rank().cmp(&b.rank()),
            Sort::Problems => b.problems.cmp(&a.problems),
        };
        first.then_with(|| a.stream.cmp(&b.stream))
    }

    pub fn clear(&mut self) {
        self.rows.clear();
        self.by_name.clear();
        self.locked.clear();
        self.shown.clear();
        self.places.clear();
        self.touch();
    }

    pub fn put(&mut self, mut row: StreamRow) {
        self.stale = true;
        if row.presence == Presence::Live && self.locked.contains(&row.stream) {
            row.presence = Presence::Locked;
        }
        if let Some(&at) = self.by_name.get(&row.stream) {
            self.rows[at] = row;
        } else {
            self.by_name.insert(row.stream.clone(), self.rows.len());
            self.rows.push(row);
        }
    }

    /// Whether a read of the stream was denied when it was opened last.
    pub fn lock(&mut self, stream: &StreamName, is_denied: bool) {
        let changes = if is_denied { self.locked.insert(stream.clone()) } else { self.locked.remove(stream) };
        let Some(&at) = self.by_name.get(stream).filter(|_| changes) else { return };
        let row = &mut self.rows[at];
        row.presence = match row.presence {
            Presence::Live if is_denied => Presence::Locked,
            Presence::Locked if !is_denied => Presence::Live,
            other => other,
        };
        self.stale = true;
    }

    pub fn filter(&self) -> &str {
        &self.filter
    }

    pub fn facet(&self) -> Facet {
        self.facet
    }

    pub fn sort(&self) -> Sort {
        self.sort
    }

    pub fn set_filter(&mut self, filter: String) {
        self.filter = filter;
        self.touch();
    }

    pub fn set_facet(&mut self, facet: Facet) {
        self.facet = facet;
        self.touch();
    }

    pub fn set_sort(&mut self, sort: Sort) {
        self.sort = sort;
        self.touch();
    }

    /// Neither a text nor a facet leaves anything out.
    pub fn show_all(&mut self) {
        self.filter.clear();
        self.set_facet(Facet::All);
    }

    /// What a row is called: its id, or its whole name where the list holds several categories.
    pub fn name<'a>(&self, row: &'a StreamRow) -> &'a str {
        if self.mixed { row.stream.as_str() } else { row.stream.id() }
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

    /// The filter, facet or sort changed.
    fn touch(&mut self) {
        self.stale = true;
        self.view += 1;
    }

    /// Another number where the filter, facet or sort changed or the list began anew, and not where rows came in.
    pub fn view(&self) -> u64 {
        self.view
    }

    /// Sorts and filters again where something changed; call before drawing.
    pub fn refresh(&mut self) {
        if !std::mem::take(&mut self.stale) {
            return;
        }
        self.describe();
        self.problems = self.rows.iter().map(|row| u64::from(row.problems)).sum();
        self.words = self.filter.split_whitespace().map(str::to_lowercase).collect();
        let mut shown: Vec<usize> = (0..self.rows.len()).filter(|&i| self.passes(&self.rows[i])).collect();
        shown.sort_unstable_by(|&a, &b| self.compare(&self.rows[a], &self.rows[b]));
        self.shown = shown;
        self.places = vec![None; self.rows.len()];
        for (place, &row) in self.shown.iter().enumerate() {
            self.places[row] = Some(place);
        }
        self.count_facets();
        self.generation += 1;
    }

    fn count_facets(&mut self) {
        let facets = self.facets();
        self.counts =
            facets.map(|facet| self.rows.iter().filter(|row| self.holds(facet, row)).count()).collect();
    }

    /// Another number where anything that is derived from the rows may be another.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    fn passes(&self, row: &StreamRow) -> bool {
        self.holds(self.facet, row) && self.words.iter().all(|word| has_word(row, word))
    }

    /// Whether the stream is listed and the filter or facet does not show it.
    pub fn hides(&self, stream: &StreamName) -> bool {
        self.find(stream).is_some_and(|row| !self.passes(row))
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// How many rows the filter and facet show.
    pub fn shown(&self) -> usize {
        self.shown.len()
    }

    /// A row by its place on screen.
    pub fn row(&self, place: usize) -> Option<&StreamRow> {
        self.shown.get(place).and_then(|&i| self.rows.get(i))
    }

    pub fn find(&self, stream: &StreamName) -> Option<&StreamRow> {
        self.by_name.get(stream).map(|&i| &self.rows[i])
    }

    pub fn place_of(&self, stream: &StreamName) -> Option<usize> {
        self.places.get(*self.by_name.get(stream)?).copied().flatten()
    }

    /// How many rows the facet holds, as of the last refresh.
    pub fn count(&self, facet: Facet) -> usize {
        let place = self.facets().position(|known| known == facet);
        place.and_then(|place| self.counts.get(place)).copied().unwrap_or(0)
    }

    /// Problems in all streams.
    pub fn problems(&self) -> u64 {
        self.problems
    }

    pub fn is_filtered(&self) -> bool {
        self.facet != Facet::All || !self.filter.trim().is_empty()
    }
}
