//! The whole event, while its row is hovered.

use crate::record::{RecordRef, json};
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use egui::{Grid, Label, RichText, Ui};
use jiff::tz::TimeZone;
use serde_json::value::RawValue;
use std::collections::BTreeMap;

/// Characters of the data, and of each value of the metadata.
const DATA: usize = 600;
const VALUE: usize = 120;
/// Values of the metadata; larger ones, in bytes, are not read.
const VALUES: usize = 10;
const LARGE: usize = 64 * 1024;
/// Widest.
const WIDTH: f32 = 460.0;

pub fn hover_ui(ui: &mut Ui, p: &Palette, record: RecordRef<'_>) {
    ui.set_max_width(WIDTH);
    ui.spacing_mut().interact_size.y = 0.0;
    ui.spacing_mut().item_spacing.y = 4.0;
    let event_type = json::one_line(record.event_type.as_bytes(), VALUE);
    ui.label(RichText::new(event_type).font(theme::strong(theme::BODY)));
    Grid::new("event").num_columns(2).spacing([12.0, 2.0]).show(ui, |ui| {
        let mut fact = |name: &str, value: &str| {
            ui.label(RichText::new(name).size(theme::SMALL).color(p.dim));
            ui.label(RichText::new(value).font(theme::mono(theme::SMALL)));
            ui.end_row();
        };
        fact("revision", &format::count(record.revision.0));
        fact("local", &record.created.date_time_offset(&TimeZone::system()));
        fact("UTC", &record.created.date_time(&TimeZone::UTC));
        fact("id", &record.id.to_string());
        fact("position", &record.position.to_string());
        let bytes = |bytes: &[u8]| format::plural(bytes.len() as u64, "byte");
        fact("data", &bytes(record.data));
        fact("metadata", &bytes(record.metadata));
        for (name, value) in metadata(record.metadata) {
            fact(&name, &value);
        }
    });
    if !record.data.is_empty() {
        ui.separator();
        let text = json::one_line(record.data, DATA);
        let cut = if record.data.len() > text.len() { "…" } else { "" };
        let text = RichText::new(format!("{text}{cut}")).font(theme::mono(theme::SMALL));
        ui.add(Label::new(text).wrap());
    }
}

/// Who, which command, which correlation: the metadata's own names and values.
fn metadata(bytes: &[u8]) -> Vec<(String, String)> {
    let small = Some(bytes).filter(|bytes| bytes.len() <= LARGE);
    let members = small.and_then(|bytes| serde_json::from_slice::<BTreeMap<String, &RawValue>>(bytes).ok());
    let line = |(name, value): (String, &RawValue)| {
        let text = json::borrowed_text(value);
        let value = text.as_deref().unwrap_or(value.get());
        (json::one_line(name.as_bytes(), 40), json::one_line(value.as_bytes(), VALUE))
    };
    members.unwrap_or_default().into_iter().take(VALUES).map(line).collect()
}
