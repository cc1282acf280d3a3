//! What is looked at and what is said: the tab, the dialog, the notice.

use super::failure::Failure;
use super::intent::{Dialog, Effect, Tab};
use super::notice::Notice;
use super::one_shot::OneShot;
use crate::store::{JournalEntry, Probed};
use std::time::Duration;

#[derive(Debug, Default)]
pub(super) struct View {
    pub tab: Tab,
    pub dialog: Option<Dialog>,
    /// Goes by itself, with the person's next action, or when it is dismissed.
    pub notice: Option<Notice>,
    /// The dialog that is open asked for the categories.
    pub counts_categories: bool,
    pub probe: OneShot<Probed>,
    pub file: OneShot<Option<String>>,
    pub journal: OneShot<Vec<JournalEntry>>,
}

impl View {
    pub fn say(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice::from(text.into()));
    }

    pub fn fail(&mut self, failure: Failure) {
        self.notice = Some(Notice::from(failure));
    }

    pub fn connection_ended(&mut self) {
        self.close();
        self.notice = None;
    }

    /// What a dialog asked for goes with it.
    pub fn close(&mut self) {
        self.dialog = None;
        self.counts_categories = false;
        self.probe.forget();
        self.file.forget();
        self.journal.forget();
    }

    pub fn open(&mut self, dialog: Dialog) -> Vec<Effect> {
        self.close();
        let effects = match dialog {
            Dialog::Journal => vec![Effect::ReadJournal(self.journal.ask())],
            Dialog::Connection
            | Dialog::Connect
            | Dialog::Keys
            | Dialog::ConfirmReset
            | Dialog::ConfirmAppend { .. }
            | Dialog::Palette
            | Dialog::Categories => Vec::new(),
        };
        self.dialog = Some(dialog);
        effects
    }

    /// So much time was there to read the notice.
    pub fn pass(&mut self, time: Duration) {
        self.notice.take_if(|notice| notice.pass(time));
    }
}
