//! What this program wrote from this data folder, newest first.

use crate::app::{App, Fetch, Intent, ViewIntent};
use crate::record::json;
use crate::store::{JournalAnswer, JournalEntry};
use crate::ui::failure::failure;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{empty, title};
use egui::{Color32, RichText, Ui};
use egui_extras::{Column, TableBuilder};

pub fn journal_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
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
        Fetch::Ready(entries) => table(ui, p, entries),
    }
    ui.add_space(8.0);
    if ui.button("Close").clicked() {
        out.push(Intent::View(ViewIntent::CloseDialog));
    }
}

fn table(ui: &mut Ui, p: &Palette, entries: &[JournalEntry]) {
    let builder = TableBuilder::new(ui)
        .striped(true)
        .max_scroll_height(360.0)
        .column(Column::exact(176.0))
        .column(Column::exact(92.0))
        .column(Column::remainder().clip(true))
        .column(Column::exact(120.0).clip(true))
        .column(Column::exact(110.0).clip(true))
        .column(Column::exact(150.0).clip(true));
    let table = builder.header(20.0, |mut header| {
        for name in ["Time (UTC)", "Answer", "Stream", "Event", "Expected", "Server"] {
            header.col(|ui| drop(ui.label(RichText::new(name).size(theme::SMALL).color(p.dim))));
        }
    });
    table.body(|body| {
        body.rows(22.0, entries.len(), |mut row| {
            let Some(entry) = entries.get(entries.len() - 1 - row.index()) else { return };
            let answer = entry.revision.map_or_else(
                || entry.answer.word().to_owned(),
                |revision| format!("{} {revision}", entry.answer.word()),
            );
            let event = entry.events.first().map_or("", |event| &event.r#type);
            let time = entry.time.get(..23).unwrap_or(&entry.time).replace('T', " ");
            let cells = [
                (time.as_str(), p.dim),
                (answer.as_str(), color(p, entry.answer)),
                (entry.stream.as_str(), p.text),
                (event, p.text),
                (entry.expected.as_str(), p.dim),
                (entry.server.as_str(), p.dim),
            ];
            for (text, color) in cells {
                row.col(|ui| cell(ui, text, color, entry.detail.as_deref()));
            }
        });
    });
}

fn cell(ui: &mut Ui, text: &str, color: Color32, detail: Option<&str>) {
    let text = json::safe(text).into_owned();
    let label = egui::Label::new(RichText::new(text).font(theme::mono(theme::SMALL)).color(color));
    let response = ui.add(label.truncate());
    if let Some(detail) = detail {
        response.on_hover_text(json::safe(detail).into_owned());
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
