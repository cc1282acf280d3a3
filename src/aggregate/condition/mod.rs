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
//!           | "last" ("<" | "<=" | ">" | ">=") LENGTH   the age of the stream's last event: last < 2h
//!           | "last" ("<" | "<=" | ">" | ">=") DATE     when that was, in local time: last < 2026-11-24
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
pub use lexer::{Kind, Token, is_attempt};
pub use parser::Parser;

use super::{Aggregate, FieldPath, State};
use expression::{Beside, Expression};
use std::borrow::Cow;

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
        Ok(Self::of(text.trim().to_owned(), parser::parse(text)?))
    }

    /// The next one of several in a text.
    pub fn read(parser: &mut Parser<'_>) -> Result<Self, ConditionError> {
        let from = parser.here();
        let root = parser.any()?;
        Ok(Self::of(parser.read_since(from).to_owned(), root))
    }

    /// Where each of these holds; `None` of none.
    pub fn all<'a>(conditions: impl IntoIterator<Item = &'a Self>) -> Option<Self> {
        let mut conditions: Vec<Self> = conditions.into_iter().cloned().collect();
        if conditions.len() <= 1 {
            return conditions.pop();
        }
        let text = |one: &Self| match one.root {
            Expression::Any(_) => format!("({})", one.text),
            _ => one.text.clone(),
        };
        let texts: Vec<String> = conditions.iter().map(text).collect();
        let roots = conditions.into_iter().map(|one| one.root).collect();
        Some(Self::of(texts.join(" && "), Expression::All(roots)))
    }

    fn of(text: String, root: Expression) -> Self {
        let (mut fields, mut asks_events) = (Vec::new(), false);
        root.visit(&mut |part| match part {
            Expression::Question(field, _) if !fields.contains(field) => fields.push(field.clone()),
            Expression::Changed(_) | Expression::Problem | Expression::EventIs(_) => asks_events = true,
            _ => {}
        });
        Self { text, root, fields, asks_events }
    }

    /// Whether it is a single word in brackets or not, which a person may just look for.
    pub fn is_word(&self) -> bool {
        self.root.is_word() && !is_attempt(&self.text)
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

    /// The ages of the last event that it asks for, in ticks of 100 ns.
    pub fn ages(&self) -> Vec<i64> {
        let mut ages = Vec::new();
        self.root.visit(&mut |part| {
            if let Expression::Age(_, ticks) = part {
                ages.push(*ticks);
            }
        });
        ages
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
        self.root.holds(&|field| aggregate.field(state, field), Beside::default())
    }

    /// Of these fields, and of the age of a last event in ticks.
    pub fn holds_of<'s>(
        &self,
        fields: &dyn Fn(&FieldPath) -> Option<Cow<'s, str>>,
        age: Option<i64>,
    ) -> bool {
        self.root.holds(fields, Beside { event: None, age })
    }

    /// Of the state after an event.
    pub fn holds_after(&self, aggregate: &dyn Aggregate, state: &State, event: &EventFacts<'_>) -> bool {
        let beside = Beside { event: Some(event), age: None };
        self.root.holds(&|field| aggregate.field(state, field), beside)
    }
}
