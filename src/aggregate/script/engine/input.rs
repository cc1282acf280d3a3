//! A step to take, and what it made.

use super::event::EventView;
use crate::aggregate::Emitted;
use std::sync::Arc;

/// The state that an event meets.
#[derive(Debug, Clone, Copy)]
pub enum Before<'a> {
    /// None yet: `$init` makes it.
    Fresh,
    Text(&'a str),
    /// As the last event left it in the engine.
    Live,
}

/// One step to take.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    pub event: &'a EventView<'a>,
    pub partition: &'a str,
    pub before: Before<'a>,
    pub shared: Option<&'a str>,
    /// The partition begins with this event.
    pub begins: bool,
    /// Also what `transformBy` and `filterBy` make of the state.
    pub wants_result: bool,
}

/// What an event made of the state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// The text of the state as the server shows it; `None` where it is cleared.
    pub state: Option<Arc<str>>,
    pub shared: Option<Arc<str>>,
    /// The state that lives on in memory is more than its text.
    pub exceeds_text: bool,
    /// `None` where a filter holds it back.
    pub result: Option<Arc<str>>,
    pub emitted: Vec<Emitted>,
    pub log: Vec<String>,
}
