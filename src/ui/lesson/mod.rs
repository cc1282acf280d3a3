//! A lesson in the window: its steps at the left, what the step came to in the middle, the way through it below.

mod bottom;
mod cards;
mod columns;
mod folds;
mod header;
mod menu;
mod projection;
mod stage;
mod steps;
mod stream_lines;
mod text;
mod writers;

pub use menu::lesson_menu_ui;
pub use stage::MainParts;

use super::focus::{Panel as Place, Panels};
use super::theme;
use super::widgets::{is_low, is_narrow};
use crate::app::{App, Intent};
use egui::{CentralPanel, Frame, Margin, Panel, Ui};
use uuid::Uuid;

/// What was brought into view last.
#[derive(Default)]
pub struct Shown {
    /// The run, the step, and how many steps were done.
    seen: Option<(Uuid, usize, usize)>,
}

pub fn lesson_ui(
    ui: &mut Ui,
    app: &App,
    shown: &mut Shown,
    (parts, panels): (MainParts<'_>, &mut Panels),
    out: &mut Vec<Intent>,
) {
    let Some(run) = app.lessons().run() else { return };
    let p = theme::palette(ui);
    let seen = Some((run.id(), run.at(), run.done()));
    let brings = shown.seen != seen;
    shown.seen = seen;
    let low = is_low(ui.ctx());
    let narrow = is_narrow(ui.ctx());
    let bare = Frame::new().fill(p.panel);
    let way = Panel::bottom("lesson-way")
        .exact_size(if low { 76.0 } else { 84.0 })
        .frame(bare.inner_margin(Margin::symmetric(16, if low { 6 } else { 10 })))
        .show(ui, |ui| bottom::bottom_ui(ui, p, run, out));
    panels.place(Place::Time, way.response.rect);
    let (name, width, range) = if narrow {
        ("lesson-steps-narrow", 250.0, 200.0..=300.0)
    } else {
        ("lesson-steps", 330.0, 260.0..=520.0)
    };
    let steps = Panel::left(name)
        .default_size(width)
        .size_range(range)
        .resizable(true)
        .frame(bare)
        .show(ui, |ui| steps::steps_ui(ui, p, app, run, brings, out));
    panels.place(Place::List, steps.response.rect);
    CentralPanel::default().frame(Frame::new().fill(p.bg)).show(ui, |ui| {
        let frame = bare.inner_margin(Margin::symmetric(16, if low { 6 } else { 10 }));
        let header =
            Panel::top("lesson-header").frame(frame).show(ui, |ui| header::header_ui(ui, p, run, out));
        panels.place(Place::Header, header.response.rect);
        panels.place(Place::Table, ui.available_rect_before_wrap());
        stage::stage_ui(ui, p, app, run, (parts, brings), out);
    });
}
