//! The write as it would be sent, to the last byte, before it is.

use super::context_menu::context_menu;
use super::theme::{self, Palette};
use super::widgets::is_low;
use crate::app::Intent;
use crate::decision::Append;
use crate::record::json;
use egui::{Grid, Label, RichText, Ui};

/// Characters of data or metadata that are shown; copying takes all.
const SHOWN: usize = 16_000;

/// What is sent, in the order in which it is told: name, value on one line, and the value to copy.
pub fn exact_parts(append: &Append) -> Vec<(&'static str, String, String)> {
    let part = |name, value: String| (name, json::safe(&value).into_owned(), value);
    let bytes = |name, bytes: &[u8]| {
        (name, json::one_line(bytes, SHOWN), String::from_utf8_lossy(bytes).into_owned())
    };
    let mut parts = vec![
        part("Stream", append.stream.as_str().to_owned()),
        part("Expected revision", append.expected.to_string()),
    ];
    for event in &append.events {
        parts.push(part("Event type", event.event_type.to_string()));
        parts.push(part("Event id", event.id.to_string()));
        parts.push(bytes("Data", &event.data));
        parts.push(bytes("Metadata", &event.metadata));
    }
    parts
}

pub fn exact_write_ui(ui: &mut Ui, p: &Palette, append: &Append, out: &mut Vec<Intent>) {
    // A low window shows first what is not said above.
    let mut parts = exact_parts(append);
    if is_low(ui.ctx()) {
        parts.rotate_left(3);
    }
    let grid = Grid::new("exact write").num_columns(2).spacing([12.0, 1.0]).min_row_height(16.0);
    grid.show(ui, |ui| {
        for (name, shown, _) in &parts {
            ui.label(RichText::new(*name).size(11.0).color(p.faint));
            let value = RichText::new(shown).font(theme::mono(11.0)).color(p.dim);
            let value = ui.add(Label::new(value).wrap().selectable(true));
            context_menu(&value, "Exact write menu", out, |menu| {
                menu.copy(&format!("Copy {}", name.to_lowercase()), || copied(append, name));
                menu.copy("Copy the whole write", || whole(append));
            });
            ui.end_row();
        }
    });
}

fn copied(append: &Append, name: &str) -> String {
    let parts = exact_parts(append).into_iter();
    parts.filter(|(of, ..)| *of == name).map(|(.., value)| value).collect::<Vec<_>>().join("\n")
}

/// One part a line.
pub fn whole(append: &Append) -> String {
    let lines: Vec<String> =
        exact_parts(append).into_iter().map(|(name, _, value)| format!("{name}: {value}")).collect();
    lines.join("\n")
}
