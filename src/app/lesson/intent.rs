//! What a person can want of lessons.

use crate::lesson::Expecting;

#[derive(Debug, Clone, PartialEq)]
pub enum LessonIntent {
    /// The one of this place among those offered; in the sandbox, whatever database the window is on.
    Start(usize),
    Next,
    Back,
    First,
    Last,
    GoTo(usize),
    /// Other streams, from the first step.
    StartAgain,
    /// What the append of this step is to expect: the lesson is done again, up to it.
    Choose(usize, Expecting),
    /// The step that failed once more, from where it stopped.
    Retry,
    /// Leaves the lesson, and stands on its stream.
    OpenStream,
    /// Leaves the lesson, and stands where the window stood before.
    Leave,
}
