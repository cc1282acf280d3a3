//! The rows of a category as they were, for whoever asks once or now and then.

use super::Past;
use crate::aggregate::{Condition, Registry};
use crate::record::{Created, StreamName};
use crate::store::grpc::Session;
use crate::store::{FirstTrue, Listing, StoreError, StreamChange, StreamRow, sort_by_time};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Goes on from what it holds: a second question about the same category costs only what differs.
#[derive(Debug)]
pub struct PastList {
    past: Past,
    rows: BTreeMap<StreamName, StreamRow>,
}

impl PastList {
    pub fn new(category: &str, registry: Registry) -> Self {
        Self { past: Past::new(category, registry), rows: BTreeMap::new() }
    }

    /// With another budget in bytes, which only tests need.
    #[must_use]
    pub fn within(self, budget: u64) -> Self {
        Self { past: self.past.within(budget), ..self }
    }

    /// The rows by stream as they were at the moment.
    pub async fn at(
        &mut self,
        session: &Session,
        at: Created,
    ) -> Result<&BTreeMap<StreamName, StreamRow>, StoreError> {
        self.hold(session).await?;
        let mut answer = self.past.begin(at);
        if answer.is_first {
            self.rows.clear();
        }
        while !self.past.work(&mut answer) {
            tokio::task::yield_now().await;
        }
        self.rows.extend(answer.rows.into_iter().map(|row| (row.stream.clone(), row)));
        for stream in answer.absent {
            self.rows.remove(&stream);
        }
        Ok(&self.rows)
    }

    /// What differs between two moments, by stream.
    pub async fn difference(
        &mut self,
        session: &Session,
        one: Created,
        other: Created,
    ) -> Result<Vec<StreamChange>, StoreError> {
        self.hold(session).await?;
        let mut difference = self.past.begin_difference(one, other);
        while !self.past.compare(&mut difference) {
            tokio::task::yield_now().await;
        }
        let mut found = difference.found;
        found.sort_by(|a, b| a.stream.cmp(&b.stream));
        Ok(found)
    }

    /// In which streams the condition was ever true, of what was written until the moment or of everything, the earliest
    /// first; and of how many streams that was asked.
    pub async fn ever(
        &mut self,
        session: &Session,
        condition: &Arc<Condition>,
        until: Option<Created>,
    ) -> Result<(Vec<FirstTrue>, u64), StoreError> {
        self.hold(session).await?;
        let mut scan = self.past.begin_ever(condition.clone(), until);
        while !self.past.look(&mut scan) {
            tokio::task::yield_now().await;
        }
        let streams = scan.streams();
        let mut found = scan.found;
        sort_by_time(&mut found);
        Ok((found, streams))
    }

    /// Reads what is not held yet, so that the next question need not.
    pub async fn hold(&mut self, session: &Session) -> Result<(), StoreError> {
        let mut reading = self.past.begin_reading(session).await?;
        while !reading.is_done() {
            self.past.read_some(session, &mut reading).await?;
        }
        Ok(())
    }

    /// Where the rows come from, how far, and what they cannot show.
    pub fn listing(&self) -> Listing {
        self.past.listing()
    }

    /// The rows that were asked for last.
    pub fn rows(&self) -> &BTreeMap<StreamName, StreamRow> {
        &self.rows
    }
}
