//! The time panel: buttons, where the playhead is, and the track.

mod condition_bands;
mod controls;
mod histogram;
mod hover;
mod places;
mod ruler;
pub mod ticks;
mod track;

pub use histogram::bands;
pub use track::Kept;

use super::theme;
use super::widgets::{is_low, is_narrow};
use crate::app::{App, Intent};
use egui::{Align, Context, Layout, RichText, Ui};

/// Height of the panel: less in a low window, and only the bar under the buttons in a small one.
pub fn height(ctx: &Context) -> f32 {
    match (is_low(ctx), is_narrow(ctx)) {
        (true, true) => 72.0,
        (false, false) => 118.0,
        _ => 100.0,
    }
}

pub fn time_ui(ui: &mut Ui, app: &App, kept: &mut Kept, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    if is_low(ui.ctx()) && is_narrow(ui.ctx()) {
        ui.spacing_mut().item_spacing.y = 4.0;
        ui.spacing_mut().interact_size.y = controls::SMALL;
    }
    ui.horizontal(|ui| {
        controls::buttons_ui(ui, p, app, out);
        controls::modes_ui(ui, p, app, out);
        ui.add_space(6.0);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            controls::zoom_ui(ui, app, out);
            if ui.available_width() > HINTED {
                controls::hints_ui(ui, p, app);
                ui.add_space(6.0);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| controls::where_ui(ui, p, app, out));
        });
    });
    if let Some(opened) = app.opened().filter(|opened| !opened.timeline().is_empty()) {
        track::track_ui(ui, p, app, opened, kept, out);
    } else {
        ui.label(
            RichText::new("The events of the open stream appear here on a line of time.").color(p.faint),
        );
    }
}

/// Width beside which the keys are told.
const HINTED: f32 = 700.0;
