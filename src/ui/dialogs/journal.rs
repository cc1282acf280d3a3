//! What this program wrote from this data folder, newest first.

use crate::app::{App, Fetch, Intent, ViewIntent};
use crate::record::{Created, json};
use crate::store::{JournalAnswer, JournalEntry};
use crate::ui::failure::failure;
use crate::ui::format::count;
use crate::ui::moment_text::local_and_utc;
use crate::ui::scroll::{Place, Rows, height_of};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{empty, title};
use egui::{
    Align, Align2, Color32, FontId, Layout, Rect, Response, RichText, Sense, Ui, UiBuilder, pos2, vec2,
};

const ROW: f32 = 22.0;
/// Highest that the rows are together.
const MOST: f32 = 360.0;
const NAMES: [&str; 6] = ["Time (UTC)", "Answer", "Stream", "Event", "Expected", "Server"];
/// Of the columns, each with the gap beside it; 0 takes the rest.
const WIDTHS: [f32; 6] = [184.0, 100.0, 0.0, 128.0, 118.0, 158.0];
const GAP: f32 = 8.0;

/// Where its rows stand.
pub type Shown = Rows<usize>;

pub fn journal_ui(ui: &mut Ui, app: &App, rows: &mut Shown, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    title(ui, "Journal");
    let text = "Every write that this program sent from this data folder, on this machine only.";
    ui.label(RichText::new(text).color(p.dim));
    ui.add_space(6.0);
    match app.journal().state() {
        Fetch::Idle | Fetch::Pending => drop(ui.label(RichText::new("Reading the journal…").color(p.dim))),
        Fetch::Failed(why) => drop(ui.label(RichText::new(failure(why)).color(p.red))),
        Fetch::Ready(entries) if entries.is_empty() => {
            empty(ui, "Nothing was written yet", "Each command is noted here when it is sent.");
        }
        Fetch::Ready(entries) => drop(ui.scope(|ui| table_ui(ui, p, entries, rows))),
    }
    ui.add_space(8.0);
    if ui.button("Close").clicked() {
        out.push(Intent::View(ViewIntent::CloseDialog));
    }
}

fn table_ui(ui: &mut Ui, p: &Palette, entries: &[JournalEntry], rows: &mut Shown) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let (_, head) = ui.allocate_space(vec2(ui.available_width(), ROW));
    for (cell, name) in cells(head).into_iter().zip(NAMES) {
        let font = FontId::proportional(theme::SMALL);
        ui.painter().text(cell.left_center(), Align2::LEFT_CENTER, name, font, p.dim);
    }
    let height = height_of(entries.len(), ROW);
    let place = Place {
        key: entries.len(),
        row: None,
        keep: false,
        row_height: ROW,
        height: height.min(MOST),
        bar: ui.scope_id().with("bar"),
        name: "Scroll the journal",
    };
    rows.show(ui, place, entries.len(), |ui, row| match entries.iter().rev().nth(row) {
        Some(entry) => entry_ui(ui, p, entry, row % 2 == 1),
        None => ui.response(),
    });
}

/// The columns of a row; what the others leave is the stream's.
fn cells(row: Rect) -> [Rect; 6] {
    let rest = row.width() - WIDTHS.iter().sum::<f32>();
    let mut left = row.left();
    WIDTHS.map(|width| {
        let width = if width == 0.0 { rest.max(0.0) } else { width };
        let cell = Rect::from_min_size(pos2(left, row.top()), vec2((width - GAP).max(0.0), row.height()));
        left += width;
        cell
    })
}

fn entry_ui(ui: &mut Ui, p: &Palette, entry: &JournalEntry, striped: bool) -> Response {
    let (rect, row) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::hover());
    if striped {
        ui.painter().rect_filled(rect, 0.0, p.raise);
    }
    let answer = entry.revision.map_or_else(
        || entry.answer.word().to_owned(),
        |revision| format!("{} {}", entry.answer.word(), count(revision)),
    );
    let event = entry.events.first().map_or("", |event| &event.r#type);
    let time = entry.time.get(..23).unwrap_or(&entry.time).replace('T', " ");
    let texts = [
        (time.as_str(), p.dim),
        (answer.as_str(), color(p, entry.answer)),
        (entry.stream.as_str(), p.text),
        (event, p.text),
        (entry.expected.as_str(), p.dim),
        (entry.server.as_str(), p.dim),
    ];
    let at = Created::parse(&entry.time).map(local_and_utc);
    for (column, (place, (text, color))) in cells(rect).into_iter().zip(texts).enumerate() {
        let layout = Layout::left_to_right(Align::Center);
        let mut ui = ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
        let is_time = column == 0;
        let hover = if is_time { at.as_deref() } else { entry.detail.as_deref() };
        cell(&mut ui, text, color, hover);
    }
    row
}

fn cell(ui: &mut Ui, text: &str, color: Color32, detail: Option<&str>) {
    let text = json::safe(text).into_owned();
    let label = egui::Label::new(RichText::new(&text).font(theme::mono(theme::SMALL)).color(color));
    // What is cut shows itself, unless there is more to say.
    let response = ui.add(label.truncate().show_tooltip_when_elided(detail.is_none()));
    if let Some(detail) = detail {
        response.on_hover_text(format!("{text}\n{}", json::safe(detail)));
    }
}

fn color(p: &Palette, answer: JournalAnswer) -> Color32 {
    match answer {
        JournalAnswer::Appended => p.green,
        JournalAnswer::Conflict | JournalAnswer::NotAppended | JournalAnswer::Sent | JournalAnswer::Lost => {
            p.amber
        }
        JournalAnswer::Tombstoned | JournalAnswer::Failed => p.red,
    }
}
