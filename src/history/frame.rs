//! The history at one place.

use super::changes::Change;
use super::chunk::Chunk;
use super::replay::Mark;
use crate::aggregate::{Field, Problem, State};
use crate::record::RecordRef;
use std::sync::Arc;

/// What state, changes and detail draw; it borrows nothing, so that its owner can keep it.
#[derive(Debug)]
pub struct Frame {
    /// `None` before the first event.
    pub index: Option<usize>,
    pub kept: Option<KeptRecord>,
    pub before: State,
    pub after: State,
    pub mark: Option<Mark>,
    pub problem: Option<Problem>,
    /// The fields after this event, `None` where there is no aggregate yet.
    pub fields: Option<Vec<Field>>,
    pub changes: Vec<Change>,
}

/// A record by the chunk that holds it, so that its payload is not copied.
#[derive(Debug, Clone)]
pub struct KeptRecord {
    pub(super) chunk: Arc<Chunk>,
    pub(super) at: usize,
}

impl KeptRecord {
    pub fn get(&self) -> Option<RecordRef<'_>> {
        self.chunk.get(self.at)
    }
}

impl Frame {
    pub(super) fn before_any(state: State, fields: Option<Vec<Field>>) -> Self {
        Self {
            index: None,
            kept: None,
            before: state.clone(),
            after: state,
            mark: None,
            problem: None,
            fields,
            changes: Vec::new(),
        }
    }

    /// `None` before the first event.
    pub fn record(&self) -> Option<RecordRef<'_>> {
        self.kept.as_ref()?.get()
    }
}
