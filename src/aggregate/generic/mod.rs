//! Any category without a definition: the last value of every field that its events bear, which is nobody's own logic.

mod object;

use super::{
    Aggregate, Applied, Command, CommandForm, Field, InputError, NewEvent, Problem, Refusal, Schema, State,
    Status,
};
use crate::record::{RecordRef, StreamName};
use object::Object;
use std::sync::Arc;

/// What the state is called, so that nobody takes it for the service's own.
pub const NOTE: &str = "last value of each field";

/// Objects are merged by key, arrays and all else replaced.
#[derive(Debug)]
pub struct Generic {
    schema: Schema,
}

impl Default for Generic {
    fn default() -> Self {
        let schema = Schema {
            category: "*".into(),
            noun: "aggregate".into(),
            note: Some(NOTE.into()),
            columns: Vec::new(),
            statuses: Vec::new(),
            events: Vec::new(),
            commands: Vec::new(),
        };
        Self { schema }
    }
}

#[derive(Debug, Clone, Default)]
struct Fields {
    /// An event was folded.
    begun: bool,
    /// The first events can no longer be read, so that fields may be missing.
    truncated: bool,
    root: Object,
}

impl Aggregate for Generic {
    fn schema(&self) -> &Schema {
        &self.schema
    }

    fn initial(&self, _stream: &StreamName) -> State {
        State::new(Fields::default())
    }

    fn truncated(&self, _stream: &StreamName) -> State {
        State::new(Fields { truncated: true, ..Fields::default() })
    }

    fn is_known(&self, state: &State) -> bool {
        state.get().is_none_or(|fields: &Fields| !fields.truncated)
    }

    fn apply(&self, state: &mut State, event: RecordRef<'_>, changed: &mut Vec<Arc<str>>) -> Applied {
        let data = event.data.trim_ascii_start();
        if !event.declared_json && !data.starts_with(b"{") {
            return Applied::NotFolded;
        }
        match object::scan(data) {
            Ok(Some(members)) => {
                let Some(fields) = state.get_mut::<Fields>() else { return Applied::NotFolded };
                fields.begun = true;
                fields.root.merge(members, changed);
                Applied::Folded
            }
            // A value that is no object has no fields.
            Ok(None) => Applied::NotFolded,
            Err(_) if !event.declared_json || data.is_empty() => Applied::NotFolded,
            Err(why) => Applied::Problem(Problem {
                kind: "not-json",
                text: format!("{}, but its data is not JSON: {why}", event.event_type),
                contradicts: None,
            }),
        }
    }

    fn fields(&self, state: &State) -> Option<Vec<Field>> {
        state.get().filter(|fields: &&Fields| fields.begun).map(|fields| fields.root.fields())
    }

    fn size(&self, state: &State) -> usize {
        state.get().map_or(0, |fields: &Fields| fields.root.size())
    }

    fn status(&self, _state: &State) -> Option<Arc<Status>> {
        None
    }

    fn command(&self, form: &CommandForm, _texts: &[&str], _fresh_id: &str) -> Result<Command, InputError> {
        Err(InputError::Incomplete(form.incomplete))
    }

    fn decide(&self, _state: &State, _command: &Command) -> Result<Vec<NewEvent>, Refusal> {
        Err(Refusal { text: "this category has no commands".to_owned(), because_of: None })
    }
}
