//! Which rows meet what the filter asks beside its words: each is judged once when it comes or changes.

use super::row_order::index;
use crate::aggregate::{Condition, Registry, Within};
use crate::record::Created;
use crate::store::{self, RowField, StreamRow, nearest_field};
use std::collections::HashSet;
use std::sync::Arc;

/// Rows that are judged between two frames.
const AT_ONCE: usize = 4_096;

/// What a row must meet.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Question {
    pub within: Vec<Within>,
    pub condition: Option<Condition>,
}

#[derive(Debug)]
pub struct Meeting {
    question: Arc<Question>,
    /// The time by which ages are judged.
    now: Created,
    /// Of the last event, that it asks for.
    ages: Vec<i64>,
    /// Of the rows from the first on, as far as they are judged.
    meets: Vec<bool>,
    /// Whether a row had the field, for each that the condition reads.
    has_field: Vec<bool>,
    /// The field that each may mean that no row had, when all rows were judged.
    near: Vec<Option<Arc<str>>>,
}

impl Meeting {
    pub fn new(question: Arc<Question>, now: Created) -> Self {
        let fields = question.condition.as_ref().map_or(0, |condition| condition.fields().len());
        let ages = question.condition.as_ref().map(Condition::ages).unwrap_or_default();
        let (near, has_field) = (vec![None; fields], vec![false; fields]);
        Self { near, has_field, question, now, ages, meets: Vec::new() }
    }

    pub fn question(&self) -> &Arc<Question> {
        &self.question
    }

    pub fn now(&self) -> Created {
        self.now
    }

    /// The time before.
    pub fn set_now(&mut self, now: Created) -> Created {
        std::mem::replace(&mut self.now, now)
    }

    pub fn ages(&self) -> &[i64] {
        &self.ages
    }

    /// Judges some of the rows that come next, but for those that are absent; whether all are judged.
    pub fn go_on(&mut self, registry: &Registry, rows: &[StreamRow], absent: &HashSet<u32>) -> bool {
        let from = self.meets.len().min(rows.len());
        for (at, row) in rows.iter().enumerate().skip(from).take(AT_ONCE) {
            let meets = !absent.contains(&index(at)) && self.judge(registry, row);
            self.meets.push(meets);
        }
        self.meets.len() >= rows.len()
    }

    /// Looks for what may be meant by the fields that no row has.
    pub fn find_near(&mut self, registry: &Registry, rows: &[StreamRow]) {
        let Some(condition) = &self.question.condition else { return };
        let unknown = condition.fields().iter().zip(&self.has_field).zip(&mut self.near);
        for ((field, _), near) in unknown.filter(|((_, has_field), _)| !**has_field) {
            *near = nearest_field(field, rows, registry);
        }
    }

    fn judge(&mut self, registry: &Registry, row: &StreamRow) -> bool {
        let Question { within, condition } = &*self.question;
        let has_texts = within.iter().all(|within| store::has_within(within, registry, row));
        let Some(condition) = condition else { return has_texts };
        let aggregate = &**registry.for_stream(&row.stream);
        if let Some(state) = &row.state {
            for (field, has_field) in condition.fields().iter().zip(&mut self.has_field) {
                *has_field |= aggregate.field(state, field).is_some();
            }
        }
        has_texts && store::meets(condition, aggregate, row, self.now)
    }

    /// A row is absent by now; it is judged again when it comes back.
    pub fn take_out(&mut self, at: usize) {
        if let Some(meets) = self.meets.get_mut(at) {
            *meets = false;
        }
    }

    /// A row is another one by now; one that was not judged yet is judged in its turn.
    pub fn replace(&mut self, registry: &Registry, at: usize, row: &StreamRow) {
        if at < self.meets.len() {
            self.meets[at] = self.judge(registry, row);
        }
    }

    pub fn meets(&self, at: usize) -> bool {
        self.meets.get(at).copied().unwrap_or(false)
    }

    /// The fields that it reads and that no row has, each with the one that may be meant.
    pub fn unknown_fields(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        let fields = self.question.condition.iter().flat_map(Condition::fields);
        let fields = fields.zip(&self.has_field).zip(&self.near);
        let unknown =
            fields.filter(|((field, has_field), _)| !**has_field && RowField::named(field).is_none());
        unknown.map(|((field, _), near)| (field.as_str(), near.as_deref()))
    }
}
