//! What the step came to: the writers beside the stream, the main window's own parts, a projection, or two folds.

use super::{folds, projection, writers};
use crate::app::{App, Intent};
use crate::lesson::{Run, Shown};
use crate::ui::theme::Palette;
use crate::ui::widgets::{empty, is_narrow};
use crate::ui::{events, inspector};
use egui::{CentralPanel, Frame, Panel, Ui};

/// Parts of the main window that a step may show.
pub struct MainParts<'a> {
    pub table: &'a mut events::Shown,
    pub inspected: &'a mut inspector::Shown,
}

/// Height that the inspector has below the table in a narrow window.
const BELOW: f32 = 0.55;

pub fn stage_ui(
    ui: &mut Ui,
    p: &Palette,
    app: &App,
    run: &Run,
    (parts, brings): (MainParts<'_>, bool),
    out: &mut Vec<Intent>,
) {
    let Some(outcome) = run.outcome() else {
        let (title, text) = match run.failure() {
            Some(_) => ("This step could not be done", "The line below says why. Try again, or start again."),
            None => ("Doing this step…", "It is done in the sandbox, by real reads and writes."),
        };
        return empty(ui, title, text);
    };
    match &outcome.shown {
        Shown::Writers => writers::writers_ui(ui, p, outcome, brings, out),
        Shown::Window(_) => window_ui(ui, p, app, parts, out),
        Shown::Projection(projected) => projection::projection_ui(ui, p, outcome, projected, brings),
        Shown::Folds(both) => folds::folds_ui(ui, p, both),
    }
}

/// The table and the inspector of the main window, on the lesson's stream.
fn window_ui(ui: &mut Ui, p: &Palette, app: &App, parts: MainParts<'_>, out: &mut Vec<Intent>) {
    let MainParts { table, inspected } = parts;
    let frame = Frame::new().fill(p.panel);
    if is_narrow(ui.ctx()) {
        Panel::bottom("lesson-inspector-below").exact_size(ui.available_height() * BELOW).frame(frame).show(
            ui,
            |ui| {
                ui.take_available_height();
                inspector::inspector_ui(ui, app, inspected, out);
            },
        );
    } else {
        Panel::right("lesson-inspector")
            .default_size(if ui.ctx().content_rect().width() >= 1500.0 { 470.0 } else { 380.0 })
            .size_range(300.0..=700.0)
            .resizable(true)
            .frame(frame)
            .show(ui, |ui| {
                ui.take_available_width();
                inspector::inspector_ui(ui, app, inspected, out);
            });
    }
    CentralPanel::default()
        .frame(Frame::new().fill(p.bg))
        .show(ui, |ui| events::events_ui(ui, app, table, out));
}
