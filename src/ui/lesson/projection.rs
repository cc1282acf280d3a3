//! A stream beside what a projection has of it.

use super::cards::dashed_ui;
use super::columns::columns_ui;
use super::stream_lines::lines_ui;
use super::writers::{heading_ui, said_ui};
use crate::lesson::{Outcome, Projected};
use crate::record::json;
use crate::ui::format;
use crate::ui::theme::Palette;
use egui::{Label, RichText, Ui};

pub fn projection_ui(ui: &mut Ui, p: &Palette, outcome: &Outcome, projected: &Projected, brings: bool) {
    let half = ui.available_width() / 2.0;
    columns_ui(ui, p, &[half, half], |ui, place| {
        if place == 0 {
            heading_ui(ui, p, "The stream", &json::safe(outcome.stream.as_str()));
            said_ui(ui, p, &projected.real);
            lines_ui(ui, p, &outcome.lines, brings);
            return;
        }
        heading_ui(ui, p, "The projection", &json::safe(projected.stream.as_str()));
        let (word, color) =
            if projected.is_running { ("is running", p.green) } else { ("is stopped", p.amber) };
        let said = format!("{} {word}", json::safe(&projected.projection));
        ui.add(Label::new(RichText::new(said).color(color)).wrap());
        said_ui(ui, p, &projected.known);
        lines_ui(ui, p, &projected.lines, brings);
        if projected.missing > 0 {
            dashed_ui(ui, p.amber, |ui| {
                let said = format!("{} not here yet", format::plural(projected.missing, "event"));
                ui.add(Label::new(RichText::new(said).color(p.amber)).wrap());
            });
        }
    });
}
