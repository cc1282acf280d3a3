//! Lessons: stories told by real events in the sandbox, step by step, forwards and backwards.
//!
//! A [`Lesson`] is a JSON file; seven are built in. A [`Run`] is plain data: where a person stands in it and what each step that
//! was done came to. The [`Runner`] does the steps, each once, by the program's own ways to read, decide and write; it takes a
//! [`Sandbox`], so it writes to nothing else.

mod built_in;
mod fault;
mod files;
mod format;
mod model;
mod outcome;
mod reading;
mod run;
mod runner;
mod sandbox;
mod sentence;

pub use built_in::built_in;
pub use fault::LessonFault;
pub use files::{FOLDER, LessonFile, in_folder, of_file};
pub use model::{Act, Append, Expecting, Fold, Lesson, LessonStream, Send, Show, Step, StepText, Tab};
pub use outcome::{
    Card, CardKind, CardTone, Choice, Column, FoldState, Folds, Outcome, Projected, Shown, StreamLine, Viewed,
};
pub use reading::read;
pub use run::{Choices, Failure, Run, Why};
pub use runner::Runner;
pub use sandbox::{NotSandbox, Sandbox};
pub use sentence::{Part, Sentence};
