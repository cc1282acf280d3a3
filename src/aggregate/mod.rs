//! What an aggregate is: how its events change its state, how it shows itself, and what it can be asked to do. Pure: no clock but
//! the one that ends a script, no randomness, no database and no window.

mod command;
pub mod condition;
mod event_filter;
mod fault;
mod field_path;
pub mod generic;
mod members;
pub mod number;
pub mod order;
mod output;
mod registry;
mod schema;
pub mod script;
mod state;
mod state_json;
mod stream_filter;

pub use command::{Command, InputError, NewEvent, Refusal};
pub use condition::{Condition, ConditionError, EventFacts};
pub use event_filter::{EventFilter, Sought};
pub use fault::{Fault, FaultKind, Frame, Place};
pub use field_path::FieldPath;
pub use output::{Emitted, Output};
pub use registry::{BUILT_IN, Registry};
pub use schema::{Column, CommandForm, FieldKind, FormField, Schema, Status, Target, Tone};
pub use state::{Field, State, Value, leaves, path_of, quoted};
pub use state_json::{StateObject, state_json};
pub use stream_filter::{StreamFilter, Within};

use crate::record::{RecordRef, StreamName};
use std::borrow::Cow;
use std::fmt::Debug;
use std::sync::Arc;

/// One kind of aggregate: the Decider behind every stream of a category.
pub trait Aggregate: Debug + Send + Sync {
    fn schema(&self) -> &Schema;

    /// The state before any event.
    fn initial(&self, stream: &StreamName) -> State;

    /// The state where the first events can no longer be read.
    fn truncated(&self, stream: &StreamName) -> State;

    /// Whether the state is known; it is not where the beginning is gone and nothing after it makes up for that.
    fn is_known(&self, state: &State) -> bool;

    /// One event on; the paths of the fields that it changed are added to `changed`. Only a folded event changes the state.
    fn apply(&self, state: &mut State, event: RecordRef<'_>, changed: &mut Vec<Arc<str>>) -> Applied;

    /// Of the fold and of what `save` makes: another one where an earlier state is not gone on from.
    fn version(&self) -> Cow<'_, str> {
        Cow::Borrowed("")
    }

    /// The state as bytes that `load` takes back without loss; `None` where it is not kept.
    fn save(&self, _state: &State) -> Option<Vec<u8>> {
        None
    }

    /// The state that was saved; `None` where the bytes are none.
    fn load(&self, _stream: &StreamName, _bytes: &[u8]) -> Option<State> {
        None
    }

    /// The state as named values, in the order in which they are shown; `None` where there is no aggregate yet.
    fn fields(&self, state: &State) -> Option<Vec<Field>>;

    /// The JSON token of a field, its fields as an object where it has some; by `fields` unless there is a quicker way.
    fn field<'a>(&self, state: &'a State, path: &FieldPath) -> Option<Cow<'a, str>> {
        let fields = self.fields(state)?;
        field_path::token_in(&fields, path.parts()).map(|token| Cow::Owned(token.to_string()))
    }

    /// The memory that the state takes by itself, in bytes.
    fn size(&self, state: &State) -> usize;

    /// What the event says beside the state that it makes of this one: it is run once more. `None` where the fold says no such things.
    fn output(&self, _before: &State, _event: RecordRef<'_>) -> Option<Output> {
        None
    }

    /// A sentence without its full stop, where the fold was seen to keep something outside the state: nobody can step back
    /// through that.
    fn outside_state(&self) -> Option<&str> {
        None
    }

    /// What the state is in a word; `None` where it is in none of the schema's.
    fn status(&self, state: &State) -> Option<Arc<Status>>;

    /// The command of a form's texts, one for each of its fields, checked; `fresh_id` names a new aggregate where none was typed.
    fn command(&self, form: &CommandForm, texts: &[&str], fresh_id: &str) -> Result<Command, InputError>;

    /// The events that the command appends, or the rule that refuses it.
    fn decide(&self, state: &State, command: &Command) -> Result<Vec<NewEvent>, Refusal>;
}

/// What one event did to the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    Folded,
    /// The aggregate does not know this event type; the state stays.
    NotFolded,
    /// The aggregate knows the type but the event cannot follow; the state stays.
    Problem(Problem),
}

/// An event that cannot follow from the state before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Stable kebab-case name, for scripts.
    pub kind: &'static str,
    /// One sentence without its full stop, so that history can add "at revision N".
    pub text: String,
    /// The state's field that the event contradicts; the revision that set it explains the problem.
    pub contradicts: Option<Arc<str>>,
    /// Where a script stopped, and the calls that it was in.
    pub fault: Option<Arc<Fault>>,
}

impl Problem {
    pub fn new(kind: &'static str, text: String) -> Self {
        Self { kind, text, contradicts: None, fault: None }
    }
}
