//! The stream list: rows as they came, and the view of them that the filter, facet and sort give.

mod counts;
mod past;
mod refresh;
mod row_order;
mod row_texts;

use super::categories::ALL_STREAMS;
use crate::aggregate::{Aggregate, Column, Registry, Status};
use crate::record::StreamName;
use crate::store::{Presence, StreamRow};
use counts::{Counts, is_gone};
use row_order::{RowOrder, index};
use row_texts::{RowTexts, Word};
use std::collections::{HashMap, HashSet};
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

/// Every row, and what is derived of all of them: refreshed at most once a frame, by what changed since.
#[derive(Debug)]
pub struct List {
    rows: Vec<StreamRow>,
    by_name: HashMap<StreamName, u32>,
    /// Streams of which a read was denied.
    locked: HashSet<StreamName>,
    /// Rows of streams that do not exist at the moment of which the list is.
    absent: HashSet<u32>,
    texts: RowTexts,
    counts: Counts,
    /// Rows that came or changed since the last refresh, each once.
    changed: Vec<u32>,
    has_changed: Vec<bool>,
    view: View,
    stale: Stale,
    /// Counts the refreshes that did something.
    generation: u64,
    /// Counts the changes of filter, facet and sort.
    views: u64,
    filter: String,
    words: Vec<Word>,
    facet: Facet,
    sort: Sort,
    /// Whether its streams are of several categories.
    mixed: bool,
    aggregate: Arc<dyn Aggregate>,
    columns: Vec<Column>,
    /// Rows from the first on that decide the columns, where the aggregate has none.
    deciding: usize,
    statuses: Vec<Arc<Status>>,
}

/// What the last refresh made.
#[derive(Debug, Default)]
struct View {
    order: RowOrder,
    /// Whether the filter or facet leaves anything out.
    leaves_out: bool,
    /// Whether each row passes them; unused while all do.
    passing: Vec<bool>,
    /// The rows that pass, in order; unused while all do.
    shown: Vec<u32>,
}

/// What the next refresh makes anew, whichever rows changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Stale {
    columns: bool,
    statuses: bool,
    order: bool,
    filter: Filtering,
}

/// How the filter and facet changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Filtering {
    #[default]
    Same,
    /// What did not pass will not pass either.
    Narrower,
    Other,
}

