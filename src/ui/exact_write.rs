//! The write as it would be sent, to the last byte, before it is.

use super::theme::{self, Palette};
use crate::record::json;
use crate::store::Append;
use egui::{Label, RichText, Ui};

/// Characters of data or metadata shown in the dock; the confirmation shows more.
const SHOWN: usize = 400;

pub fn exact_write_ui(ui: &mut Ui, p: &Palette, append: &Append) {
    ui.spacing_mut().item_spacing.y = 2.0;
    for event in &append.events {
        let stream = json::safe(append.stream.as_str()).into_owned();
        line(ui, p, "Write", &format!("{} to {stream}, expecting {}", event.event_type, append.expected));
        line(ui, p, "Event id", &event.id.to_string());
        line(ui, p, "Data", &json::one_line(&event.data, SHOWN));
        line(ui, p, "Metadata", &json::one_line(&event.metadata, SHOWN));
    }
}

/// One line that says all on hover, where it does not fit.
fn line(ui: &mut Ui, p: &Palette, name: &str, value: &str) {
    ui.horizontal(|ui| {
        let name = RichText::new(name).size(11.0).color(p.faint);
        ui.add_sized([56.0, 15.0], Label::new(name).halign(egui::Align::LEFT));
        let value = RichText::new(value).font(theme::mono(11.0)).color(p.dim);
        ui.add(Label::new(value).truncate());
    });
}
