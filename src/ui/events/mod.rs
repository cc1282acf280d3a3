//! The event table, and the note that explains a problem.

mod columns;
mod head;
mod hover;
mod row;
mod row_menu;
mod type_color;

pub use type_color::type_color;

use super::ids::events_bar_id;
use super::scroll::{Place, Rows, height_of};
use super::theme;
use super::widgets::{empty, is_low, named, note};
use super::{condition_band, format};
use crate::app::{App, EventRow, Intent, Opened};
use crate::history::{Cursor, Mark};
use crate::record::json;
use crate::store::{Life, Ticket};
use columns::{Columns, Measured};
use egui::{Rect, Role, Sense, Ui, Vec2};
use head::head_ui;
use row::{Layout, day_ui, event_ui, not_read_ui};

/// Height of a row, and of one in a low window.
const ROW: f32 = 35.0;
const LOW_ROW: f32 = 30.0;
/// Height beside which a problem is explained below the table.
const EXPLAINED: f32 = 190.0;
/// Height of the table beside which the condition is told.
const BANDED: f32 = 150.0;

/// Which place of which history the table last brought into view; following the newest event is one place.
pub type Shown = Rows<(Ticket, Cursor)>;

pub fn events_ui(ui: &mut Ui, app: &App, shown: &mut Shown, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let Some(opened) = app.opened() else {
        return empty(
            ui,
            "No stream is open",
            "Select one on the left, or press Ctrl+K and type a stream's name. Its events appear here, and each step of its state on the right.",
        );
    };
    if opened.row_count() == 0 {
        let (title, text) = nothing(opened);
        return empty(ui, title, text);
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let measured = Measured::of(ui, opened);
    let columns = Columns::new(&app.settings().event_columns, measured, ui.available_width());
    head_ui(ui, p, app, &columns, out);
    let explained = explained(opened).filter(|_| ui.available_height() > EXPLAINED);
    // A low window has no room for it.
    let is_told = app.asking().condition().is_some() && ui.available_height() > BANDED;
    let band = if is_told { condition_band::HEIGHT } else { 0.0 };
    let height = ui.available_height() - if explained.is_some() { 86.0 } else { 0.0 } - band;
    let row_height = if is_low(ui.ctx()) { LOW_ROW } else { ROW };
    let rows = height_of(opened.row_count(), row_height);
    let (row, bar) = (opened.row_at_cursor(), events_bar_id());
    let height = height.min(rows).max(row_height * 2.0);
    table_ui(ui, height);
    let place = Place {
        key: (opened.ticket(), opened.cursor()),
        row,
        keep: true,
        row_height,
        height,
        bar,
        name: "Scroll events",
    };
    shown.keep_end(opened.row_count() - opened.read_row_count(), opened.row_count());
    let layout = Layout { columns: &columns, height: row_height };
    let shown_row = |ui: &mut Ui, row| match opened.row(row) {
        Some(EventRow::Day(created)) => day_ui(ui, p, layout, created),
        Some(EventRow::NotRead(from, to)) => not_read_ui(ui, p, opened, layout, (from, to)),
        Some(EventRow::Read(_) | EventRow::Newest(..)) => event_ui(ui, p, (app, opened), layout, row, out),
        None => ui.response(),
    };
    shown.show(ui, place, opened.row_count(), shown_row);
    if is_told {
        condition_band::condition_band_ui(ui, p, app, opened, out);
    }
    if let Some((title, text)) = explained {
        egui::Frame::new()
            .inner_margin(egui::Margin::symmetric(16, 10))
            .show(ui, |ui| note(ui, p, &title, &text));
    }
}

fn nothing(opened: &Opened) -> (&'static str, &'static str) {
    let can_begin = !opened.timeline().aggregate().schema().commands.is_empty();
    match opened.life() {
        Life::Reading => ("Reading…", "The events of this stream are on their way."),
        Life::Missing if can_begin => (
            "This stream does not exist",
            "It holds no event. Create it below, or check the name. It appears here once it is written.",
        ),
        Life::Missing => (
            "This stream does not exist",
            "It holds no event. Check the name. It appears here once it is written.",
        ),
        Life::SoftDeleted => (
            "This stream is soft-deleted",
            "Its events can no longer be read. Writing to it again recreates it, with the next revision.",
        ),
        Life::Tombstoned if can_begin => (
            "This stream is tombstoned",
            "It was deleted for good and never takes events again. Use another id.",
        ),
        Life::Tombstoned => {
            ("This stream is tombstoned", "It was deleted for good and never takes events again.")
        }
        Life::Failed(_) => ("This stream cannot be read", "The line above says why."),
        Life::Live => {
            ("No events can be read", "All events of this stream are truncated. New ones appear here.")
        }
    }
}

/// The problem under the playhead, or right ahead of it.
fn explained(opened: &Opened) -> Option<(String, String)> {
    // What lies behind events that are not read is not known.
    let index = opened.index().filter(|_| !opened.frame().is_not_read_to());
    let here = index.filter(|&i| opened.timeline().mark(i) == Some(Mark::Problem));
    let ahead = index.map_or(0, |i| i + 1);
    let ahead = Some(ahead).filter(|&i| opened.timeline().mark(i) == Some(Mark::Problem));
    let (at, prefix) = here.map(|i| (i, "")).or(ahead.map(|i| (i, "Ahead: ")))?;
    let revision = opened.timeline().get(at)?.revision;
    let noun = if prefix.is_empty() { "Revision" } else { "revision" };
    let title = format!("{prefix}{noun} {} does not follow from the state before it.", format::rev(revision));
    Some((title, json::safe(&opened.timeline().problem_text(at)?).into_owned()))
}

fn table_ui(ui: &Ui, height: f32) {
    let whole = Rect::from_min_size(ui.cursor().min, Vec2::new(ui.available_width(), height));
    let whole = ui.interact(whole, ui.scope_id().with("table"), Sense::hover());
    named(&whole, Role::Table, "Event table");
}
