//! How many events of each type, and which problems, lie between two places of a history: an index that grows with it, so that
//! a picture of any part costs as many steps as the picture has columns, times the logarithm of the events.

mod cut;
mod histogram;
mod series;

pub use cut::Cut;
pub use histogram::{Histogram, Shape};

use super::replay::Mark;
use crate::record::Created;
use series::{Late, Series};
use std::collections::HashMap;
use std::sync::Arc;

/// Events whose earliest and latest times are kept together.
const BLOCK: usize = 64;
/// Event types that are counted one by one; the rest is counted together.
const KINDS: usize = 1_000;
/// Event types that a picture tells apart.
const COMMON: usize = 8;

#[derive(Debug)]
struct Kind {
    event_type: Arc<str>,
    series: Series,
    is_common: bool,
}

/// The index; clocks go backwards in real logs, and nothing here needs them in order.
#[derive(Debug, Default)]
pub struct Density {
    created: Vec<i64>,
    kinds: Vec<Kind>,
    by_type: HashMap<Arc<str>, usize>,
    /// The most frequent types, by their places among the kinds.
    common: Vec<usize>,
    problems: Series,
    /// Of all events, those whose times are out of order.
    late: Late,
    /// The latest time up to the end of each block.
    latest: Vec<i64>,
    /// Each block that holds an earlier time than every later one, and that time; both grow.
    earliest: Vec<(u32, i64)>,
    bounds: Option<(i64, i64)>,
}

impl Density {
    /// Takes in the next event of the history.
    pub fn push(&mut self, event_type: &Arc<str>, created: Created, mark: Mark) {
        let Created(at) = created;
        let index = u32::try_from(self.created.len()).unwrap_or(u32::MAX);
        let late = self.bounds.is_some_and(|(_, last)| at < last).then_some(at);
        self.bounds = Some(self.bounds.map_or((at, at), |(first, last)| (first.min(at), last.max(at))));
        self.keep_time(index, at);
        if let Some(at) = late {
            self.late.push(index, at);
        }
        if mark == Mark::Problem {
            self.problems.push(index, late);
        }
        self.count(event_type, index, late);
    }

    fn keep_time(&mut self, index: u32, at: i64) {
        let latest = self.bounds.map_or(at, |(_, last)| last);
        if self.created.len().is_multiple_of(BLOCK) {
            self.latest.push(latest);
        } else if let Some(last) = self.latest.last_mut() {
            *last = latest;
        }
        self.created.push(at);
        let block = index / u32::try_from(BLOCK).unwrap_or(u32::MAX);
        let mut earliest = at;
        while let Some(&(known, time)) = self.earliest.last()
            && (known == block || time >= earliest)
        {
            earliest = earliest.min(time);
            self.earliest.pop();
            if known == block && time < at {
                break;
            }
        }
        self.earliest.push((block, earliest));
    }

    fn count(&mut self, event_type: &Arc<str>, index: u32, late: Option<i64>) {
        let known = self.by_type.get(event_type).copied();
        let place = match known {
            Some(place) => place,
            None if self.kinds.len() == KINDS => return,
            None => {
                let (event_type, series) = (event_type.clone(), Series::default());
                self.by_type.insert(event_type.clone(), self.kinds.len());
                self.kinds.push(Kind { event_type, series, is_common: false });
                self.kinds.len() - 1
            }
        };
        self.kinds[place].series.push(index, late);
        if !self.kinds[place].is_common {
            self.may_be_common(place);
        }
    }

    /// It takes the place of a less frequent one.
    fn may_be_common(&mut self, place: usize) {
        let frequency = |place: usize| self.kinds[place].series.len();
        if self.common.len() == COMMON {
            let rarest = self.common.iter().enumerate().min_by_key(|(_, place)| frequency(**place));
            let Some((at, &rarest)) = rarest.filter(|(_, rarest)| frequency(**rarest) < frequency(place))
            else {
                return;
            };
            self.common.remove(at);
            self.kinds[rarest].is_common = false;
        }
        self.kinds[place].is_common = true;
        let at = self.common.partition_point(|&known| known < place);
        self.common.insert(at, place);
    }

