//! What a conflict was about: what was decided on, what was appended since, and what the command would do now.

use super::app::App;
use crate::app::opened::Opened;
use crate::app::preview::Preview;
use crate::app::write::Outcome;
use crate::decision::Expected;
use crate::record::{Record, Revision};
use crate::store::AppendError;

#[derive(Debug)]
pub struct Conflict<'a> {
    pub error: &'a AppendError,
    /// The revision that the decision was made at.
    pub decided_at: Option<Revision>,
    /// Appended since; empty until it was read.
    pub since: Vec<Since<'a>>,
    /// The command decided on what is there now; `None` until that was read.
    pub now: Option<&'a Preview>,
}

/// An event that came between.
#[derive(Debug)]
pub struct Since<'a> {
    pub record: &'a Record,
    /// The fields that it changed, like `Paid: true`; empty where it changed none.
    pub state: String,
}

/// Events told of one conflict, the newest where there are more.
const TOLD: usize = 4;

impl App {
    /// The last write's conflict, until it is decided again.
    pub fn conflict(&self) -> Option<Conflict<'_>> {
        let Some(Outcome::Failed { append, decided_at, error }) = &self.dock.outcome else { return None };
        let AppendError::Conflict { expected, actual } = error else { return None };
        let base = match expected {
            Expected::Exact(revision) => Some(*revision),
            Expected::NoStream => None,
            Expected::StreamExists | Expected::Any => *decided_at,
        };
        let conflict = Conflict { error, decided_at: *decided_at, since: Vec::new(), now: None };
        let Some(opened) = self.opened().filter(|opened| opened.stream == append.stream) else {
            return Some(conflict);
        };
        if opened.timeline().last_revision() < *actual {
            return Some(conflict);
        }
        let records = opened.timeline().records();
        let first = records.partition_point(|record| base.is_some_and(|base| record.revision <= base));
        let first = first.max(records.len().saturating_sub(TOLD));
        let since = (first..records.len()).map(|i| Since { record: &records[i], state: changed(opened, i) });
        Some(Conflict { since: since.collect(), now: Some(self.preview()), ..conflict })
    }
}

fn changed(opened: &Opened, index: usize) -> String {
    let before = index.checked_sub(1);
    let changes = opened
        .timeline()
        .changes(&opened.timeline().state_at(before), &opened.timeline().state_at(Some(index)));
    let told = |change: &crate::history::Change| {
        format!("{}: {}", change.field, change.after.as_deref().unwrap_or("gone"))
    };
    changes.iter().map(told).collect::<Vec<_>>().join(", ")
}
