//! What a fold says of an event beside the state: events that it would have written, its log, its result.

use super::parts::section;
use crate::history::Frame;
use crate::record::json;
use crate::ui::theme::{self, Palette};
use egui::{Color32, Label, RichText, Ui};

/// Lines of each kind that are drawn, and characters of one.
const LINES: usize = 20;
const SHOWN: usize = 300;
const HOVERED: usize = 4_000;

pub fn output_ui(ui: &mut Ui, p: &Palette, frame: &Frame) {
    let Some(output) = &frame.output else { return };
    if !output.emitted.is_empty() {
        section(ui, "Would be written", |ui| {
            let hint = "On the server the projection writes these; here nothing is written.";
            ui.label(RichText::new(hint).size(theme::SMALL).color(p.dim));
            for emitted in output.emitted.iter().take(LINES) {
                let text = format!("{} to {}  {}", emitted.event_type, emitted.stream, emitted.data);
                line_ui(ui, p.text, &text);
                if let Some(metadata) = &emitted.metadata {
                    line_ui(ui, p.dim, &format!("metadata {metadata}"));
                }
            }
            rest_ui(ui, p, output.emitted.len());
        });
    }
    if let Some(result) = &output.result {
        section(ui, "Result", |ui| line_ui(ui, p.text, result));
    }
    if !output.log.is_empty() {
        section(ui, "Log", |ui| {
            output.log.iter().take(LINES).for_each(|text| line_ui(ui, p.dim, text));
            rest_ui(ui, p, output.log.len());
        });
    }
}

fn line_ui(ui: &mut Ui, color: Color32, text: &str) {
    let shown = RichText::new(json::one_line(text.as_bytes(), SHOWN)).font(theme::mono(theme::SMALL));
    ui.add(Label::new(shown.color(color)).truncate().show_tooltip_when_elided(false)).on_hover_ui(|ui| {
        let whole = json::one_line(text.as_bytes(), HOVERED);
        ui.label(RichText::new(whole).font(theme::mono(theme::SMALL)));
    });
}

fn rest_ui(ui: &mut Ui, p: &Palette, count: usize) {
    if count > LINES {
        ui.label(RichText::new(format!("and {} more", count - LINES)).color(p.dim));
    }
}
