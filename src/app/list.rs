//! The stream list: rows as they came, and the view of them that the filter, facet and sort give.

use crate::record::StreamName;
use crate::store::{Status, StreamRow};
use std::cmp::Ordering;
use std::collections::HashMap;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Facet {
    #[default]
    All,
    Unpaid,
    Paid,
    Problems,
    Gone,
}

impl Facet {
    pub const ALL: [Self; 5] = [Self::All, Self::Unpaid, Self::Paid, Self::Problems, Self::Gone];

    pub fn label(self) -> &'static str {
        match self {
            Self::All => "All",
            Self::Unpaid => "Unpaid",
            Self::Paid => "Paid",
            Self::Problems => "Problems",
            Self::Gone => "Deleted",
        }
    }

    fn holds(self, row: &StreamRow) -> bool {
        match self {
            Self::All => true,
            Self::Unpaid => row.status == Status::Unpaid,
            Self::Paid => row.status == Status::Paid,
            Self::Problems => row.problems > 0,
            Self::Gone => matches!(row.status, Status::Deleted | Status::Tombstoned),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    #[default]
    LastEvent,
    Name,
    Total,
    User,
    Events,
    Status,
    Problems,
}

impl Sort {
    pub const ALL: [Self; 7] =
        [Self::LastEvent, Self::Name, Self::Total, Self::User, Self::Events, Self::Status, Self::Problems];

    pub fn label(self) -> &'static str {
        match self {
            Self::LastEvent => "Last event",
            Self::Name => "Name",
            Self::Total => "Total",
            Self::User => "User",
            Self::Events => "Events",
            Self::Status => "Status",
            Self::Problems => "Problems",
        }
    }

    fn compare(self, a: &StreamRow, b: &StreamRow) -> Ordering {
        let first = match self {
            Self::LastEvent => b.last_event.cmp(&a.last_event),
            Self::Name => Ordering::Equal,
            Self::Total => match (&a.total, &b.total) {
                (Some(a), Some(b)) => b.cmp_amount(a),
                (a, b) => b.is_some().cmp(&a.is_some()),
            },
            Self::User => (a.user.is_none(), &a.user).cmp(&(b.user.is_none(), &b.user)),
            Self::Events => b.events.cmp(&a.events),
            Self::Status => a.status.cmp(&b.status),
            Self::Problems => b.problems.cmp(&a.problems),
        };
        first.then_with(|| a.stream.cmp(&b.stream))
    }
}

/// Every row, and the indexes of those shown, in order; refreshed at most once a frame.
#[derive(Debug, Default)]
pub struct List {
    rows: Vec<StreamRow>,
    by_name: HashMap<StreamName, usize>,
    shown: Vec<usize>,
    stale: bool,
    /// The filter's words, in lower case.
    words: Vec<String>,
    view: u64,
    pub filter: String,
    pub facet: Facet,
    pub sort: Sort,
    counts: [usize; Facet::ALL.len()],
    problems: u64,
}

impl List {
    pub fn clear(&mut self) {
        self.rows.clear();
        self.by_name.clear();
        self.touch();
    }

    pub fn put(&mut self, row: StreamRow) {
        self.stale = true;
        if let Some(&at) = self.by_name.get(&row.stream) {
            self.rows[at] = row;
        } else {
            self.by_name.insert(row.stream.clone(), self.rows.len());
            self.rows.push(row);
        }
    }

    /// The filter, facet or sort changed.
    pub fn touch(&mut self) {
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
        for (count, facet) in self.counts.iter_mut().zip(Facet::ALL) {
            *count = self.rows.iter().filter(|row| facet.holds(row)).count();
        }
        self.problems = self.rows.iter().map(|row| u64::from(row.problems)).sum();
        self.words = self.filter.split_whitespace().map(str::to_lowercase).collect();
        let mut shown: Vec<usize> = (0..self.rows.len()).filter(|&i| self.passes(&self.rows[i])).collect();
        shown.sort_unstable_by(|&a, &b| self.sort.compare(&self.rows[a], &self.rows[b]));
        self.shown = shown;
    }

    fn passes(&self, row: &StreamRow) -> bool {
        self.facet.holds(row) && self.words.iter().all(|word| matches(row, word))
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
        let index = self.by_name.get(stream)?;
        self.shown.iter().position(|i| i == index)
    }

    pub fn count(&self, facet: Facet) -> usize {
        Facet::ALL.iter().position(|&f| f == facet).map_or(0, |at| self.counts[at])
    }

    /// Problems in all streams.
    pub fn problems(&self) -> u64 {
        self.problems
    }

    pub fn is_filtered(&self) -> bool {
        self.facet != Facet::All || !self.filter.trim().is_empty()
    }
}

fn matches(row: &StreamRow, word: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(word);
    has(row.stream.as_str())
        || row.user.as_deref().is_some_and(has)
        || row.total.as_ref().is_some_and(|total| has(total.as_str()))
        || has(row.status.word())
}
