//! One event as it is stored: its facts, its data as text, its bytes.

use super::event_text::{EventText, Text};
use super::parts::{cell, section};
use crate::app::{Action, Intent};
use crate::history::Frame;
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::empty;
use egui::{Label, RichText, Ui};

pub fn facts_ui(ui: &mut Ui, p: &Palette, event: &EventText) {
    ui.spacing_mut().interact_size.y = 16.0;
    ui.spacing_mut().item_spacing.y = 3.0;
    for (name, value) in &event.facts {
        ui.horizontal(|ui| {
            let mono = |text: &str| RichText::new(text).font(theme::mono(theme::SMALL)).color(p.dim);
            cell(ui, 104.0, mono(name));
            ui.add(Label::new(mono(value)).truncate()).on_hover_text(value);
        });
    }
}

pub fn event_ui(ui: &mut Ui, p: &Palette, frame: &Frame, event: &EventText, out: &mut Vec<Intent>) {
    let Some(record) = frame.record() else {
        return empty(ui, "No event selected", "Where the stream holds events, select one in the table.");
    };
    section(ui, "Event", |ui| facts_ui(ui, p, event));
    section(ui, "Data", |ui| {
        copy_ui(ui, out);
        if !event.data.is_json {
            ui.label(RichText::new("This is not JSON; shown as text, exactly in Raw.").color(p.amber));
        }
        code(ui, p, &event.data);
    });
    if !record.metadata.is_empty() {
        section(ui, "Metadata", |ui| code(ui, p, &event.metadata));
    }
}

fn copy_ui(ui: &mut Ui, out: &mut Vec<Intent>) {
    if ui.button(Action::CopyData.name()).on_hover_text("The exact bytes").clicked() {
        out.extend(Action::CopyData.intent());
    }
}

fn code(ui: &mut Ui, p: &Palette, text: &Text) {
    egui::Frame::new().fill(p.bg).corner_radius(6.0).inner_margin(10.0).show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.add(Label::new(RichText::new(&text.shown).font(theme::mono(theme::SMALL)).color(p.text)).wrap());
        if text.is_cut {
            ui.label(RichText::new("Cut here: Copy data gives all of it.").color(p.amber));
        }
    });
}

pub fn raw_ui(ui: &mut Ui, p: &Palette, frame: &Frame, event: &EventText, out: &mut Vec<Intent>) {
    let Some(record) = frame.record() else {
        return empty(ui, "No event selected", "Select an event in the table to see its bytes.");
    };
    section(ui, "Data", |ui| {
        ui.label(RichText::new(format::plural(record.data.len() as u64, "byte")).color(p.dim));
        copy_ui(ui, out);
        code(ui, p, &event.raw_data);
    });
    section(ui, "Metadata", |ui| {
        ui.label(RichText::new(format::plural(record.metadata.len() as u64, "byte")).color(p.dim));
        code(ui, p, &event.raw_metadata);
    });
}
