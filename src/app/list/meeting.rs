//! Which rows meet the condition of the filter: each is judged once when it comes or changes.

use super::counts::Counts;
use super::row_order::index;
use crate::aggregate::{Condition, Registry};
use crate::store::{StreamRow, nearest_field};
use std::collections::HashSet;
use std::sync::Arc;

/// Rows that are judged between two frames.
const AT_ONCE: usize = 4_096;

#[derive(Debug)]
pub struct Meeting {
    condition: Arc<Condition>,
    /// Of the rows from the first on, as far as they are judged.
    meets: Vec<bool>,
    /// Of the rows that meet it.
    counts: Counts,
    count: usize,
    /// Whether a row had the field, for each that the condition reads.
    has_field: Vec<bool>,
    /// The field that each may mean that no row had, when all rows were judged.
    near: Vec<Option<Arc<str>>>,
}

impl Meeting {
    pub fn new(condition: Arc<Condition>) -> Self {
        let has_field = vec![false; condition.fields().len()];
        let near = vec![None; condition.fields().len()];
        Self { near, condition, meets: Vec::new(), counts: Counts::default(), count: 0, has_field }
    }

    pub fn condition(&self) -> &Arc<Condition> {
        &self.condition
    }

    /// Judges some of the rows that come next, but for those that are absent; whether all are judged.
    pub fn go_on(&mut self, registry: &Registry, rows: &[StreamRow], absent: &HashSet<u32>) -> bool {
        let from = self.meets.len().min(rows.len());
        for (at, row) in rows.iter().enumerate().skip(from).take(AT_ONCE) {
            if absent.contains(&index(at)) {
                self.meets.push(false);
            } else {
                self.push(registry, row);
            }
        }
        self.meets.len() >= rows.len()
    }

    /// Looks for what may be meant by the fields that no row has.
    pub fn find_near(&mut self, registry: &Registry, rows: &[StreamRow]) {
        let unknown = self.condition.fields().iter().zip(&self.has_field).zip(&mut self.near);
        for ((field, _), near) in unknown.filter(|((_, has_field), _)| !**has_field) {
            *near = nearest_field(field, rows, registry);
        }
    }

    fn push(&mut self, registry: &Registry, row: &StreamRow) {
        let meets = self.judge(registry, row);
        self.meets.push(meets);
        self.count_in(row, meets);
    }

    fn judge(&mut self, registry: &Registry, row: &StreamRow) -> bool {
        let Some(state) = &row.state else { return false };
        let aggregate = &**registry.for_stream(&row.stream);
        for (field, has_field) in self.condition.fields().iter().zip(&mut self.has_field) {
            *has_field |= aggregate.field(state, field).is_some();
        }
        self.condition.holds(aggregate, state)
    }

    fn count_in(&mut self, row: &StreamRow, meets: bool) {
        if meets {
            self.counts.add(row);
            self.count += 1;
        }
    }

    /// A row is absent by now; it is judged again when it comes back.
    pub fn take_out(&mut self, at: usize, row: &StreamRow) {
        if let Some(meets) = self.meets.get_mut(at)
            && std::mem::take(meets)
        {
            self.counts.remove(row);
            self.count -= 1;
        }
    }

    /// A row is another one by now; one that was not judged yet is judged in its turn.
    pub fn replace(&mut self, registry: &Registry, at: usize, before: &StreamRow, row: &StreamRow) {
        let Some(&met) = self.meets.get(at) else { return };
        if met {
            self.counts.remove(before);
            self.count -= 1;
        }
        let meets = self.judge(registry, row);
        self.meets[at] = meets;
        self.count_in(row, meets);
    }

    pub fn meets(&self, at: usize) -> bool {
        self.meets.get(at).copied().unwrap_or(false)
    }

    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// Rows that meet it.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The fields that it reads and that no row has, each with the one that may be meant.
    pub fn unknown_fields(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let fields = self.condition.fields().iter().zip(&self.has_field).zip(&self.near);
        let unknown = fields.filter(|((_, has_field), _)| !**has_field);
        unknown.map(|((field, _), near)| (field.as_str(), near.as_deref()))
    }
}
