//! What is looked at: tabs, dialogs, the palette, the theme, and what is copied.

use super::app::App;
use crate::app::go_to::Place;
use crate::app::intent::{Effect, ViewIntent};
use crate::app::view::View;

impl App {
    pub(super) fn view_intent(&mut self, intent: ViewIntent) -> Vec<Effect> {
        match intent {
            ViewIntent::Tab(tab) => self.look(|view| view.tab = tab),
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
            ViewIntent::DismissNotice => self.look(|view| view.notice = None),
            ViewIntent::GoToAnything(text) => self.go_to_anything(&text),
            ViewIntent::NextTheme => {
                self.settings.theme = self.settings.theme.next();
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

    fn go_to_anything(&mut self, text: &str) -> Vec<Effect> {
        self.view.close();
        let place = Place {
            category: self.category(),
            list: self.list(),
            forms: &self.commanded().schema().commands,
            is_open: self.opened().is_some(),
        };
        place.intent(text).map_or_else(Vec::new, |intent| self.apply(intent))
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
