//! Where a condition turns true or false in a history.

use super::replay::Mark;
use super::segment::Segment;
use crate::aggregate::{Condition, EventFacts};
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// Records that are judged before it is asked whether to go on.
const AT_ONCE: usize = 64;

/// The records at which a condition is another answer than after the record before; before the first record it is not true.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turns {
    /// Indexes of records, in order: it turns true, false, true, and so on.
    at: Vec<u32>,
    judged: usize,
}

/// What was judged in one go.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Judged {
    pub records: Range<usize>,
    turns: Vec<u32>,
}

impl Turns {
    /// Records that were judged, from the first on.
    pub fn judged(&self) -> usize {
        self.judged
    }

    /// Whether it is true after the last record that was judged.
    pub fn holds(&self) -> bool {
        self.at.len() % 2 == 1
    }

    /// Takes in what follows what was judged before.
    pub fn extend(&mut self, judged: Judged) {
        if judged.records.start == self.judged {
            self.judged = judged.records.end;
            self.at.extend(judged.turns);
        }
    }

    /// How often it turns, either way.
    pub fn len(&self) -> usize {
        self.at.len()
    }

    pub fn is_empty(&self) -> bool {
        self.at.is_empty()
    }

    /// How often it turns true.
    pub fn times_true(&self) -> usize {
        self.at.len().div_ceil(2)
    }

    /// The record of a turn, and whether it turns true there.
    pub fn get(&self, place: usize) -> Option<(usize, bool)> {
        self.at.get(place).map(|&at| (at as usize, place.is_multiple_of(2)))
    }

    /// Turns at or before a record.
    fn until(&self, index: usize) -> usize {
        self.at.partition_point(|&at| at as usize <= index)
    }

    /// Whether it is true after a record; `None` where that was not judged.
    pub fn holds_at(&self, index: usize) -> Option<bool> {
        (index < self.judged).then(|| self.until(index) % 2 == 1)
    }

    /// Whether it turns at a record, and to what.
    pub fn turn_at(&self, index: usize) -> Option<bool> {
        let place = self.until(index).checked_sub(1)?;
        self.get(place).filter(|(at, _)| *at == index).map(|(_, turns_true)| turns_true)
    }

    /// The first turn after a record, or the first of all; by its place.
    pub fn place_after(&self, index: Option<usize>) -> Option<usize> {
        let place = index.map_or(0, |index| self.until(index));
        (place < self.at.len()).then_some(place)
    }

    /// The last turn before a record, by its place.
    pub fn place_before(&self, index: usize) -> Option<usize> {
        self.at.partition_point(|&at| (at as usize) < index).checked_sub(1)
    }

    /// Whether it is true after any of these records.
    pub fn holds_within(&self, records: Range<usize>) -> bool {
        let Some(last) = records.end.checked_sub(1).filter(|_| !records.is_empty()) else { return false };
        let (before, until) = (self.until(records.start), self.until(last));
        before % 2 == 1 || until > before
    }
}

/// Judges the records of a segment that follow what was judged, for as long as it may go on.
pub fn judge(
    segment: &Segment,
    condition: &Condition,
    judged: usize,
    holds: bool,
    may_go_on: &mut dyn FnMut() -> bool,
) -> Judged {
    let mut turns = Turning { turns: Vec::new(), holds };
    let to = if condition.is_of_state() {
        by_state(segment, condition, judged, &mut turns, may_go_on)
    } else {
        by_event(segment, condition, judged, &mut turns, may_go_on)
    };
    Judged { records: judged..to, turns: turns.turns }
}

struct Turning {
    turns: Vec<u32>,
    holds: bool,
}

impl Turning {
    fn note(&mut self, index: usize, holds: bool) {
        if holds != self.holds {
            self.holds = holds;
            self.turns.push(u32::try_from(index).unwrap_or(u32::MAX));
        }
    }
}

/// Only records that set a field which the condition reads can turn it, and the first one.
fn by_state(
    segment: &Segment,
    condition: &Condition,
    from: usize,
    turns: &mut Turning,
    may_go_on: &mut dyn FnMut() -> bool,
) -> usize {
    let Some(mut walk) = segment.walk() else { return from };
    let mut left = AT_ONCE;
    for (start, chunk) in segment.chunks_from(from) {
        let read: Vec<_> = chunk.fields().filter(|field| condition.reads(field)).collect();
        let mut places: Vec<usize> = Vec::new();
        match &read[..] {
            [field] => places.extend(chunk.setters(field).iter().map(|&at| start + usize::from(at))),
            fields => {
                let all: BTreeSet<u16> =
                    fields.iter().flat_map(|field| chunk.setters(field)).copied().collect();
                places.extend(all.into_iter().map(|at| start + usize::from(at)));
            }
        }
        if start == 0 && places.first() != Some(&0) {
            places.insert(0, 0);
        }
        for index in places.into_iter().filter(|&index| index >= from) {
            walk.go_after(index);
            turns.note(index, condition.holds(segment.aggregate(), walk.state()));
            left -= 1;
            if left == 0 {
                left = AT_ONCE;
                if !may_go_on() {
                    return index + 1;
                }
            }
        }
    }
    segment.end()
}

fn by_event(
    segment: &Segment,
    condition: &Condition,
    from: usize,
    turns: &mut Turning,
    may_go_on: &mut dyn FnMut() -> bool,
) -> usize {
    let Some(mut walk) = segment.walk() else { return from };
    let asks_changes = condition.asks_changes();
    let needs_state = asks_changes || !condition.fields().is_empty();
    for index in from..segment.end() {
        if index > from && (index - from).is_multiple_of(AT_ONCE) && !may_go_on() {
            return index;
        }
        let Some((record, mark)) = segment.get(index) else { return index };
        if needs_state {
            walk.go_after(index);
        }
        let changed = if needs_state && mark == Mark::Folded { walk.changed() } else { &[] };
        let real: Vec<Arc<str>>;
        let changed = if asks_changes && segment.repeats(index) {
            real = segment.changes_at(index).into_iter().map(|change| change.field).collect();
            &real[..]
        } else {
            changed
        };
        let facts = EventFacts { event_type: record.event_type, is_problem: mark == Mark::Problem, changed };
        turns.note(index, condition.holds_after(segment.aggregate(), walk.state(), &facts));
    }
    segment.end()
}
