//! Work that is asked for once and answered once: a file dialog, the journal, a reset.

use super::asking::Found;
use super::failure::Failure;
use super::password::Password;
use super::showing::WrittenHistory;
use crate::aggregate::script::{Definition, Definitions};
use crate::lesson::{self, LessonFile, Outcome};
use crate::record::StreamName;
use crate::store::{JournalEntry, ServedFile, Step};
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

/// How far it is; the answer to an earlier one changes nothing.
#[derive(Debug)]
pub struct OneShot<T> {
    number: u64,
    state: Fetch<T>,
}

#[derive(Debug, Default)]
pub enum Fetch<T> {
    #[default]
    Idle,
    Pending,
    Ready(T),
    Failed(Failure),
}

impl<T> Default for OneShot<T> {
    fn default() -> Self {
        Self { number: 0, state: Fetch::Idle }
    }
}

impl<T> OneShot<T> {
    /// Of the last one that was asked for.
    pub fn number(&self) -> u64 {
        self.number
    }

    pub fn state(&self) -> &Fetch<T> {
        &self.state
    }

    pub fn is_pending(&self) -> bool {
        matches!(self.state, Fetch::Pending)
    }

    pub(super) fn ask(&mut self) -> u64 {
        self.number += 1;
        self.state = Fetch::Pending;
        self.number
    }

    /// What is still on its way is no longer waited for.
    pub(super) fn forget(&mut self) {
        self.number += 1;
        self.state = Fetch::Idle;
    }

    pub(super) fn answer(&mut self, number: u64, answer: Result<T, Failure>) {
        if number == self.number && self.is_pending() {
            self.state = answer.map_or_else(Fetch::Failed, Fetch::Ready);
        }
    }
}

/// How one of them ended; each carries the number of its question.
#[derive(Debug)]
pub enum Answer {
    Reset(Result<(), Failure>),
    /// A line of the connection test of this number; `None` after the last one.
    Step(u64, Option<Box<Step>>),
    /// The file's path; `None` where the dialog was closed without one.
    File(u64, Result<Option<String>, Failure>),
    Journal(u64, Result<Vec<JournalEntry>, Failure>),
    /// The file that was written; `None` where the dialog was closed without one.
    Exported(Result<Option<PathBuf>, Failure>),
    /// The bytes of the file.
    Imported(Result<Option<Vec<u8>>, Failure>),
    /// What the keyring has for the login that is asked for.
    Password(u64, Result<Option<Password>, Failure>),
    PasswordKept(Result<(), Failure>),
    PasswordForgotten(Result<(), Failure>),
    /// `None` where the dialog was closed without one.
    DefinitionFile(Result<Option<PathBuf>, Failure>),
    /// What the definition of this file is compared with; `None` where the dialog was closed without a file.
    OtherDefinition(Arc<str>, Result<Option<Arc<Definition>>, Failure>),
    /// The user's definitions, which have changed.
    Definitions(Definitions),
    /// What was found of the open stream's past by the work of this number.
    Found(u64, Result<Found, Failure>),
    /// The history file that was chosen; `None` where the dialog was closed without one.
    HistoryFile(Result<Option<PathBuf>, Failure>),
    Opened(Result<ServedFile, Failure>),
    /// Where the stream is to be written; `None` where the dialog was closed without a file.
    ExportFile(StreamName, Result<Option<PathBuf>, Failure>),
    /// The lessons of the folder.
    Lessons(u64, Result<Vec<LessonFile>, Failure>),
    /// What the next step of the run of this id came to.
    LessonStep(Uuid, Box<Result<Outcome, lesson::Failure>>),
    HistoryWritten(Result<WrittenHistory, Failure>),
    PictureCopied,
    /// The file; `None` where the dialog was closed without one.
    PictureSaved(Result<Option<PathBuf>, Failure>),
    /// What the program says by itself: a panic, settings that were set aside.
    Failed(Failure),
}
