//! What is looked at and what is said: the tab, the dialog, the notice.

use super::comparison::Comparison;
use super::exporting::Exporting;
use super::failure::Failure;
use super::intent::{Dialog, Effect, Tab};
use super::moment_difference::MomentDifference;
use super::notice::{Notice, Said};
use super::one_shot::OneShot;
use super::probe::Probe;
use super::problems::Problems;
use super::showing::Showing;
use crate::store::{JournalEntry, StoreError};
use std::time::Duration;

#[derive(Debug, Default)]
pub(super) struct View {
    pub tab: Tab,
    pub dialog: Option<Dialog>,
    /// Goes by itself, with the person's next action, or when it is dismissed.
    pub notice: Option<Notice>,
    /// The dialog that is open asked for the categories.
    pub counts_categories: bool,
    pub probe: Probe,
    pub file: OneShot<Option<String>>,
    pub journal: OneShot<Vec<JournalEntry>>,
    /// The last one; what it found stays when its dialog is closed.
    pub comparison: Option<Comparison>,
    /// Goes with its dialog.
    pub difference: Option<MomentDifference>,
    pub exporting: Option<Exporting>,
    /// Goes with its dialog.
    pub problems: Option<Problems>,
    /// How much of the window is shown.
    pub showing: Showing,
    pub system_is_light: bool,
}

impl View {
    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice::from(text.into()));
    }

    /// A panic is told twice, by its report and by what failed: one notice says both.
    pub fn fail(&mut self, failure: Failure) {
        let shown = self.notice.as_ref().and_then(|notice| match notice.said() {
            Said::Failure(failure) => Some(failure.clone()),
            Said::Text(_) => None,
        });
        self.notice = Some(Notice::from(match (failure, shown) {
            (
                Failure::Panicked { report, during: None },
                Some(Failure::Store(StoreError::Internal(during))),
            )
            | (
                Failure::Store(StoreError::Internal(during)),
                Some(Failure::Panicked { report, during: None }),
            ) => Failure::Panicked { report, during: Some(during) },
            (failure, _) => failure,
        }));
    }

    pub fn connection_ended(&mut self) {
        self.close();
        self.comparison = None;
        self.exporting = None;
        self.notice = None;
    }

    /// What a dialog asked for goes with it.
    pub fn close(&mut self) {
        self.dialog = None;
        self.counts_categories = false;
        self.probe.forget();
        self.file.forget();
        self.journal.forget();
        self.stop_comparing();
        self.difference = None;
        self.problems = None;
    }

    /// The list that it is of is another one now.
    pub fn close_asked_of_list(&mut self) {
        if self.difference.is_some() || self.problems.is_some() {
            self.close();
        }
    }

    pub fn stop_comparing(&mut self) {
        if let Some(comparison) = &mut self.comparison {
            comparison.stop();
        }
    }

    /// Shows it; an earlier one is forgotten.
    pub fn compare(&mut self, comparison: Comparison) {
        self.close();
        self.dialog = Some(Dialog::Comparison);
        self.comparison = Some(comparison);
    }

    pub fn open(&mut self, dialog: Dialog) -> Vec<Effect> {
        self.close();
        let effects = match dialog {
            Dialog::Journal => vec![Effect::ReadJournal(self.journal.ask())],
            Dialog::Connection
            | Dialog::Connect
            | Dialog::LogIn { .. }
            | Dialog::Keys
            | Dialog::ConfirmReset
            | Dialog::ConfirmAppend { .. }
            | Dialog::Palette
            | Dialog::Categories
            | Dialog::Definitions
            | Dialog::Comparison
            | Dialog::AsOf
            | Dialog::MomentDifference
            | Dialog::Database
            | Dialog::Turns
            | Dialog::Ever
            | Dialog::Problems
            | Dialog::Related
            | Dialog::Lessons => Vec::new(),
        };
        self.dialog = Some(dialog);
        effects
    }

    /// So much time was there to read the notice.
    pub fn pass(&mut self, time: Duration) {
        self.notice.take_if(|notice| notice.pass(time));
    }
}
