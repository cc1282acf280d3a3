//! One event as it is stored: its facts, its data as text, its bytes.

use super::parts::{cell, section};
use crate::app::{Action, Intent};
use crate::history::Frame;
use crate::record::{RecordRef, json};
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::empty;
use egui::{Label, RichText, Ui};
use jiff::tz::TimeZone;

/// More than this of one event's text is cut on screen; Copy gives all of it.
const SHOWN: usize = 20_000;

pub fn facts_ui(ui: &mut Ui, p: &Palette, record: RecordRef<'_>) {
    let kind = if record.declared_json { "application/json" } else { "application/octet-stream" };
    let mut facts = vec![
        ("type", record.event_type.to_string()),
        ("id", record.id.to_string()),
        ("revision", record.revision.to_string()),
        ("position", record.position.to_string()),
        ("created", record.created.date_time_offset(&TimeZone::system())),
        ("", record.created.rfc3339()),
        ("content", format!("{kind}, {}", format::plural(record.data.len() as u64, "byte"))),
    ];
    let metadata: Option<serde_json::Value> = serde_json::from_slice(record.metadata).ok();
    for key in ["$correlationId", "$causationId"] {
        if let Some(value) = metadata.as_ref().and_then(|m| m.get(key)).and_then(|v| v.as_str()) {
            facts.push((key, value.to_owned()));
        }
    }
    ui.spacing_mut().interact_size.y = 16.0;
    ui.spacing_mut().item_spacing.y = 3.0;
    for (name, value) in facts {
        ui.horizontal(|ui| {
            let mono = |text: String| RichText::new(text).font(theme::mono(theme::SMALL)).color(p.dim);
            cell(ui, 104.0, mono(name.to_owned()));
            ui.add(Label::new(mono(json::safe(&value).into_owned())).truncate())
                .on_hover_text(json::safe(&value));
        });
    }
}

pub fn event_ui(ui: &mut Ui, p: &Palette, frame: &Frame, out: &mut Vec<Intent>) {
    let Some(record) = frame.record() else {
        return empty(ui, "No event selected", "Where the stream holds events, select one in the table.");
    };
    section(ui, "Event", |ui| facts_ui(ui, p, record));
    section(ui, "Data", |ui| {
        copy_ui(ui, out);
        if let Some(text) = json::pretty(record.data) {
            code(ui, p, &json::safe_lines(&text));
        } else {
            ui.label(RichText::new("This is not JSON; shown as text, exactly in Raw.").color(p.amber));
            code(ui, p, &json::safe_lines(&String::from_utf8_lossy(record.data)));
        }
    });
    if !record.metadata.is_empty() {
        section(ui, "Metadata", |ui| {
            let text = json::pretty(record.metadata)
                .unwrap_or_else(|| String::from_utf8_lossy(record.metadata).into_owned());
            code(ui, p, &json::safe_lines(&text));
        });
    }
}

fn copy_ui(ui: &mut Ui, out: &mut Vec<Intent>) {
    if ui.button(Action::CopyData.name()).on_hover_text("The exact bytes").clicked() {
        out.extend(Action::CopyData.intent());
    }
}

fn code(ui: &mut Ui, p: &Palette, text: &str) {
    let end = text.char_indices().nth(SHOWN).map_or(text.len(), |(at, _)| at);
    egui::Frame::new().fill(p.bg).corner_radius(6.0).inner_margin(10.0).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.add(Label::new(RichText::new(&text[..end]).font(theme::mono(theme::SMALL)).color(p.text)).wrap());
        if end < text.len() {
            ui.label(RichText::new("Cut here: Copy data gives all of it.").color(p.amber));
        }
    });
}

pub fn raw_ui(ui: &mut Ui, p: &Palette, frame: &Frame, out: &mut Vec<Intent>) {
    let Some(record) = frame.record() else {
        return empty(ui, "No event selected", "Select an event in the table to see its bytes.");
    };
    for (title, bytes) in [("Data", record.data), ("Metadata", record.metadata)] {
        section(ui, title, |ui| {
            ui.label(RichText::new(format::plural(bytes.len() as u64, "byte")).color(p.dim));
            if title == "Data" {
                copy_ui(ui, out);
            }
            code(ui, p, &hex(&bytes[..bytes.len().min(SHOWN / 5)]));
        });
    }
}

/// Offset, sixteen bytes, and the same as text.
fn hex(bytes: &[u8]) -> String {
    let line = |(i, chunk): (usize, &[u8])| {
        let digits: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
        let text: String = chunk
            .iter()
            .map(|&b| if b.is_ascii_graphic() || b == b' ' { char::from(b) } else { '.' })
            .collect();
        format!("{:06x}  {:<23}  {text}", i * 8, digits.join(" "))
    };
    bytes.chunks(8).enumerate().map(line).collect::<Vec<_>>().join("\n")
}
