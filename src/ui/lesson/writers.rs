//! Writers at both sides of the stream, each with what it has read, decided and sent.

use super::cards::{card_ui, coming_ui};
use super::columns::columns_ui;
use super::stream_lines::lines_ui;
use super::text;
use crate::app::Intent;
use crate::lesson::{Column, Outcome};
use crate::ui::theme::{self, Palette};
use egui::text::LayoutJob;
use egui::{FontId, Label, TextFormat, Ui};

/// Of the stream's column.
const STREAM: std::ops::RangeInclusive<f32> = 180.0..=300.0;

pub fn writers_ui(ui: &mut Ui, p: &Palette, outcome: &Outcome, brings: bool, out: &mut Vec<Intent>) {
    let width = ui.available_width();
    let writers = &outcome.columns;
    #[expect(clippy::cast_precision_loss, reason = "a few columns")]
    let count = writers.len().max(1) as f32;
    let stream = (width * 0.24).clamp(*STREAM.start(), *STREAM.end());
    let each = (width - stream) / count;
    // The stream stands right of the first writer.
    let middle = writers.len().min(1);
    let mut widths = vec![each; writers.len()];
    widths.insert(middle, stream);
    columns_ui(ui, p, &widths, |ui, place| {
        if place == middle {
            heading_ui(ui, p, "The stream", "");
            lines_ui(ui, p, &outcome.lines, brings);
        } else {
            let at = if place < middle { place } else { place - 1 };
            if let Some(column) = writers.get(at) {
                writer_ui(ui, p, column, at + 1, brings, out);
            }
        }
    });
}

fn writer_ui(ui: &mut Ui, p: &Palette, column: &Column, number: usize, brings: bool, out: &mut Vec<Intent>) {
    heading_ui(ui, p, &column.writer, &format!("writer {number}"));
    for card in &column.cards {
        card_ui(ui, p, card, &column.writer, brings, out);
    }
    if let Some(next) = column.next {
        coming_ui(ui, p, next.title());
    }
}

pub fn heading_ui(ui: &mut Ui, p: &Palette, name: &str, about: &str) {
    let mut job = LayoutJob::default();
    job.append(name, 0.0, TextFormat::simple(theme::strong(14.0), p.text));
    if !about.is_empty() {
        job.append(&format!(" {about}"), 0.0, TextFormat::simple(FontId::proportional(14.0), p.dim));
    }
    ui.add(Label::new(job).wrap());
    ui.add_space(2.0);
}

/// A line under a heading.
pub fn said_ui(ui: &mut Ui, p: &Palette, said: &crate::lesson::Sentence) {
    ui.add(Label::new(text::sentence(p, said, p.dim)).wrap());
}
