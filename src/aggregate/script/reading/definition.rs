//! A definition as it was read.

use super::program::Program;
use crate::aggregate::{Column, CommandForm, Status, Tone};
use rquickjs::Function;
use std::sync::Arc;

/// A definition's text and its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    pub file: Arc<str>,
    pub text: Arc<str>,
}

/// What reading a definition finds.
#[derive(Debug, Clone)]
pub struct Definition {
    pub program: Arc<Program>,
    pub functions: Arc<Functions>,
    /// Of `aggregate({…})`.
    pub own: Option<Arc<Own>>,
}

/// What `aggregate({…})` says beside its handlers.
#[derive(Debug, Clone)]
pub struct Own {
    pub category: Arc<str>,
    pub noun: Arc<str>,
    /// JSON text of a value; `None` where a function makes the first state.
    pub initial: Option<Arc<str>>,
    pub status: Option<usize>,
    pub columns: Vec<Column>,
    pub statuses: Vec<Arc<Status>>,
    pub events: Vec<(Arc<str>, Tone)>,
    pub commands: Vec<OwnCommand>,
}

#[derive(Debug, Clone)]
pub struct OwnCommand {
    pub form: CommandForm,
    /// The function that names the stream; without one it is the category and the id.
    pub stream: Option<usize>,
    pub decide: usize,
}

/// Functions of the prelude that stand before those of the definition.
pub const HELPERS: [&str; 4] = ["accessor", "quote", "complete", "tampered"];

/// The definition's functions, as their places among the engine's.
#[derive(Debug, Clone, Default)]
pub struct Functions {
    pub init: Option<usize>,
    pub init_shared: Option<usize>,
    pub any: Option<usize>,
    pub deleted: Option<usize>,
    pub partition: Option<usize>,
    /// Checks of `aggregate({…})`.
    pub problems: Option<usize>,
    pub created: Vec<usize>,
    pub transforms: Vec<Transform>,
}

#[derive(Debug, Clone, Copy)]
pub struct Transform {
    pub is_filter: bool,
    pub function: usize,
}

/// Functions as they are found.
#[derive(Default)]
pub struct FunctionList<'js>(pub Vec<Function<'js>>);

impl<'js> FunctionList<'js> {
    pub fn add(&mut self, function: Function<'js>) -> usize {
        self.0.push(function);
        HELPERS.len() + self.0.len() - 1
    }
}
