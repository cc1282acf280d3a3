//! What is looked at: tabs, dialogs, the theme, and what is copied.

use super::app::App;
use crate::app::intent::{Dialog, Effect, ViewIntent};
use crate::app::view::View;

impl App {
    pub(super) fn view_intent(&mut self, intent: ViewIntent) -> Vec<Effect> {
        match intent {
            ViewIntent::Tab(tab) => self.look(|view| view.tab = tab),
            ViewIntent::Open(Dialog::Problems) => self.open_problems(),
            ViewIntent::Open(Dialog::Ever) => self.open_ever(),
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
            ViewIntent::NextTheme => {
                self.settings.theme = self.settings.theme.next(!self.view.system_is_light);
                vec![Effect::Save]
            }
            ViewIntent::SystemIsDark(dark) => self.look(|view| view.system_is_light = !dark),
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
        let record = self.opened().and_then(|opened| opened.frame().record());
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
