//! The whole window: its panels, where they stand, and what they keep between frames.

use super::widgets::is_low;
use super::{
    commands, dialogs, events, focus, inspector, pressed, shortcuts, status_bar, stream_header, streams,
    theme, time, top_bar,
};
use crate::app::{App, Intent};
use egui::{CentralPanel, Context, Frame, Margin, Panel};
use focus::Panel as Place;
use std::time::Duration;

/// What is left of drawing from one frame to the next, and means nothing to the state.
#[derive(Default)]
pub struct Kept {
    dialogs: dialogs::Dialogs,
    list: streams::Shown,
    table: events::Shown,
    time: time::Kept,
    inspected: inspector::Shown,
    panels: focus::Panels,
    pressed: pressed::Pressed,
    /// What was typed after a key that opens a dialog, until the dialog is there.
    later: Vec<egui::Event>,
}

impl Kept {
    /// When it will be drawn otherwise by itself.
    pub fn changes_in(&self, ctx: &Context) -> Option<Duration> {
        self.pressed.left(ctx)
    }

    /// Whether something that was typed, or work beside the frames, waits for the next one.
    pub fn waits(&self) -> bool {
        !self.later.is_empty() || self.inspected.waits() || self.dialogs.waits()
    }
}

/// Below this width the inspector stands under the events instead of beside them.
const NARROW: f32 = 1100.0;

/// Height that the event table keeps at least: its head and three rows.
const TABLE: f32 = 124.0;
/// Height that the inspector keeps at least below the table: its tabs, its head and two rows.
const INSPECTOR: f32 = 130.0;

/// The whole window; `app.list()` was refreshed before.
pub fn window(ui: &mut egui::Ui, app: &App, kept: &mut Kept, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let closed = kept.dialogs.clear_closed(ui, app);
    // What is not drawn yet has no field for what is typed meanwhile.
    let opening = closed
        || kept.inspected.is_find_asked()
        || app.dialog().is_some_and(|dialog| !kept.dialogs.shows(dialog));
    let rows =
        shortcuts::FocusedRow { is_event: kept.table.has_focus(), is_json: kept.inspected.row_has_focus() };
    let read = shortcuts::read(ui.ctx(), app, (opening, rows), &mut kept.later, out);
    if read.finds {
        kept.inspected.ask_find();
    }
    // A presentation leaves out what is not of the stream.
    let (has_list, is_all) = (app.showing().has_list(), !app.showing().is_presentation());
    if let Some(action) = read.action.filter(|_| !is_all) {
        kept.pressed.note(ui.ctx(), action);
    }
    focus::read_tab(ui.ctx(), &kept.panels);
    kept.panels.clear();
    let panels = &mut kept.panels;
    let bare = Frame::new().fill(p.panel);
    let bar = bare.inner_margin(Margin::symmetric(14, 0));
    if is_all {
        let top =
            Panel::top("top").exact_size(44.0).frame(bar).show(ui, |ui| top_bar::top_bar_ui(ui, app, out));
        panels.place(Place::Top, top.response.rect);
        let status = Panel::bottom("status")
            .exact_size(26.0)
            .frame(bar.fill(p.bg))
            .show(ui, |ui| status_bar::status_ui(ui, app, out));
        panels.place(Place::Status, status.response.rect);
    }
    let low = is_low(ui.ctx());
    let margin = if low { 6 } else { 10 };
    let inner = bare.inner_margin(Margin::symmetric(16, margin));
    let time = Panel::bottom("time")
        .exact_size(if low { 96.0 } else { 118.0 })
        .frame(inner)
        .show(ui, |ui| time::time_ui(ui, app, &mut kept.time, out));
    panels.place(Place::Time, time.response.rect);
    let width = ui.ctx().content_rect().width();
    // Each arrangement keeps its own sizes.
    let (list, sizes) =
        if width < NARROW { ("streams-narrow", 200.0..=300.0) } else { ("streams", 260.0..=520.0) };
    if has_list {
        let streams = Panel::left(list)
            .default_size(if width < NARROW { 232.0 } else { 330.0 })
            .size_range(sizes)
            .resizable(true)
            .frame(bare)
            .show(ui, |ui| streams::streams_ui(ui, app, &mut kept.list, out));
        panels.place(Place::List, streams.response.rect);
    }
    if width >= NARROW {
        let inspector = Panel::right("inspector")
            .default_size(if width >= 1500.0 { 470.0 } else { 340.0 })
            .size_range(300.0..=700.0)
            .resizable(true)
            .frame(bare)
            .show(ui, |ui| {
                // A panel shrinks to what is in it.
                ui.take_available_width();
                inspector::inspector_ui(ui, app, &mut kept.inspected, out);
            });
        panels.place(Place::Inspector, inspector.response.rect);
    }
    let bg = Frame::new().fill(p.bg);
    CentralPanel::default().frame(bg).show(ui, |ui| {
        if app.opened().is_some() {
            let header =
                Panel::top("header").frame(inner).show(ui, |ui| stream_header::header_ui(ui, app, out));
            panels.place(Place::Header, header.response.rect);
        }
        let below = if width < NARROW { INSPECTOR } else { 0.0 };
        let room = ui.available_height() - TABLE - below - 2.0 * f32::from(margin);
        if is_all {
            let dock =
                Panel::bottom("dock").frame(inner).show(ui, |ui| commands::commands_ui(ui, app, room, out));
            panels.place(Place::Dock, dock.response.rect);
        }
        if width < NARROW {
            let inspector = Panel::bottom("inspector-below")
                .default_size(ui.available_height() * 0.5)
                .size_range(INSPECTOR..=(ui.available_height() - TABLE).max(INSPECTOR))
                .resizable(true)
                .frame(bare)
                .show(ui, |ui| {
                    ui.take_available_height();
                    inspector::inspector_ui(ui, app, &mut kept.inspected, out);
                });
            panels.place(Place::Inspector, inspector.response.rect);
        }
        let table =
            CentralPanel::default().frame(bg).show(ui, |ui| events::events_ui(ui, app, &mut kept.table, out));
        panels.place(Place::Table, table.response.rect);
    });
    kept.dialogs.show(ui, app, &mut kept.later, out);
    if !is_all {
        kept.pressed.show(ui.ctx(), p);
    }
    focus::ring_ui(ui);
}
