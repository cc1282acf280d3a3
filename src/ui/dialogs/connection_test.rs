//! The lines of a connection test, each with what would help.

use crate::app::Probe;
use crate::record::json;
use crate::sentences;
use crate::store::{Change, Diagnosis, Finding, Step};
use crate::ui::theme::{self, Palette};
use egui::{Align, Color32, Layout, RichText, Ui, vec2};

/// Of the sign's and of the name's column.
const SIGN: f32 = 14.0;
const NAME: f32 = 92.0;
const LINE: f32 = 18.0;

/// Draws what was found so far; returns the change that was clicked.
pub fn steps_ui(ui: &mut Ui, p: &Palette, probe: &Probe) -> Option<Change> {
    let diagnosis = probe.diagnosis()?;
    let mut clicked = None;
    // The rows are as high as their text.
    ui.spacing_mut().interact_size.y = LINE;
    for step in diagnosis.steps() {
        let (sign, color) = sign(p, &step.finding);
        let is_reached = step.finding != Finding::NotReached;
        let name_color = if is_reached { p.dim } else { p.faint };
        ui.horizontal_top(|ui| {
            cell_ui(ui, SIGN, RichText::new(sign).color(color));
            cell_ui(ui, NAME, RichText::new(sentences::step_name(step.kind)).color(name_color));
            ui.vertical(|ui| {
                found_ui(ui, p, diagnosis, step);
                clicked = changes_ui(ui, p, step).or(clicked.take());
            });
        });
    }
    clicked
}

fn cell_ui(ui: &mut Ui, width: f32, text: RichText) {
    ui.allocate_ui_with_layout(vec2(width, LINE), Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_width(width);
        ui.label(text);
    });
}

fn found_ui(ui: &mut Ui, p: &Palette, diagnosis: &Diagnosis, step: &Step) {
    ui.horizontal_wrapped(|ui| {
        if diagnosis.has_several_nodes() {
            let node = json::safe(&step.node).into_owned();
            ui.label(RichText::new(node).font(theme::mono(theme::SMALL)).color(p.dim));
        }
        ui.label(RichText::new(sentences::finding(step)).color(color_of_text(p, &step.finding)));
        if let Some(took) = step.took {
            ui.label(RichText::new(sentences::took(took)).size(theme::SMALL).color(p.faint));
        }
    });
}

fn changes_ui(ui: &mut Ui, p: &Palette, step: &Step) -> Option<Change> {
    let mut clicked = None;
    if step.changes.is_empty() {
        return clicked;
    }
    ui.horizontal_wrapped(|ui| {
        for (at, change) in step.changes.iter().enumerate() {
            if at > 0 {
                ui.label(RichText::new("·").color(p.dim));
            }
            if ui.link(sentences::change(change)).clicked() {
                clicked = Some(change.clone());
            }
        }
    });
    clicked
}

fn sign(p: &Palette, finding: &Finding) -> (&'static str, Color32) {
    match finding {
        Finding::Passed(_) => ("✔", p.green),
        Finding::Warned(_) => ("!", p.amber),
        Finding::Failed(_) => ("✖", p.red),
        Finding::NotReached => ("–", p.faint),
    }
}

fn color_of_text(p: &Palette, finding: &Finding) -> Color32 {
    match finding {
        Finding::Passed(_) => p.dim,
        Finding::Warned(_) | Finding::Failed(_) => p.text,
        Finding::NotReached => p.faint,
    }
}
