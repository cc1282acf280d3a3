//! The lines of a connection test, each with the buttons of what would help.

use crate::app::Probe;
use crate::sentences;
use crate::store::{Change, Diagnosis, Finding, Step};
use crate::ui::theme::{self, Palette};
use egui::{Color32, RichText, Ui};

/// Draws what was found so far; returns the change that was clicked.
pub fn steps_ui(ui: &mut Ui, p: &Palette, probe: &Probe) -> Option<Change> {
    let Some(diagnosis) = probe.diagnosis() else {
        ui.label("");
        return None;
    };
    let mut clicked = None;
    for step in diagnosis.steps() {
        line_ui(ui, p, diagnosis, step);
        ui.horizontal_wrapped(|ui| {
            for change in &step.changes {
                let button = ui.link(RichText::new(sentences::change(change)).size(theme::SMALL));
                if button.clicked() {
                    clicked = Some(change.clone());
                }
            }
        });
    }
    clicked
}

fn line_ui(ui: &mut Ui, p: &Palette, diagnosis: &Diagnosis, step: &Step) {
    let (sign, color) = sign(p, &step.finding);
    ui.horizontal_wrapped(|ui| {
        ui.label(RichText::new(sign).color(color));
        if diagnosis.has_several_nodes() {
            ui.label(RichText::new(&*step.node).font(theme::mono(theme::SMALL)).color(p.dim));
        }
        ui.label(RichText::new(sentences::step_name(step.kind)).color(p.dim));
        ui.label(RichText::new(sentences::finding(step)).color(color_of_text(p, step)));
        if let Some(took) = step.took {
            ui.label(RichText::new(sentences::took(took)).size(theme::SMALL).color(p.faint));
        }
    });
}

fn sign(p: &Palette, finding: &Finding) -> (&'static str, Color32) {
    match finding {
        Finding::Passed(_) => ("✔", p.green),
        Finding::Warned(_) => ("!", p.amber),
        Finding::Failed(_) => ("✖", p.red),
        Finding::NotReached => ("–", p.faint),
    }
}

fn color_of_text(p: &Palette, step: &Step) -> Color32 {
    match step.finding {
        Finding::Passed(_) => p.text,
        Finding::Warned(_) => p.amber,
        Finding::Failed(_) => p.red,
        Finding::NotReached => p.faint,
    }
}