    pub fn len(&self) -> usize {
        self.created.len()
    }

    pub fn is_empty(&self) -> bool {
        self.created.is_empty()
    }

    /// When an event was stored.
    pub fn created(&self, index: usize) -> Option<Created> {
        self.created.get(index).copied().map(Created)
    }

    /// The earliest and the latest time of any event.
    pub fn bounds(&self) -> Option<(Created, Created)> {
        self.bounds.map(|(first, last)| (Created(first), Created(last)))
    }

    /// The most frequent types, in the order in which they first came.
    pub fn common(&self) -> impl ExactSizeIterator<Item = &Arc<str>> {
        self.common.iter().map(|&place| &self.kinds[place].event_type)
    }

    /// The types that are counted one by one, each with its events, in the order in which they first came.
    pub fn types(&self) -> impl Iterator<Item = (&Arc<str>, usize)> {
        self.kinds.iter().map(|kind| (&kind.event_type, kind.series.len()))
    }

    /// The nearest event of a type that is counted after an event, or the first.
    pub fn next_of_type(&self, event_type: &str, index: Option<usize>) -> Option<usize> {
        let kind = self.kinds.get(*self.by_type.get(event_type)?)?;
        kind.series.first_from(index.map_or(0, |index| index + 1))
    }

    pub fn cut_before(&self, index: usize) -> Cut {
        Cut { index: index.min(self.len()), time: None }
    }

    pub fn cut_before_time(&self, time: Created) -> Cut {
        Cut { index: self.first_from(time), time: Some(time.0) }
    }

    /// The first event, in the order of the stream, stored at or after this time; the number of events where there is none.
    pub fn first_from(&self, time: Created) -> usize {
        let from = self.latest.partition_point(|&latest| latest < time.0) * BLOCK;
        let mut rest = self.created.iter().skip(from);
        rest.position(|&at| at >= time.0).map_or(self.len(), |place| from + place)
    }

    /// The last event, in the order of the stream, stored at or before this time.
    pub fn last_until(&self, time: Created) -> Option<usize> {
        let known = self.earliest.partition_point(|&(_, earliest)| earliest <= time.0).checked_sub(1)?;
        let from = self.earliest[known].0 as usize * BLOCK;
        let block = &self.created[from..self.len().min(from + BLOCK)];
        block.iter().rposition(|&at| at <= time.0).map(|place| from + place)
    }

    /// Events between two cuts.
    pub fn events_between(&self, from: Cut, to: Cut) -> usize {
        let in_order = to.index.saturating_sub(from.index);
        self.late.corrected(in_order, from, to)
    }

    pub fn problems_between(&self, from: Cut, to: Cut) -> usize {
        self.problems.between(from, to)
    }

    /// How many events of each type lie from one index up to another, the most frequent first; the second number counts those
    /// of types that are counted together.
    pub fn types_between(&self, from: usize, to: usize) -> (Vec<(&Arc<str>, usize)>, usize) {
        let count = |kind: &Kind| kind.series.between(self.cut_before(from), self.cut_before(to));
        let mut types: Vec<_> = self.kinds.iter().map(|kind| (&kind.event_type, count(kind))).collect();
        types.retain(|(_, count)| *count > 0);
        types.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let counted: usize = types.iter().map(|(_, count)| count).sum();
        (types, to.saturating_sub(from).saturating_sub(counted))
    }

    /// The first event of a type at or after an index; of the types that are counted one by one.
    pub fn first_of_type(&self, event_type: &str, from: usize) -> Option<usize> {
        self.kinds[*self.by_type.get(event_type)?].series.first_from(from)
    }

    /// The nearest problem after an event, or the first.
    pub fn problem_after(&self, index: Option<usize>) -> Option<usize> {
        self.problems.first_from(index.map_or(0, |index| index + 1))
    }

    pub fn problem_before(&self, index: usize) -> Option<usize> {
        self.problems.last_before(index)
    }
}
