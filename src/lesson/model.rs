//! A lesson that was read and checked: what names something is the place of it.

use crate::aggregate::Aggregate;
use crate::decision::Expected;
use std::sync::Arc;

/// A lesson; its texts are safe to show, those of the steps with `{order}` for the id of the stream named `order` and `{order.stream}` for its name.
#[derive(Debug)]
pub struct Lesson {
    /// The file's name without its ending.
    pub name: Arc<str>,
    pub title: String,
    pub about: String,
    /// Columns of the outcomes, in this order; none where the main window shows the steps.
    pub writers: Vec<Arc<str>>,
    pub streams: Vec<LessonStream>,
    pub folds: Vec<Fold>,
    /// Never empty.
    pub steps: Vec<Step>,
    pub try_it: String,
}

/// A stream that each run of the lesson has for itself.
#[derive(Debug)]
pub struct LessonStream {
    /// As the lesson names it.
    pub name: Arc<str>,
    pub category: Arc<str>,
}

/// A fold in JavaScript that the lesson brings.
#[derive(Debug)]
pub struct Fold {
    pub name: Arc<str>,
    pub text: Arc<str>,
    pub aggregate: Arc<dyn Aggregate>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepText {
    pub title: String,
    /// One to three.
    pub lines: Vec<String>,
}

#[derive(Debug)]
pub struct Step {
    pub text: StepText,
    /// In its place, once a person chose to expect any revision in this step or before.
    pub if_any: Option<StepText>,
    pub acts: Vec<Act>,
    pub show: Show,
}

impl Step {
    /// The place of the act whose expected revision a person may choose.
    pub fn choice(&self) -> Option<usize> {
        self.acts.iter().position(|act| matches!(act, Act::Send(Send { choice: true, .. })))
    }
}

/// What a step does; writers and streams by their places.
#[derive(Debug)]
pub enum Act {
    Append(Append),
    /// The writer keeps the state and the revision as they are then.
    Read {
        writer: usize,
        stream: usize,
    },
    /// The writer decides a command on what was read last, by its form's fields.
    Decide {
        writer: usize,
        command: Arc<str>,
        texts: Vec<String>,
    },
    Send(Send),
    /// Stops the projection until it is started again or the run ends.
    Disable(Arc<str>),
    Enable(Arc<str>),
}

/// An event that nobody decided on.
#[derive(Debug)]
pub struct Append {
    pub stream: usize,
    pub by: Option<Arc<str>>,
    pub event_type: Arc<str>,
    /// JSON text.
    pub data: Box<str>,
    pub expected: Expected,
    /// The same label is the same event id within a run.
    pub id: Option<Arc<str>>,
    pub loses_answer: bool,
}

/// What a writer decided last goes to the server.
#[derive(Debug)]
pub struct Send {
    pub writer: usize,
    pub expecting: Expecting,
    /// As another event, not as the same one once more.
    pub new_id: bool,
    pub loses_answer: bool,
    /// A person may choose what is expected.
    pub choice: bool,
}

/// What a writer's append expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expecting {
    /// The revision that was decided at.
    Decided,
    Any,
}

/// What a step shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Show {
    /// The writers beside this stream.
    Writers { stream: usize },
    /// The main window; the newest revision where none is said.
    Window { stream: usize, revision: Option<u64>, tab: Tab },
    /// The stream beside what `$by_category` has of it.
    Projection { stream: usize },
    /// The states of two folds side by side.
    Folds { stream: usize, left: usize, right: usize },
}

/// A tab of the main window's inspector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tab {
    State,
    Changes,
    Event,
    Compare,
}
