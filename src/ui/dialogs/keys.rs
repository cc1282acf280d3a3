//! The list of keys.

use crate::app::ACTIONS;
use crate::ui::theme;
use crate::ui::widgets::title;
use egui::{RichText, Ui};

/// The keys of the command table, in two columns.
pub fn keys_ui(ui: &mut Ui) {
    let p = theme::palette(ui);
    title(ui, "Keys");
    let keys: Vec<_> =
        ACTIONS.iter().filter_map(|entry| Some((entry.chord?, sentence(entry.about)))).collect();
    let (left, right) = keys.split_at(keys.len().div_ceil(2));
    egui::Grid::new("keys").num_columns(4).min_row_height(18.0).spacing([18.0, 6.0]).show(ui, |ui| {
        for place in 0..left.len() {
            for (chord, name) in [left.get(place), right.get(place)].into_iter().flatten() {
                ui.label(RichText::new(chord.text()).font(theme::mono(theme::SMALL)).color(p.accent));
                ui.label(name);
            }
            ui.end_row();
        }
    });
    ui.add_space(6.0);
    ui.label(RichText::new("Plain keys wait while you type in a field. In a command's field Enter appends, Down offers what was sent before, and Esc leaves it; once more, it clears the command.").color(p.dim));
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
