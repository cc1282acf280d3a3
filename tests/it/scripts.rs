//! Aggregates and projections written in JavaScript.

mod accounts;
mod definitions;
mod forms;
mod golden;
pub mod hostile;

use hindsight::aggregate::script::{Limits, Script, ScriptAggregate};
use hindsight::aggregate::{Aggregate, Applied, State, leaves};
use hindsight::record::{Created, Position, Record, Revision, StreamName};
use std::sync::Arc;
use uuid::Uuid;

pub fn record(stream: &str, revision: u64, event_type: &str, data: &str) -> Record {
    Record {
        stream: StreamName::new(stream),
        revision: Revision(revision),
        id: Uuid::from_u128(u128::from(revision) + 1),
        event_type: event_type.into(),
        created: Created(17_000_000_000_000_000 + 10_000_000 * i64::try_from(revision).unwrap()),
        position: Position { commit: 100 + revision, prepare: 100 + revision },
        declared_json: true,
        data: data.as_bytes().into(),
        metadata: Box::default(),
        target: None,
    }
}

pub fn script(text: &str) -> Script {
    Script { file: "own.js".into(), text: text.into() }
}

#[track_caller]
pub fn define(text: &str) -> Arc<ScriptAggregate> {
    match ScriptAggregate::new(script(text), Limits::default()) {
        Ok(aggregate) => Arc::new(aggregate),
        Err(fault) => panic!("{fault}"),
    }
}

/// The leaves of a state as `path=token`.
fn shown(aggregate: &ScriptAggregate, state: &State) -> String {
    let Some(fields) = aggregate.fields(state) else { return "nothing".to_owned() };
    let leaves = leaves(&fields);
    leaves.iter().map(|(path, token)| format!("{path}={token}")).collect::<Vec<_>>().join(" ")
}

/// Folds events of one stream: the state, and the changes or the problem of each.
fn fold(aggregate: &ScriptAggregate, stream: &str, events: &[(&str, &str)]) -> (State, Vec<String>) {
    let mut state = aggregate.initial(&StreamName::new(stream));
    let events = events.iter().zip(0..);
    let steps = events.map(|((event_type, data), revision)| {
        let mut changed = Vec::new();
        let record = record(stream, revision, event_type, data);
        match aggregate.apply(&mut state, (&record).into(), &mut changed) {
            Applied::Folded => changed.join(" "),
            Applied::NotFolded => "-".to_owned(),
            Applied::Problem(problem) => format!("{}: {}", problem.kind, problem.text),
        }
    });
    let steps = steps.collect();
    (state, steps)
}
