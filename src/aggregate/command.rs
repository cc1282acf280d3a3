//! What can be asked of an aggregate, and what it answers.

use crate::record::StreamName;
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// A checked command; only its aggregate can look into it.
#[derive(Clone)]
pub struct Command {
    /// The stream that it is for.
    pub stream: StreamName,
    /// Whether it begins that stream's aggregate.
    pub creates: bool,
    inner: Arc<dyn Any + Send + Sync>,
}

impl Command {
    pub fn new<T: Any + Send + Sync>(stream: StreamName, creates: bool, command: T) -> Self {
        Self { stream, creates, inner: Arc::new(command) }
    }

    /// `None` where the command is another aggregate's.
    pub fn get<T: Any>(&self) -> Option<&T> {
        self.inner.downcast_ref()
    }
}

impl fmt::Debug for Command {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Command").field("stream", &self.stream).finish_non_exhaustive()
    }
}

/// An event that a decision appends; `data` is JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEvent {
    pub event_type: Arc<str>,
    pub data: Box<[u8]>,
}

/// The aggregate said no. Never mixed with what the database says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// One sentence without its full stop.
    pub text: String,
    /// The path of the field that says no, whose last setter explains the refusal.
    pub because_of: Option<Arc<str>>,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// Why a form's texts are no command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InputError {
    /// Nothing to judge yet: a field is empty.
    Incomplete(Arc<str>),
    /// The sentence names the input and the fix.
    Invalid(String),
}
