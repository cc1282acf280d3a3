//! A condition's parts, and whether they hold.

use super::value::{Operator, Value};
use crate::aggregate::FieldPath;
use std::borrow::Cow;
use std::sync::Arc;

/// Finds the token of a field in what is asked.
pub type Fields<'f, 's> = &'f dyn Fn(&FieldPath) -> Option<Cow<'s, str>>;

/// What is known of the event after which a condition is asked.
#[derive(Debug, Clone, Copy)]
pub struct EventFacts<'a> {
    pub event_type: &'a str,
    /// It does not follow from the state before it.
    pub is_problem: bool,
    /// The paths of the fields that it changed.
    pub changed: &'a [Arc<str>],
}

#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    Any(Vec<Expression>),
    All(Vec<Expression>),
    Not(Box<Expression>),
    Question(FieldPath, Question),
    Changed(FieldPath),
    Problem,
    EventIs(String),
    /// The time since the stream's last event, in ticks of 100 ns.
    Age(Operator, i64),
}

/// What is known beside the fields of a state.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    pub event: Option<&'a EventFacts<'a>>,
    /// Of the last event, in ticks of 100 ns.
    pub age: Option<i64>,
}

/// What is asked of one field.
#[derive(Debug, Clone, PartialEq)]
pub enum Question {
    IsTrue,
    Exists,
    Compares(Operator, Value),
}

impl Expression {
    pub fn holds(&self, fields: Fields<'_, '_>, beside: Beside<'_>) -> bool {
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.holds(fields, beside)),
            Self::All(parts) => parts.iter().all(|part| part.holds(fields, beside)),
            Self::Not(part) => !part.holds(fields, beside),
            Self::Question(field, question) => {
                let token = fields(field);
                match question {
                    Question::IsTrue => token.as_deref() == Some("true"),
                    Question::Exists => token.is_some(),
                    Question::Compares(operator, value) => value.is_met(*operator, token.as_deref()),
                }
            }
            Self::Changed(field) => {
                beside.event.is_some_and(|event| event.changed.iter().any(|path| field.holds(path)))
            }
            Self::Problem => beside.event.is_some_and(|event| event.is_problem),
            Self::EventIs(event_type) => beside.event.is_some_and(|event| event.event_type == *event_type),
            Self::Age(operator, ticks) => beside.age.is_some_and(|age| operator.is_met_by(age.cmp(ticks))),
        }
    }

    /// This part and all within it.
    pub fn visit(&self, seen: &mut impl FnMut(&Self)) {
        seen(self);
        match self {
            Self::Any(parts) | Self::All(parts) => parts.iter().for_each(|part| part.visit(seen)),
            Self::Not(part) => part.visit(seen),
            Self::Question(..) | Self::Changed(_) | Self::Problem | Self::EventIs(_) | Self::Age(..) => {}
        }
    }

    /// Whether it is a single word, which a person may just look for.
    pub fn is_word(&self) -> bool {
        matches!(self, Self::Problem | Self::Question(_, Question::IsTrue))
    }
}
