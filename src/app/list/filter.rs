//! What the text of the filter asks for: words, and what is judged of each stream.

use super::meeting::Meeting;
use super::row_texts::Word;
use crate::aggregate::{Condition, ConditionError};
use crate::record::Created;
use std::sync::Arc;

/// How the text of the filter was understood.
#[derive(Debug)]
pub struct Filter {
    pub text: String,
    pub words: Vec<Word>,
    /// What can be asked of a history, of the last text that was understood.
    pub condition: Option<Arc<Condition>>,
    /// Why the text cannot be understood: what was shown before it stays.
    pub fault: Option<ConditionError>,
    /// The rows that are shown meet it.
    pub meeting: Option<Meeting>,
    /// Takes its place once all rows are judged, with the words beside it.
    pub judging: Option<Meeting>,
    pub judging_words: Vec<Word>,
    /// As it was told last.
    pub now: Created,
    /// When the next row may meet it or meet it no more.
    pub due: Option<Created>,
}

impl Default for Filter {
    fn default() -> Self {
        Self {
            text: String::new(),
            words: Vec::new(),
            condition: None,
            fault: None,
            meeting: None,
            judging: None,
            judging_words: Vec::new(),
            now: Created(0),
            due: None,
        }
    }
}
