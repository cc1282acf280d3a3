//! The stream list: rows as they came, and the view of them that the filter, facet and sort give.

mod clock;
mod counts;
mod facet;
mod filter;
mod filtering;
mod fit;
mod labels;
mod meeting;
mod past;
mod refresh;
mod row_order;
mod row_texts;
mod search;

pub use facet::{Facet, Sort};
pub use fit::Fit;

use super::categories::ALL_STREAMS;
use crate::aggregate::{Aggregate, Column, Registry, Status};
use crate::record::StreamName;
use crate::store::{Presence, StreamRow};
use counts::{Classes, Counts};
use filter::Filter;
use row_order::{RowOrder, index};
use row_texts::RowTexts;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

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
    classes: Classes,
    /// Of all rows but the absent ones.
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
    filter: Filter,
    facet: Facet,
    sort: Sort,
    /// Whether the sort runs the other way.
    is_reversed: bool,
    /// Whether its streams are of several categories.
    mixed: bool,
    registry: Registry,
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
    /// Whether the filter leaves anything out.
    is_limited: bool,
    /// Whether each row meets the filter, and how many do; unused while all do.
    matching: Vec<bool>,
    matched: Counts,
    /// Whether the filter or the facet leaves anything out.
    leaves_out: bool,
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

/// How the filter changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Filtering {
    #[default]
    Same,
    /// The facet alone.
    Facet,
    /// What did not meet it will not meet it either.
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
            classes: Classes::default(),
            counts: Counts::default(),
            changed: Vec::new(),
            has_changed: Vec::new(),
            view: View::default(),
            stale: Stale::default(),
            generation: 0,
            views: 0,
            filter: Filter::default(),
            facet: Facet::All,
            sort: Sort::LastEvent,
            is_reversed: false,
            mixed: matches!(category, "" | ALL_STREAMS),
            registry: registry.clone(),
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

    pub fn clear(&mut self) {
        self.rows.clear();
        self.by_name.clear();
        self.locked.clear();
        self.absent.clear();
        self.texts.clear();
        self.classes = Classes::default();
        self.counts = Counts::default();
        self.changed.clear();
        self.has_changed.clear();
        self.view = View::default();
        self.judge_again();
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
        self.classes.set(at, &row);
        self.stale.statuses |= self.counts.add(self.classes.place(at), row.problems);
        self.texts.set(at, &row);
        self.rows.push(row);
        self.has_changed.push(false);
        if let Some(meeting) = &mut self.filter.meeting {
            meeting.go_on(&self.registry, &self.rows, &self.absent);
        }
        self.await_row(at);
        self.change(at);
    }

    fn replace(&mut self, at: u32, row: StreamRow) {
        let (place, before) = (at as usize, self.rows[at as usize].problems);
        if !self.absent.remove(&at) {
            self.stale.statuses |= self.counts.remove(self.classes.place(at), before);
        }
        self.unmatch(at);
        self.classes.set(at, &row);
        self.stale.statuses |= self.counts.add(self.classes.place(at), row.problems);
        self.texts.set(at, &row);
        for meeting in self.filter.meeting.iter_mut().chain(&mut self.filter.judging) {
            meeting.replace(&self.registry, place, &row);
        }
        self.rows[place] = row;
        self.await_row(at);
        self.change(at);
    }

    /// The row is not counted as one that meets the filter, until the next refresh looks at it.
    fn unmatch(&mut self, at: u32) {
        let View { matching, matched, .. } = &mut self.view;
        if matching.get_mut(at as usize).is_some_and(std::mem::take) {
            matched.remove(self.classes.place(at), self.rows[at as usize].problems);
        }
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

    pub fn facet(&self) -> Facet {
        self.facet
    }

    pub fn sort(&self) -> Sort {
        self.sort
    }

    pub fn set_facet(&mut self, facet: Facet) {
        self.facet = facet;
        self.stale.filter = self.stale.filter.max(Filtering::Facet);
        self.views += 1;
    }

    pub fn is_reversed(&self) -> bool {
        self.is_reversed
    }

    /// The order of its own sort the other way round.
    pub fn reverse(&mut self) {
        self.is_reversed = !self.is_reversed;
        self.stale.order = true;
        self.views += 1;
    }

    pub fn set_sort(&mut self, sort: Sort) {
        (self.sort, self.is_reversed) = (sort, false);
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

    /// Another number where the filter, facet or sort changed or the list began anew, and not where rows came in.
    pub fn view(&self) -> u64 {
        self.views
    }

    /// Another number where anything that is derived from the rows may be another.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Whether the row meets the filter, whatever the facet.
    fn matches(&self, at: u32) -> bool {
        !self.absent.contains(&at)
            && self.filter.meeting.as_ref().is_none_or(|meeting| meeting.meets(at as usize))
            && self.filter.words.iter().all(|word| self.texts.has(at, word))
    }

    fn passes(&self, at: u32) -> bool {
        self.matches(at) && self.classes.get(at).is_some_and(|class| self.facet.holds(class, &self.statuses))
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
        let shown = self.shown_rows();
        let is_before = |&other: &u32| self.view.order.compare(&self.rows, other, at).is_lt();
        let place = shown.partition_point(is_before);
        (shown.get(place) == Some(&at)).then_some(place)
    }

    /// Of the rows that meet the filter, as of the last refresh.
    fn matched(&self) -> &Counts {
        if self.view.is_limited { &self.view.matched } else { &self.counts }
    }

    /// How many rows the facet holds, of those that meet the filter.
    pub fn count(&self, facet: Facet) -> usize {
        self.classes.count(self.matched(), |class| facet.holds(class, &self.statuses))
    }

    /// How many rows of the whole list the facet holds.
    pub fn count_all(&self, facet: Facet) -> usize {
        self.classes.count(&self.counts, |class| facet.holds(class, &self.statuses))
    }

    /// How many rows meet the filter, where it leaves any out.
    pub fn matched_rows(&self) -> Option<usize> {
        (!self.filter.text.trim().is_empty() && self.view.is_limited).then(|| self.view.matched.rows())
    }

    /// Problems in the streams that meet the filter, or in all.
    pub fn problems(&self) -> u64 {
        self.matched().problems()
    }

    pub fn is_filtered(&self) -> bool {
        self.facet != Facet::All || !self.filter.text.trim().is_empty()
    }
}
