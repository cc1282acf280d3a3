//! Drawing: panels read the state and push intents; none of them changes anything.

pub mod commands;
mod conflict;
pub mod dialogs;
pub mod events;
mod exact_write;
pub mod format;
pub mod icon;
pub mod inspector;
mod open_writes;
mod scroll;
pub mod shortcuts;
pub mod status_bar;
pub mod stream_header;
pub mod streams;
pub mod theme;
pub mod time;
pub mod time_scale;
pub mod top_bar;
mod widgets;

use crate::app::{App, Intent};
use egui::{CentralPanel, Frame, Margin, Panel};

/// What is left of drawing from one frame to the next, and means nothing to the state.
#[derive(Default)]
pub struct Kept {
    pub dialogs: dialogs::Dialogs,
    list: streams::Shown,
    table: events::Shown,
    times: time_scale::Times,
    /// What was typed after a key that opens a dialog, until the dialog is there.
    later: Vec<egui::Event>,
}

impl Kept {
    /// Whether something that was typed waits for the next frame.
    pub fn waits(&self) -> bool {
        !self.later.is_empty()
    }
}

/// The whole window; `app.list` was refreshed before.
pub fn window(ui: &mut egui::Ui, app: &App, kept: &mut Kept, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    kept.dialogs.clear_closed(ui, app);
    shortcuts::read(ui.ctx(), app, kept, out);
    let bare = Frame::new().fill(p.panel);
    let bar = bare.inner_margin(Margin::symmetric(14, 0));
    Panel::top("top").exact_size(44.0).frame(bar).show(ui, |ui| top_bar::top_bar_ui(ui, app, out));
    Panel::bottom("status")
        .exact_size(26.0)
        .frame(bar.fill(p.bg))
        .show(ui, |ui| status_bar::status_ui(ui, app, out));
    let inner = bare.inner_margin(Margin::symmetric(16, 10));
    Panel::bottom("time")
        .exact_size(118.0)
        .frame(inner)
        .show(ui, |ui| time::time_ui(ui, app, &mut kept.times, out));
    Panel::left("streams")
        .default_size(330.0)
        .size_range(260.0..=520.0)
        .resizable(true)
        .frame(bare)
        .show(ui, |ui| streams::streams_ui(ui, app, &mut kept.list, out));
    let wide = ui.ctx().content_rect().width() >= 1500.0;
    Panel::right("inspector")
        .default_size(if wide { 470.0 } else { 340.0 })
        .size_range(300.0..=700.0)
        .resizable(true)
        .frame(bare)
        .show(ui, |ui| inspector::inspector_ui(ui, app, out));
    CentralPanel::default().frame(Frame::new().fill(p.bg)).show(ui, |ui| {
        Panel::top("header").frame(inner).show(ui, |ui| stream_header::header_ui(ui, app, out));
        Panel::bottom("dock").frame(inner).show(ui, |ui| commands::commands_ui(ui, app, out));
        CentralPanel::default()
            .frame(Frame::new().fill(p.bg))
            .show(ui, |ui| events::events_ui(ui, app, &mut kept.table, out));
    });
    kept.dialogs.show(ui, app, &mut kept.later, out);
}
