//! Conditions on a state and on the event that made it, as people type them.
//!
//! ```text
//! condition   either ("||" either)*
//! either      part ("&&" part)*
//! part        "!" part | "(" condition ")" | question
//! question    FIELD                                true where its value is `true`
//!           | FIELD ("==" | "!=" | "<" | "<=" | ">" | ">=") VALUE
//!           | FIELD ("contains" | "starts with") VALUE
//!           | FIELD "exists" | "exists" "(" FIELD ")"
//!           | "changed" "(" FIELD ")"              the event changed the field, or one inside it
//!           | "problem"                            the event does not follow from the state before it
//!           | "event" "is" VALUE                   the event's type
//! FIELD       names joined by points, a name of other signs in double quotes: Total, address."home town"
//! VALUE       a number, true, false, null, a text in double quotes, or one word
//! ```
//! A field is found by its exact name, else without case where only one fits. Numbers are compared by value and exactly; `<` and
//! its kin compare two numbers or two texts and are false for anything else. A number without quotes is also equal to a text of
//! the same signs. `contains` looks for a part of a text, or for an element of an array. What is missing meets no comparison, so
//! that `!=` and `!` are true of it.

mod error;
mod expression;
mod lexer;
mod of_event;
mod parser;
mod value;

pub use error::ConditionError;
pub use expression::EventFacts;

use super::{Aggregate, FieldPath, State};
use expression::Expression;
use lexer::is_attempt;

/// A condition that was understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    text: String,
    root: Expression,
    /// Whose values it reads, each once.
    fields: Vec<FieldPath>,
    asks_events: bool,
}

impl Condition {
    pub fn parse(text: &str) -> Result<Self, ConditionError> {
        let root = parser::parse(text)?;
        let (mut fields, mut asks_events) = (Vec::new(), false);
        root.visit(&mut |part| match part {
            Expression::Question(field, _) if !fields.contains(field) => fields.push(field.clone()),
            Expression::Changed(_) | Expression::Problem | Expression::EventIs(_) => asks_events = true,
            _ => {}
        });
        Ok(Self { text: text.trim().to_owned(), root, fields, asks_events })
    }

    /// Of a text that may be words to look for: `None` where it is, because it holds no operator.
    pub fn in_filter(text: &str) -> Option<Result<Self, ConditionError>> {
        let parsed = Self::parse(text);
        match &parsed {
            Ok(condition) => (!condition.root.is_word() || is_attempt(text)).then_some(parsed),
            Err(_) => is_attempt(text).then_some(parsed),
        }
    }

    /// As it was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether it can be asked of a state alone, without the event that made it.
    pub fn is_of_state(&self) -> bool {
        !self.asks_events
    }

    /// The fields whose values it reads.
    pub fn fields(&self) -> &[FieldPath] {
        &self.fields
    }

    /// Whether it may be another answer where the value at this path changed.
    pub fn reads(&self, changed: &str) -> bool {
        self.fields.iter().any(|field| field.is_touched_by(changed))
    }

    /// Whether it asks which fields an event changed.
    pub fn asks_changes(&self) -> bool {
        let mut asks = false;
        self.root.visit(&mut |part| asks |= matches!(part, Expression::Changed(_)));
        asks
    }

    /// Of a state alone; what it asks of the event is not so.
    pub fn holds(&self, aggregate: &dyn Aggregate, state: &State) -> bool {
        self.root.holds(&|field| aggregate.field(state, field), None)
    }

    /// Of the state after an event.
    pub fn holds_after(&self, aggregate: &dyn Aggregate, state: &State, event: &EventFacts<'_>) -> bool {
        self.root.holds(&|field| aggregate.field(state, field), Some(event))
    }
}
