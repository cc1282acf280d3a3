//! The history at one place.

use super::changes::Change;
use super::chunk::Chunk;
use super::replay::Mark;
use crate::aggregate::{Field, Output, Problem, State};
use crate::record::{Record, RecordRef};
use std::sync::Arc;

/// What state, changes and detail draw; it borrows nothing, so that its owner can keep it.
#[derive(Debug)]
pub struct Frame {
    /// `None` before the first event, and where the history is not read that far.
    pub index: Option<usize>,
    pub kept: Option<KeptRecord>,
    pub before: State,
    pub after: State,
    pub mark: Option<Mark>,
    pub problem: Option<Problem>,
    /// The fields after this event, `None` where there is no aggregate yet.
    pub fields: Option<Vec<Field>>,
    pub changes: Vec<Change>,
    /// What the fold says of this event beside the state.
    pub output: Option<Output>,
}

/// A record by what holds it, so that its payload is not copied.
#[derive(Debug, Clone)]
pub enum KeptRecord {
    InChunk { chunk: Arc<Chunk>, at: usize },
    Alone(Arc<Record>),
}

impl KeptRecord {
    pub fn get(&self) -> Option<RecordRef<'_>> {
        match self {
            Self::InChunk { chunk, at } => chunk.get(*at),
            Self::Alone(record) => Some((&**record).into()),
        }
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
            output: None,
        }
    }

    /// A record that the history is not read to, at the state that it is read to.
    pub fn not_read_to(record: Arc<Record>, state: State) -> Self {
        Self { kept: Some(KeptRecord::Alone(record)), ..Self::before_any(state, None) }
    }

    /// Whether the history is not read to its record: the state there is not known yet.
    pub fn is_not_read_to(&self) -> bool {
        self.index.is_none() && self.kept.is_some()
    }

    /// `None` before the first event.
    pub fn record(&self) -> Option<RecordRef<'_>> {
        self.kept.as_ref()?.get()
    }
}
