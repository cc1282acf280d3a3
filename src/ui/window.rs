//! The whole window: its panels, where they stand, and what they keep between frames.

use super::sized_panel::Sized;
use super::widgets::{is_low, is_narrow};
use super::{
    commands, dialogs, events, inspector, introduction, lesson, shortcuts, status_bar, stream_header,
    streams, theme, time, top_bar,
};
use crate::app::{App, Intent, SizedPanel};
use egui::{CentralPanel, Frame, Margin, Panel, Rangef, remap_clamp};

/// What is left of drawing from one frame to the next, and means nothing to the state.
#[derive(Default)]
pub struct Kept {
    dialogs: dialogs::Dialogs,
    lesson: lesson::Shown,
    list: streams::Shown,
    table: events::Shown,
    time: time::Kept,
    inspected: inspector::Shown,
    /// What was typed after a key that opens a dialog, until the dialog is there.
    later: Vec<egui::Event>,
    /// Whether a field had the focus in the frame before.
    was_typing: bool,
}

impl Kept {
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
    let closed = kept.dialogs.clear_closed(ui, app);
    // What is not drawn yet has no field for what is typed meanwhile.
    let opening = closed
        || kept.inspected.is_find_asked()
        || app.dialog().is_some_and(|dialog| !kept.dialogs.shows(dialog));
    if shortcuts::read(ui.ctx(), app, (opening, kept.was_typing), &mut kept.later, out) {
        kept.inspected.ask_find();
    }
    let bare = Frame::new().fill(p.panel);
    let bar = bare.inner_margin(Margin::symmetric(14, 0));
    Panel::top("top").exact_size(44.0).frame(bar).show(ui, |ui| top_bar::top_bar_ui(ui, app, out));
    introduction::introduction_ui(ui, app, out);
    Panel::bottom("status")
        .exact_size(26.0)
        .frame(bar.fill(p.bg))
        .show(ui, |ui| status_bar::status_ui(ui, app, out));
    if app.lessons().is_running() {
        let parts = lesson::MainParts { table: &mut kept.table, inspected: &mut kept.inspected };
        lesson::lesson_ui(ui, app, &mut kept.lesson, parts, out);
        return kept.dialogs.show(ui, app, &mut kept.later, out);
    }
    let (is_low, is_narrow) = (is_low(ui.ctx()), is_narrow(ui.ctx()));
    let margin = if is_low || is_narrow { 6 } else { 10 };
    let inner = bare.inner_margin(Margin::symmetric(16, margin));
    Panel::bottom("time")
        .exact_size(time::height(ui.ctx()))
        .frame(inner)
        .show(ui, |ui| time::time_ui(ui, app, &mut kept.time, out));
    let (list, inspector) = sides(app, ui.ctx().content_rect().width(), is_narrow);
    list.show(ui, app, bare, out, |ui, out| streams::streams_ui(ui, app, &mut kept.list, out));
    if let Some(inspector) = &inspector {
        let inspected = &mut kept.inspected;
        inspector.show(ui, app, bare, out, |ui, out| inspector::inspector_ui(ui, app, inspected, out));
    }
    let bg = Frame::new().fill(p.bg);
    CentralPanel::default().frame(bg).show(ui, |ui| {
        if app.opened().is_some() {
            Panel::top("header").frame(inner).show(ui, |ui| stream_header::header_ui(ui, app, out));
        }
        let below = if is_narrow { INSPECTOR } else { 0.0 };
        let room = ui.available_height() - TABLE - below - 2.0 * f32::from(margin);
        Panel::bottom("dock").frame(inner).show(ui, |ui| commands::commands_ui(ui, app, room, out));
        if is_narrow {
            let most = (ui.available_height() - TABLE).max(INSPECTOR);
            let inspector = Sized {
                panel: SizedPanel::InspectorBelow,
                default: ui.available_height() * 0.5,
                range: Rangef::new(INSPECTOR, most),
            };
            let inspected = &mut kept.inspected;
            inspector.show(ui, app, bare, out, |ui, out| inspector::inspector_ui(ui, app, inspected, out));
        }
        CentralPanel::default().frame(bg).show(ui, |ui| events::events_ui(ui, app, &mut kept.table, out));
    });
    kept.dialogs.show(ui, app, &mut kept.later, out);
    kept.was_typing = ui.ctx().text_edit_focused();
}

/// The list, and the inspector where it has room beside the events, in a window of this width. The inspector yields first.
fn sides(app: &App, width: f32, is_narrow: bool) -> (Sized, Option<Sized>) {
    let least = if is_narrow { 0.0 } else { BESIDE.min };
    let list = Sized {
        panel: SizedPanel::List,
        default: (width * 0.206).clamp(232.0, 330.0),
        range: Rangef::new(LIST.min, LIST.max.min(width - EVENTS - least).max(LIST.min)),
    };
    let most = BESIDE.max.min(width - EVENTS - list.size(app)).max(BESIDE.min);
    let inspector = Sized {
        panel: SizedPanel::Inspector,
        default: remap_clamp(width, 1150.0..=1400.0, 360.0..=470.0),
        range: Rangef::new(BESIDE.min, most),
    };
    (list, (!is_narrow).then_some(inspector))
}