impl List {
    /// An empty list of the streams of a category.
    pub fn new(category: &str, registry: &Registry) -> Self {
        let mut list = Self {
            rows: Vec::new(),
            by_name: HashMap::new(),
            locked: HashSet::new(),
            absent: HashSet::new(),
            texts: RowTexts::default(),
            counts: Counts::default(),
            changed: Vec::new(),
            has_changed: Vec::new(),
            view: View::default(),
            stale: Stale::default(),
            generation: 0,
            views: 0,
            filter: String::new(),
            words: Vec::new(),
            facet: Facet::All,
            sort: Sort::LastEvent,
            mixed: matches!(category, "" | ALL_STREAMS),
            aggregate: registry.for_category(category).clone(),
            columns: Vec::new(),
            deciding: 0,
            statuses: Vec::new(),
        };
        list.describe_statuses();
        list.describe_columns();
        list
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
            Facet::Gone => is_gone(row),
        }
    }

    pub fn clear(&mut self) {
        self.rows.clear();
        self.by_name.clear();
        self.locked.clear();
        self.absent.clear();
        self.texts.clear();
        self.counts = Counts::default();
        self.changed.clear();
        self.has_changed.clear();
        self.view = View::default();
        self.views += 1;
        self.stale = Stale { columns: true, statuses: true, order: true, filter: Filtering::Other };
    }

    pub fn put(&mut self, mut row: StreamRow) {
        if row.presence == Presence::Live && self.locked.contains(&row.stream) {
            row.presence = Presence::Locked;
        }
        if let Some(&at) = self.by_name.get(&row.stream) {
            return self.replace(at, row);
        }
        let at = index(self.rows.len());
        self.by_name.insert(row.stream.clone(), at);
        self.stale.statuses |= self.counts.add(&row);
        self.texts.set(at, &row);
        self.rows.push(row);
        self.has_changed.push(false);
        self.change(at);
    }

    fn replace(&mut self, at: u32, row: StreamRow) {
        let before = &mut self.rows[at as usize];
        if !self.absent.remove(&at) {
            self.stale.statuses |= self.counts.remove(before);
        }
        self.stale.statuses |= self.counts.add(&row);
        self.texts.set(at, &row);
        *before = row;
        self.change(at);
    }

    fn change(&mut self, at: u32) {
        let place = at as usize;
        if !std::mem::replace(&mut self.has_changed[place], true) {
            self.changed.push(at);
        }
        self.stale.columns |= place < self.deciding || !self.is_decided();
    }

    /// Whether a read of the stream was denied when it was opened last.
    pub fn lock(&mut self, stream: &StreamName, is_denied: bool) {
        let changes = if is_denied { self.locked.insert(stream.clone()) } else { self.locked.remove(stream) };
        let Some(at) = self.place(stream).filter(|_| changes) else { return };
        let row = &self.rows[at as usize];
        let presence = match row.presence {
            Presence::Live if is_denied => Presence::Locked,
            Presence::Locked if !is_denied => Presence::Live,
            _ => return,
        };
        self.replace(at, StreamRow { presence, ..row.clone() });
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
        let words: Vec<Word> = filter.split_whitespace().map(Word::new).collect();
        let is_narrower = self.words.iter().all(|word| words.iter().any(|new| new.implies(word)));
        let change = if is_narrower { Filtering::Narrower } else { Filtering::Other };
        self.stale.filter = self.stale.filter.max(change);
        (self.filter, self.words) = (filter, words);
        self.views += 1;
    }

    pub fn set_facet(&mut self, facet: Facet) {
        self.facet = facet;
        self.stale.filter = Filtering::Other;
        self.views += 1;
    }

    pub fn set_sort(&mut self, sort: Sort) {
        self.sort = sort;
        self.stale.order = true;
        self.views += 1;
    }

    /// Neither a text nor a facet leaves anything out.
    pub fn show_all(&mut self) {
        self.set_filter(String::new());
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

    /// Another number where the filter, facet or sort changed or the list began anew, and not where rows came in.
    pub fn view(&self) -> u64 {
        self.views
    }

    /// Another number where anything that is derived from the rows may be another.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    fn passes(&self, at: u32) -> bool {
        !self.absent.contains(&at)
            && self.holds(self.facet, &self.rows[at as usize])
            && self.words.iter().all(|word| self.texts.has(at, word))
    }

    /// Whether the stream is listed and the filter or facet does not show it.
    pub fn hides(&self, stream: &StreamName) -> bool {
        self.place(stream).is_some_and(|at| !self.passes(at))
    }

    pub fn len(&self) -> usize {
        self.rows.len() - self.absent.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn place(&self, stream: &StreamName) -> Option<u32> {
        self.by_name.get(stream).copied().filter(|at| !self.absent.contains(at))
    }

    fn shown_rows(&self) -> &[u32] {
        if self.view.leaves_out { &self.view.shown } else { self.view.order.sorted() }
    }

    /// How many rows the filter and facet show, as of the last refresh.
    pub fn shown(&self) -> usize {
        self.shown_rows().len()
    }

    /// A row by its place on screen.
    pub fn row(&self, place: usize) -> Option<&StreamRow> {
        self.shown_rows().get(place).and_then(|&at| self.rows.get(at as usize))
    }

    pub fn find(&self, stream: &StreamName) -> Option<&StreamRow> {
        self.place(stream).map(|at| &self.rows[at as usize])
    }

    /// Its place on screen, as of the last refresh.
    pub fn place_of(&self, stream: &StreamName) -> Option<usize> {
        let &at = self.by_name.get(stream)?;
        let (shown, sort) = (self.shown_rows(), self.row_sort());
        let is_before = |&other: &u32| self.view.order.compare(&self.rows, &sort, other, at).is_lt();
        let place = shown.partition_point(is_before);
        (shown.get(place) == Some(&at)).then_some(place)
    }

    /// How many rows the facet holds.
    pub fn count(&self, facet: Facet) -> usize {
        match facet {
            Facet::All => self.len(),
            Facet::Status(at) => self.statuses.get(at).map_or(0, |status| self.counts.of(status)),
            Facet::Problems => self.counts.with_problems(),
            Facet::Gone => self.counts.gone(),
        }
    }

    /// Problems in all streams.
    pub fn problems(&self) -> u64 {
        self.counts.problems()
    }

    pub fn is_filtered(&self) -> bool {
        self.facet != Facet::All || !self.filter.trim().is_empty()
    }
}
