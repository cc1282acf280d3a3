//! Why a text is no condition.

use std::fmt;

/// What is wrong and what to do, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionError {
    /// In characters, from 1 on.
    pub column: usize,
    /// Whole sentences.
    pub text: String,
}

impl ConditionError {
    /// At this byte of the condition.
    pub(super) fn at(source: &str, byte: usize, text: impl Into<String>) -> Self {
        let before = source.get(..byte).unwrap_or(source);
        Self { column: before.chars().count() + 1, text: text.into() }
    }
}

impl fmt::Display for ConditionError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "Column {}: {}", self.column, self.text)
    }
}

impl std::error::Error for ConditionError {}
