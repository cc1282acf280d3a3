//! What is worked out of a history beside the frames.

use super::field_history::Wanted;
use crate::aggregate::Condition;
use crate::history::{FieldChange, FieldScan, Judged, Segment, field_changes, field_values, judge};
use std::sync::Arc;

/// One piece of work; its answer carries its number.
#[derive(Debug)]
pub struct Work {
    pub(super) number: u64,
    pub(super) segment: Segment,
    pub(super) task: Task,
}

#[derive(Debug)]
pub(super) enum Task {
    Judge { condition: Arc<Condition>, judged: usize, holds: bool },
    Scan { field: Arc<str>, from: usize },
    Values { field: Arc<str>, records: Vec<u32>, wanted: Wanted },
}

/// What it found.
#[derive(Debug)]
pub enum Found {
    Judged(Judged),
    Scanned(FieldScan),
    Values(Vec<(u32, FieldChange)>, Wanted),
}

impl Work {
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Does it, or as much of it as it may.
    pub fn done(self, may_go_on: &mut dyn FnMut() -> bool) -> Found {
        match self.task {
            Task::Judge { condition, judged, holds } => {
                Found::Judged(judge(&self.segment, &condition, judged, holds, may_go_on))
            }
            Task::Scan { field, from } => Found::Scanned(field_changes(&self.segment, &field, from)),
            Task::Values { field, records, wanted } => {
                Found::Values(field_values(&self.segment, &field, &records), wanted)
            }
        }
    }
}
