//! The write as it would be sent, to the last byte, before it is.

use super::theme::{self, Palette};
use crate::decision::Append;
use crate::record::json;
use egui::{Grid, Label, RichText, Ui};

/// Characters of data or metadata shown in the dock; the confirmation shows more.
const SHOWN: usize = 400;

pub fn exact_write_ui(ui: &mut Ui, p: &Palette, append: &Append) {
    let grid = Grid::new("exact write").num_columns(2).spacing([12.0, 1.0]).min_row_height(17.0);
    grid.show(ui, |ui| {
        for event in &append.events {
            let id = event.id.to_string();
            let data = json::one_line(&event.data, SHOWN);
            let metadata = json::one_line(&event.metadata, SHOWN);
            for (name, value) in [("Event id", id), ("Data", data), ("Metadata", metadata)] {
                ui.label(RichText::new(name).size(11.0).color(p.faint));
                // Where it does not fit, hovering shows the rest.
                let value = RichText::new(value).font(theme::mono(11.0)).color(p.dim);
                ui.add(Label::new(value).truncate());
                ui.end_row();
            }
        }
    });
}
