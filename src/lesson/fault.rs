//! Why a file is no lesson.

use std::fmt;
use std::sync::Arc;

/// What is wrong in a file, where, and the fix; safe to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LessonFault {
    /// The file's name.
    pub file: Arc<str>,
    /// From 1, where the text is not of the form.
    pub line: Option<usize>,
    /// Like `step 3, act 2`; empty where it is the lesson as a whole.
    pub place: String,
    /// Sentences that name the input and the fix.
    pub text: String,
}

impl fmt::Display for LessonFault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if !self.place.is_empty() {
            write!(f, ", {}", self.place)?;
        }
        write!(f, ": {}", self.text)
    }
}

impl std::error::Error for LessonFault {}
