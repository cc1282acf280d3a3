//! What a step came to, as it stood then: nothing in it changes when the run goes on.

use super::model::{Expecting, Tab};
use super::sentence::Sentence;
use crate::aggregate::{Field, Status, Tone};
use crate::history::{Change, ComparedField, Mark};
use crate::record::{Revision, StreamName};
use std::sync::Arc;

#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// What each act of the step did.
    pub notes: Vec<Sentence>,
    /// One for each writer of the lesson, with the cards about `stream`, oldest first.
    pub columns: Vec<Column>,
    pub stream: StreamName,
    /// The stream as it stood, oldest first, and after it what was never written.
    pub lines: Vec<StreamLine>,
    pub shown: Shown,
}

impl Outcome {
    /// Of the newest event that stood in the stream.
    pub fn head(&self) -> Option<Revision> {
        self.lines.iter().filter_map(|line| line.revision).next_back()
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    pub writer: Arc<str>,
    pub cards: Vec<Card>,
    /// What the writer does in the next step.
    pub next: Option<CardKind>,
}

/// One thing that a writer did.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    pub kind: CardKind,
    pub tone: CardTone,
    /// Behind the kind, like "written at revision 1".
    pub verdict: Option<String>,
    pub lines: Vec<Sentence>,
    /// It is of this step.
    pub is_new: bool,
    /// What a person may choose here.
    pub choice: Option<Choice>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardKind {
    Read,
    ReadAgain,
    Decide,
    Append,
    AppendAgain,
}

impl CardKind {
    pub fn title(self) -> &'static str {
        match self {
            Self::Read => "Read",
            Self::ReadAgain => "Read again",
            Self::Decide => "Decide",
            Self::Append => "Append",
            Self::AppendAgain => "Append again",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CardTone {
    Plain,
    Written,
    Refused,
    /// What was read is no longer so.
    Stale,
    /// No answer came.
    Lost,
}

/// What an append is to expect: another answer is another run, done up to this step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    pub step: usize,
    pub chosen: Expecting,
}

#[derive(Debug, Clone, PartialEq)]
pub struct StreamLine {
    /// `None` where the event was never written.
    pub revision: Option<Revision>,
    /// As it is stored, so others may have chosen it; the sentence of a problem may hold their data, too.
    pub event_type: Arc<str>,
    pub tone: Option<Tone>,
    pub by: Option<Arc<str>>,
    pub mark: Mark,
    /// The sentence of the problem that it is.
    pub problem: Option<String>,
    /// It is of this step.
    pub is_new: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Shown {
    /// The columns beside the stream.
    Writers,
    /// The main window is to stand there.
    Window(Viewed),
    Projection(Projected),
    Folds(Folds),
}

/// Where the main window is to stand, and what it shows there.
#[derive(Debug, Clone, PartialEq)]
pub struct Viewed {
    pub stream: StreamName,
    /// `None` before the first event.
    pub revision: Option<Revision>,
    pub tab: Tab,
    /// The event's data on one line, safe to show; cut where they are long.
    pub data: String,
    pub fields: Option<Vec<Field>>,
    pub changes: Vec<Change>,
    pub status: Option<Arc<Status>>,
}

/// A projection's stream as it stood, with what concerns the lesson's stream alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Projected {
    /// Like `$by_category`.
    pub projection: Arc<str>,
    pub is_running: bool,
    /// Like `$ce-order`.
    pub stream: StreamName,
    /// The events that its links lead to, by their revisions in the lesson's stream.
    pub lines: Vec<StreamLine>,
    /// Events of the lesson's stream that it does not have.
    pub missing: u64,
    /// The state by its events alone, and by all of them.
    pub known: Sentence,
    pub real: Sentence,
}

/// Two folds of the same events.
#[derive(Debug, Clone, PartialEq)]
pub struct Folds {
    pub left: FoldState,
    pub right: FoldState,
    pub fields: Vec<ComparedField>,
    /// The first revision after which they differ.
    pub first_difference: Option<Revision>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct FoldState {
    pub name: Arc<str>,
    /// The JavaScript, as it is in the file.
    pub text: Arc<str>,
    pub fields: Vec<Field>,
}
