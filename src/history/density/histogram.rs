//! The columns of a picture of a part of a history.

use super::{Cut, Density};
use crate::record::Created;

/// Which part of a history a picture shows, in columns of one width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// From an index on, so many events in a column.
    Events { from: usize, step: usize, columns: usize },
    /// From a time on, so many ticks of 100 ns in a column.
    Times { from: Created, step: i64, columns: usize },
}

/// The columns, counted; kept by its owner and counted again where the shape or the history is another.
#[derive(Debug, Default)]
pub struct Histogram {
    of: Option<(Shape, usize)>,
    kinds: usize,
    /// For each column, each of the common kinds.
    counts: Vec<usize>,
    events: Vec<usize>,
    problems: Vec<usize>,
}

impl Shape {
    pub fn columns(self) -> usize {
        match self {
            Self::Events { columns, .. } | Self::Times { columns, .. } => columns,
        }
    }

    /// The cut before a column.
    fn cut(self, density: &Density, column: usize) -> Cut {
        match self {
            Self::Events { from, step, .. } => {
                density.cut_before(from.saturating_add(step.saturating_mul(column)))
            }
            Self::Times { from: Created(from), step, .. } => {
                let column = i64::try_from(column).unwrap_or(i64::MAX);
                density.cut_before_time(Created(from.saturating_add(step.saturating_mul(column))))
            }
        }
    }
}

impl Histogram {
    /// Counts anew, where anything is another; a history under another key is made with another histogram.
    pub fn update(&mut self, density: &Density, shape: Shape) {
        if self.of == Some((shape, density.len())) {
            return;
        }
        self.of = Some((shape, density.len()));
        self.kinds = density.common.len();
        self.counts.clear();
        self.events.clear();
        self.problems.clear();
        let mut from = shape.cut(density, 0);
        for column in 1..=shape.columns() {
            let to = shape.cut(density, column);
            let kinds = density.common.iter().map(|&kind| density.kinds[kind].series.between(from, to));
            self.counts.extend(kinds);
            self.events.push(density.events_between(from, to));
            self.problems.push(density.problems_between(from, to));
            from = to;
        }
    }

    /// Events in each column.
    pub fn events(&self) -> &[usize] {
        &self.events
    }

    /// Problems in each column.
    pub fn problems(&self) -> &[usize] {
        &self.problems
    }

    /// Events of each of [`Density::common`] in a column.
    pub fn kinds(&self, column: usize) -> &[usize] {
        self.counts.get(column * self.kinds..(column + 1) * self.kinds).unwrap_or_default()
    }

    /// Most events in a column.
    pub fn most(&self) -> usize {
        self.events.iter().copied().max().unwrap_or(0)
    }
}
