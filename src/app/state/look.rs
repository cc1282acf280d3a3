//! What is looked at: tabs, dialogs, the theme, and what is copied.

use super::app::App;
use crate::app::intent::{Dialog, Effect, ViewIntent};
use crate::app::view::View;
use crate::record::Revision;

impl App {
    pub(super) fn view_intent(&mut self, intent: ViewIntent) -> Vec<Effect> {
        match intent {
            ViewIntent::Tab(tab) => self.look(|view| view.tab = tab),
            ViewIntent::Open(Dialog::Problems) => self.open_problems(),
            ViewIntent::Open(Dialog::Ever) => self.open_ever(),
            ViewIntent::Open(Dialog::Lessons) => self.open_lessons(),
            ViewIntent::Open(Dialog::Database) => self.open_database(),
            ViewIntent::Open(dialog) => self.view.open(dialog),
            ViewIntent::CloseDialog => self.look(View::close),
            ViewIntent::Probe(string) => {
                let number = self.view.probe.ask(string.clone());
                vec![Effect::Probe(number, string, self.category().to_owned())]
            }
            ViewIntent::CountCategories => self.look(|view| view.counts_categories = view.dialog.is_some()),
            ViewIntent::ForgetProbe => self.look(|view| view.probe.forget()),
            ViewIntent::ChooseFile => vec![Effect::ChooseFile(self.view.file.ask())],
            ViewIntent::ShowChanges(kind) => self.look(|view| {
                if let Some(difference) = &mut view.difference {
                    difference.show(kind);
                }
            }),
            ViewIntent::Problems(intent) => self.problems_intent(intent),
            ViewIntent::DismissNotice => self.look(|view| view.notice = None),
            ViewIntent::DismissIntroduction => self.dismiss_introduction(),
            ViewIntent::NextTheme => {
                self.settings.theme = self.settings.theme.next(!self.view.system_is_light);
                vec![Effect::Save]
            }
            ViewIntent::SystemIsDark(dark) => self.look(|view| view.system_is_light = !dark),
            ViewIntent::Copy(text) => vec![Effect::Copy(text)],
            ViewIntent::Columns(columns) => {
                self.settings.event_columns = columns;
                vec![Effect::Save]
            }
            ViewIntent::PanelSize(panel, size) => {
                self.settings.panel_sizes.set(panel, size);
                vec![Effect::Save]
            }
            ViewIntent::CopyData => self.copy_data(None),
            ViewIntent::CopyDataOf(revision) => self.copy_data(Some(revision)),
            ViewIntent::TimePassed(time) => self.look(|view| view.pass(time)),
        }
    }

    fn look(&mut self, change: impl FnOnce(&mut View)) -> Vec<Effect> {
        change(&mut self.view);
        Vec::new()
    }

    /// Of the event of this revision, or of the one at the playhead.
    fn copy_data(&mut self, revision: Option<Revision>) -> Vec<Effect> {
        let record = self.opened().and_then(|opened| match revision {
            Some(revision) => opened.record_at(revision),
            None => opened.frame().record(),
        });
        let Some(record) = record else { return Vec::new() };
        let text = std::str::from_utf8(record.data).map(str::to_owned);
        let (text, notice) = match text {
            Ok(text) => (text, "Copied the event's data."),
            Err(_) => (hex(record.data), "The data is not text: copied as hexadecimal digits."),
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
