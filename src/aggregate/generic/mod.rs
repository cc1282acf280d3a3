//! Any category without a definition: the last value of every field that its events bear, which is nobody's own logic.

mod object;

use super::members::scan;
use super::{
    Aggregate, Applied, Command, CommandForm, Field, FieldPath, InputError, NewEvent, Problem, Refusal,
    Schema, State, Status,
};
use crate::record::{RecordRef, StreamName};
use object::Object;
use std::borrow::Cow;
use std::sync::Arc;

/// What the state is called, so that nobody takes it for the service's own.
pub const NOTE: &str = "last value of each field";
/// Another one whenever the fold or what is saved of it changes.
const VERSION: &str = "generic 1";

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
            file: None,
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
        match scan(data) {
            Ok(Some(members)) => {
                let Some(fields) = state.get_mut::<Fields>() else { return Applied::NotFolded };
                fields.begun = true;
                fields.root.merge(members, changed);
                Applied::Folded
            }
            // A value that is no object has no fields.
            Ok(None) => Applied::NotFolded,
            Err(_) if !event.declared_json || data.is_empty() => Applied::NotFolded,
            Err(why) => {
                let text = format!("{}, but its data is not JSON: {why}", event.event_type);
                Applied::Problem(Problem::new("not-json", text))
            }
        }
    }

    fn version(&self) -> Cow<'_, str> {
        VERSION.into()
    }

    /// Two signs for what is known of the state, then its fields as JSON.
    fn save(&self, state: &State) -> Option<Vec<u8>> {
        let fields: &Fields = state.get()?;
        let sign = |holds| if holds { "1" } else { "0" };
        let mut text = [sign(fields.begun), sign(fields.truncated)].concat();
        fields.root.write(&mut text);
        Some(text.into_bytes())
    }

    fn load(&self, _stream: &StreamName, bytes: &[u8]) -> Option<State> {
        let holds = |sign| match sign {
            b'0' => Some(false),
            b'1' => Some(true),
            _ => None,
        };
        let ([begun, truncated], json) = bytes.split_first_chunk()?;
        let mut root = Object::default();
        root.merge(scan(json).ok()??, &mut Vec::new());
        Some(State::new(Fields { begun: holds(*begun)?, truncated: holds(*truncated)?, root }))
    }

    fn fields(&self, state: &State) -> Option<Vec<Field>> {
        state.get().filter(|fields: &&Fields| fields.begun).map(|fields| fields.root.fields())
    }

    fn field<'a>(&self, state: &'a State, path: &FieldPath) -> Option<Cow<'a, str>> {
        state.get().filter(|fields: &&Fields| fields.begun)?.root.token(path.parts())
    }

    fn size(&self, state: &State) -> usize {
        state.get().map_or(0, |fields: &Fields| fields.root.size())
    }

    fn status(&self, _state: &State) -> Option<Arc<Status>> {
        None
    }

    fn command(&self, form: &CommandForm, _texts: &[&str], _fresh_id: &str) -> Result<Command, InputError> {
        Err(InputError::Incomplete(form.incomplete.clone()))
    }

    fn decide(&self, _state: &State, _command: &Command) -> Result<Vec<NewEvent>, Refusal> {
        Err(Refusal { text: "this category has no commands".to_owned(), because_of: None })
    }
}
