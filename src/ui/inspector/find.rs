//! The field that finds text in the payloads of an event, and the hit that is looked at.

use super::payload_box::PayloadBox;
use crate::app::Action;
use crate::ui::format;
use crate::ui::icon::{self, Icon};
use crate::ui::ids::find_id;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::named;
use egui::text::{CCursor, CCursorRange};
use egui::{Align, Button, Key, Layout, Margin, RichText, Role, TextEdit, Ui};

/// Longest text that is sought, in characters.
const LONGEST: usize = 200;

#[derive(Default)]
pub struct Find {
    pub sought: String,
    /// Which of the hits, of all payloads that are shown.
    at: usize,
    /// A key asked for it.
    pub is_asked: bool,
}

/// How many hits the payloads have; `None` while that is not known.
struct Hits {
    count: usize,
    is_cut: bool,
}

impl Find {
    /// The hit of each payload that is looked at, by its number in it.
    pub fn places<const N: usize>(&self, boxes: &[PayloadBox; N]) -> [Option<usize>; N] {
        let mut before = 0;
        boxes.each_ref().map(|payload| {
            let count = payload.found(&self.sought)?.hits.len();
            let at = self.at.checked_sub(before).filter(|at| *at < count);
            before += count;
            at
        })
    }

    fn hits(&self, boxes: &[PayloadBox]) -> Option<Hits> {
        // Where nothing is, nothing is drawn or found.
        boxes.iter().filter(|payload| payload.len() > 0).map(|payload| payload.found(&self.sought)).try_fold(
            Hits { count: 0, is_cut: false },
            |hits, found| {
                let found = found?;
                Some(Hits { count: hits.count + found.hits.len(), is_cut: hits.is_cut || found.is_cut })
            },
        )
    }

    pub fn show(&mut self, ui: &mut Ui, p: &Palette, boxes: &[PayloadBox]) {
        let hits = self.hits(boxes);
        let count = hits.as_ref().map_or(0, |hits| hits.count);
        self.at = if count > 0 { self.at.min(count - 1) } else { self.at };
        let mut step = 0;
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            if !self.sought.is_empty() {
                for (name, sign, by) in [("Next hit", Icon::Forward, 1), ("Previous hit", Icon::Back, -1)] {
                    let button = Button::new(icon::icon(sign, 8.0, Some(p.dim))).frame(false);
                    let response = ui.add_enabled(count > 0, button).on_hover_text(name);
                    named(&response, Role::Button, name);
                    step += if response.clicked() { by } else { 0 };
                }
                let said = self.said(hits.as_ref());
                ui.label(RichText::new(said).size(theme::SMALL).color(p.dim));
            }
            step += self.field(ui, p);
        });
        self.step(step, count);
    }

    fn said(&self, hits: Option<&Hits>) -> String {
        match hits {
            None => "…".to_owned(),
            Some(Hits { count: 0, .. }) => "No hits".to_owned(),
            Some(Hits { count, is_cut }) => {
                let more = if *is_cut { "+" } else { "" };
                format!("{} of {}{more}", format::count(self.at as u64 + 1), format::count(*count as u64))
            }
        }
    }

    /// The field; answers how many hits further it is asked to go.
    fn field(&mut self, ui: &mut Ui, p: &Palette) -> i64 {
        let before = self.sought.len();
        let edit = TextEdit::singleline(&mut self.sought)
            .id(find_id())
            .hint_text(RichText::new("Find").color(p.faint))
            .char_limit(LONGEST)
            .margin(Margin::symmetric(8, 3))
            .desired_width(ui.available_width().min(180.0));
        let response = ui.add(edit);
        named(&response, Role::TextInput, Action::Find.name());
        if response.changed() || self.sought.len() != before {
            self.at = 0;
        }
        if std::mem::take(&mut self.is_asked) {
            response.request_focus();
            // What was sought before is typed over.
            let all = CCursorRange::two(CCursor::new(0), CCursor::new(self.sought.chars().count()));
            let mut state = TextEdit::load_state(ui.ctx(), find_id()).unwrap_or_default();
            state.cursor.set_char_range(Some(all));
            TextEdit::store_state(ui.ctx(), find_id(), state);
        }
        if !response.lost_focus() {
            return 0;
        }
        let (escape, enter, shift) = ui.input(|input| {
            (input.key_pressed(Key::Escape), input.key_pressed(Key::Enter), input.modifiers.shift)
        });
        if escape {
            self.sought.clear();
            self.at = 0;
        }
        if !enter {
            return 0;
        }
        response.request_focus();
        if shift { -1 } else { 1 }
    }

    /// After the last one comes the first.
    fn step(&mut self, by: i64, count: usize) {
        if by == 0 || count == 0 {
            return;
        }
        self.at = match (by > 0, self.at) {
            (true, at) if at + 1 < count => at + 1,
            (true, _) => 0,
            (false, 0) => count - 1,
            (false, at) => at - 1,
        };
    }
}
