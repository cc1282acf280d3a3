//! What a field is compared with, and how.

use crate::aggregate::number::{compare_exactly, is_number};
use crate::record::json;
use serde_json::value::RawValue;
use std::cmp::Ordering;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    Number(String),
    Text(String),
    True,
    False,
    Null,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    Equal,
    NotEqual,
    Less,
    AtMost,
    More,
    AtLeast,
    Contains,
    StartsWith,
}

impl Operator {
    /// Whether it needs numbers or texts.
    pub fn orders(self) -> bool {
        matches!(self, Self::Less | Self::AtMost | Self::More | Self::AtLeast)
    }

    /// Whether what stands so to the value meets it; `contains` and its kin ask for more than an order.
    pub fn is_met_by(self, order: Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::More => order.is_gt(),
            Self::AtLeast => order.is_ge(),
            Self::Contains | Self::StartsWith => false,
        }
    }

    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::NotEqual => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Contains => "contains",
            Self::StartsWith => "starts with",
        }
    }
}

impl Value {
    /// Its signs, for what looks into a text.
    fn text(&self) -> &str {
        match self {
            Self::Number(text) | Self::Text(text) => text,
            Self::True => "true",
            Self::False => "false",
            Self::Null => "null",
        }
    }

    /// Whether the token of a field compares so; `None` is a field that is missing.
    pub fn is_met(&self, operator: Operator, token: Option<&str>) -> bool {
        let Some(token) = token else { return operator == Operator::NotEqual };
        match operator {
            Operator::Equal => self.equals(token),
            Operator::NotEqual => !self.equals(token),
            Operator::Less | Operator::AtMost | Operator::More | Operator::AtLeast => {
                self.order(token).is_some_and(|order| operator.is_met_by(order))
            }
            Operator::Contains if token.starts_with('[') => {
                let elements: Result<Vec<&RawValue>, _> = serde_json::from_str(token);
                elements.is_ok_and(|all| all.iter().any(|element| self.equals(element.get())))
            }
            Operator::Contains => seen(token).contains(self.text()),
            Operator::StartsWith => seen(token).starts_with(self.text()),
        }
    }

    fn equals(&self, token: &str) -> bool {
        match self {
            Self::Number(number) if is_number(token) => {
                token == number || compare_exactly(token, number) == Some(Ordering::Equal)
            }
            Self::Number(text) | Self::Text(text) => json::token_text(token).is_some_and(|own| own == *text),
            Self::True | Self::False | Self::Null => token == self.text(),
        }
    }

    /// How the token stands to it.
    fn order(&self, token: &str) -> Option<Ordering> {
        match self {
            Self::Number(number) => compare_exactly(token, number),
            Self::Text(text) => json::token_text(token).map(|own| own.as_ref().cmp(text)),
            Self::True | Self::False | Self::Null => None,
        }
    }
}

/// The text of a JSON string, or the token of anything else.
fn seen(token: &str) -> std::borrow::Cow<'_, str> {
    json::token_text(token).unwrap_or(std::borrow::Cow::Borrowed(token))
}
