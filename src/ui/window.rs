//! The whole window: its panels, where they stand, and what they keep between frames.

use super::sized_panel::Sized;
use super::widgets::{is_low, is_narrow};
use super::{
    commands, dialogs, events, exact_write, focus, inspector, introduction, lesson, pressed, shortcuts,
    status_bar, stream_header, streams, theme, time, top_bar,
};
use crate::app::{App, Intent, SizedPanel};
use egui::{CentralPanel, Context, Frame, Margin, Panel, Rangef, remap_clamp};
use focus::Panel as Place;
use std::time::Duration;

/// What is left of drawing from one frame to the next, and means nothing to the state.
#[derive(Default)]
pub struct Kept {
    dialogs: dialogs::Dialogs,
    lesson: lesson::Shown,
    list: streams::Shown,
    table: events::Shown,
    time: time::Kept,
    inspected: inspector::Shown,
    exact_write: exact_write::ExactWrite,
    panels: focus::Panels,
    pressed: pressed::Pressed,
    /// What was typed after a key that opens a dialog, until the dialog is there.
    later: Vec<egui::Event>,
    /// Whether a field had the focus in the frame before.
    was_typing: bool,
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

/// Width that the events keep at least between the list and the inspector.
const EVENTS: f32 = 480.0;
/// Least and greatest widths of the list and of the inspector.
const LIST: Rangef = Rangef { min: 200.0, max: 520.0 };
const BESIDE: Rangef = Rangef { min: 320.0, max: 900.0 };
/// Height that the event table keeps at least: its head and three rows.
const TABLE: f32 = 124.0;
/// Height that the inspector keeps at least below the table: its tabs, its head and two rows.
const INSPECTOR: f32 = 130.0;

/// The whole window; `app.list()` was refreshed before.
pub fn window(ui: &mut egui::Ui, app: &App, kept: &mut Kept, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    read_keys(ui, app, kept, out);
    // A presentation leaves out what is not of the stream.
    let (has_list, is_all) = (app.showing().has_list(), !app.showing().is_presentation());
    let panels = &mut kept.panels;
    let bare = Frame::new().fill(p.panel);
    let bar = bare.inner_margin(Margin::symmetric(14, 0));
    if is_all {
        let top =
            Panel::top("top").exact_size(44.0).frame(bar).show(ui, |ui| top_bar::top_bar_ui(ui, app, out));
        panels.place(Place::Top, top.response.rect);
        introduction::introduction_ui(ui, app, panels, out);
        let status = Panel::bottom("status")
            .exact_size(26.0)
            .frame(bar.fill(p.bg))
            .show(ui, |ui| status_bar::status_ui(ui, app, out));
        panels.place(Place::Status, status.response.rect);
    }
    if app.lessons().is_running() {
        let parts = lesson::MainParts { table: &mut kept.table, inspected: &mut kept.inspected };
        lesson::lesson_ui(ui, app, &mut kept.lesson, (parts, panels), out);
    } else {
        stream_ui(ui, app, kept, (has_list, is_all), out);
    }
    kept.dialogs.show(ui, app, &mut kept.later, out);
    if !is_all {
        kept.pressed.show(ui.ctx(), p);
    }
    focus::ring_ui(ui);
    kept.was_typing = ui.ctx().text_edit_focused();
}

/// What the keys of this frame ask for, and where Tab leads.
fn read_keys(ui: &egui::Ui, app: &App, kept: &mut Kept, out: &mut Vec<Intent>) {
    let closed = kept.dialogs.clear_closed(ui, app);
    // What is not drawn yet has no field for what is typed meanwhile.
    let opening = closed
        || kept.inspected.is_find_asked()
        || app.dialog().is_some_and(|dialog| !kept.dialogs.shows(dialog));
    let rows =
        shortcuts::FocusedRow { is_event: kept.table.has_focus(), is_json: kept.inspected.row_has_focus() };
    let read = shortcuts::read(ui.ctx(), app, (opening, kept.was_typing, rows), &mut kept.later, out);
    if read.finds {
        kept.inspected.ask_find();
    }
    if let Some(action) = read.action.filter(|_| app.showing().is_presentation()) {
        kept.pressed.note(ui.ctx(), action);
    }
    focus::read_tab(ui.ctx(), &kept.panels);
    kept.panels.clear();
}

/// The open stream, with the list beside it and its time below.
fn stream_ui(
    ui: &mut egui::Ui,
    app: &App,
    kept: &mut Kept,
    (has_list, is_all): (bool, bool),
    out: &mut Vec<Intent>,
) {
    let p = theme::palette(ui);
    let panels = &mut kept.panels;
    let bare = Frame::new().fill(p.panel);
    let (is_low, is_narrow) = (is_low(ui.ctx()), is_narrow(ui.ctx()));
    let margin = if is_low || is_narrow { 6 } else { 10 };
    let inner = bare.inner_margin(Margin::symmetric(16, margin));
    let time = Panel::bottom("time")
        .exact_size(time::height(ui.ctx()))
        .frame(inner)
        .show(ui, |ui| time::time_ui(ui, app, &mut kept.time, out));
    panels.place(Place::Time, time.response.rect);
    let (list, inspector) = sides(app, ui.ctx().content_rect().width(), is_narrow);
    if has_list {
        let list = list.show(ui, app, bare, out, |ui, out| streams::streams_ui(ui, app, &mut kept.list, out));
        panels.place(Place::List, list);
    }
    let inspected = &mut kept.inspected;
    if let Some(inspector) = &inspector {
        let rect =
            inspector.show(ui, app, bare, out, |ui, out| inspector::inspector_ui(ui, app, inspected, out));
        panels.place(Place::Inspector, rect);
    }
    let bg = Frame::new().fill(p.bg);
    CentralPanel::default().frame(bg).show(ui, |ui| {
        if app.opened().is_some() {
            let header =
                Panel::top("header").frame(inner).show(ui, |ui| stream_header::header_ui(ui, app, out));
            panels.place(Place::Header, header.response.rect);
        }
        let below = if is_narrow { INSPECTOR } else { 0.0 };
        let room = ui.available_height() - TABLE - below - 2.0 * f32::from(margin);
        if is_all {
            let exact = &mut kept.exact_write;
            let dock = Panel::bottom("dock")
                .frame(inner)
                .show(ui, |ui| commands::commands_ui(ui, app, room, exact, out));
            panels.place(Place::Dock, dock.response.rect);
        }
        if is_narrow {
            let most = (ui.available_height() - TABLE).max(INSPECTOR);
            let inspector = Sized {
                panel: SizedPanel::InspectorBelow,
                default: ui.available_height() * 0.5,
                range: Rangef::new(INSPECTOR, most),
            };
            let rect = inspector
                .show(ui, app, bare, out, |ui, out| inspector::inspector_ui(ui, app, inspected, out));
            panels.place(Place::Inspector, rect);
        }
        let table =
            CentralPanel::default().frame(bg).show(ui, |ui| events::events_ui(ui, app, &mut kept.table, out));
        panels.place(Place::Table, table.response.rect);
    });
}

/// The list, and the inspector where it has room beside the events, in a window of this width. The inspector yields first.
fn sides(app: &App, width: f32, is_narrow: bool) -> (Sized, Option<Sized>) {
    let least = if is_narrow { 0.0 } else { BESIDE.min };
    let list = Sized {
        panel: SizedPanel::List,
        default: remap_clamp(width, 900.0..=1460.0, 232.0..=330.0),
        range: Rangef::new(LIST.min, LIST.max.min(width - EVENTS - least).max(LIST.min)),
    };
    let most = BESIDE.max.min(width - EVENTS - list.size(app)).max(BESIDE.min);
    let inspector = Sized {
        panel: SizedPanel::Inspector,
        default: remap_clamp(width, 1150.0..=1460.0, 360.0..=470.0),
        range: Rangef::new(BESIDE.min, most),
    };
    (list, (!is_narrow).then_some(inspector))
}
