//! What is looked at and what is said: the tab, the dialog, the notice.

use super::{App, Dialog, Effect, Failure, Notice, OneShot, Tab, ViewIntent};
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

    fn open(&mut self, dialog: Dialog) -> Vec<Effect> {
        self.close();
        let effects = match dialog {
            Dialog::Journal => vec![Effect::ReadJournal(self.journal.ask())],
            Dialog::Connect
            | Dialog::Keys
            | Dialog::ConfirmReset
            | Dialog::ConfirmAppend { .. }
            | Dialog::Palette
            | Dialog::Categories => Vec::new(),
        };
        self.dialog = Some(dialog);
        effects
    }

    fn pass(&mut self, time: Duration) {
        self.notice.take_if(|notice| notice.pass(time));
    }
}

impl App {
    pub(super) fn view_intent(&mut self, intent: ViewIntent) -> Vec<Effect> {
        match intent {
            ViewIntent::Tab(tab) => self.look(|view| view.tab = tab),
            ViewIntent::Open(dialog) => self.view.open(dialog),
            ViewIntent::CloseDialog => self.look(View::close),
            ViewIntent::Probe(string) => vec![Effect::Probe(self.view.probe.ask(), string)],
            ViewIntent::CountCategories => self.look(|view| view.counts_categories = view.dialog.is_some()),
            ViewIntent::ForgetProbe => self.look(|view| view.probe.forget()),
            ViewIntent::ChooseFile => vec![Effect::ChooseFile(self.view.file.ask())],
            ViewIntent::DismissNotice => self.look(|view| view.notice = None),
            ViewIntent::GoToAnything(text) => self.go_to_anything(&text),
            ViewIntent::Theme(theme) => {
                self.settings.theme = theme;
                vec![Effect::Save]
            }
            ViewIntent::Copy(text) => vec![Effect::Copy(text)],
            ViewIntent::CopyData => self.copy_data(),
            ViewIntent::TimePassed(time) => self.look(|view| view.pass(time)),
        }
    }

    fn look(&mut self, change: impl FnOnce(&mut View)) -> Vec<Effect> {
        change(&mut self.view);
        Vec::new()
    }

    fn copy_data(&mut self) -> Vec<Effect> {
        let record = self.opened().and_then(|opened| opened.timeline().get(opened.index()?));
        let Some(record) = record else { return Vec::new() };
        let text = std::str::from_utf8(&record.data).map(str::to_owned);
        let (text, notice) = match text {
            Ok(text) => (text, "Copied the event's data."),
            Err(_) => (hex(&record.data), "The data is not text: copied as hexadecimal digits."),
        };
        self.view.say(notice);
        vec![Effect::Copy(text)]
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}
