//! A sentence of an outcome, with what in it is code, a status or a warning.

use crate::aggregate::Status;
use std::fmt;
use std::sync::Arc;

/// A part of a sentence; safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Text(String),
    /// A name or a number of the database.
    Code(String),
    Status(Arc<Status>),
    /// What one held to be true is not any more.
    Stale(String),
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sentence(pub Vec<Part>);

impl Sentence {
    #[must_use]
    pub fn text(mut self, text: impl Into<String>) -> Self {
        self.0.push(Part::Text(text.into()));
        self
    }

    #[must_use]
    pub fn code(mut self, code: &(impl ToString + ?Sized)) -> Self {
        let code = code.to_string();
        self.0.push(Part::Code(crate::record::json::safe(&code).into_owned()));
        self
    }

    #[must_use]
    pub fn status(mut self, status: Arc<Status>) -> Self {
        self.0.push(Part::Status(status));
        self
    }
}

impl From<&str> for Sentence {
    fn from(text: &str) -> Self {
        Self::default().text(text)
    }
}

impl fmt::Display for Sentence {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.0.iter().try_for_each(|part| match part {
            Part::Text(text) | Part::Code(text) => f.write_str(text),
            Part::Status(status) => f.write_str(&status.label),
            Part::Stale(text) => write!(f, " ({text})"),
        })
    }
}
