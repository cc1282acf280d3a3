//! What the text of the filter asks for: words, or a condition on the state.

use super::meeting::Meeting;
use super::row_texts::Word;
use crate::aggregate::{Condition, ConditionError};
use std::sync::Arc;

/// How the text of the filter was understood.
#[derive(Debug, Default)]
pub struct Filter {
    pub text: String,
    pub words: Vec<Word>,
    /// The last condition that was understood, while its text or one that is no condition yet stands there.
    pub condition: Option<Arc<Condition>>,
    /// Why the text is no condition: what was shown before it stays.
    pub fault: Option<ConditionError>,
    /// The rows that are shown meet it.
    pub meeting: Option<Meeting>,
    /// Takes its place once all rows are judged.
    pub judging: Option<Meeting>,
}
