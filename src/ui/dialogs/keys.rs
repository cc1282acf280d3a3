//! The list of keys.

use crate::app::{ACTIONS, Chord};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::title;
use egui::{RichText, ScrollArea, Ui};

/// Width of a window beside which there are two columns, and height that is around the keys.
const TWO_COLUMNS: f32 = 1040.0;
const AROUND: f32 = 150.0;

/// The keys of the command table.
pub fn keys_ui(ui: &mut Ui) {
    let p = theme::palette(ui);
    title(ui, "Keys");
    let keys: Vec<_> =
        ACTIONS.iter().filter_map(|entry| Some((entry.chord?, sentence(entry.about)))).collect();
    let window = ui.ctx().content_rect().size();
    // A small window has room for one column, which scrolls.
    let columns = if window.x < TWO_COLUMNS { 1 } else { 2 };
    let (left, right) = keys.split_at(keys.len().div_ceil(columns));
    let area = ScrollArea::vertical().auto_shrink(true).max_height(window.y - AROUND);
    area.show(ui, |ui| grid_ui(ui, p, left, right));
    ui.add_space(6.0);
    ui.label(RichText::new("Plain keys wait while you type in a field. In a command's field Enter appends, Down offers what was sent before, and Esc leaves it; once more, it clears the command.").color(p.dim));
}

fn grid_ui(ui: &mut Ui, p: &Palette, left: &[(Chord, String)], right: &[(Chord, String)]) {
    egui::Grid::new("keys").num_columns(4).min_row_height(18.0).spacing([18.0, 6.0]).show(ui, |ui| {
        for place in 0..left.len() {
            for (chord, name) in [left.get(place), right.get(place)].into_iter().flatten() {
                ui.label(RichText::new(chord.text()).font(theme::mono(theme::SMALL)).color(p.accent));
                ui.label(name.as_str());
            }
            ui.end_row();
        }
    });
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
