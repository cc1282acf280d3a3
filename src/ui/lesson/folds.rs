//! Two folds of the same events: their code, and their states field by field.

use super::cards::framed_ui;
use super::columns::columns_ui;
use super::text;
use super::writers::heading_ui;
use crate::lesson::{FoldState, Folds};
use crate::record::json;
use crate::ui::theme::Palette;
use egui::text::LayoutJob;
use egui::{Label, Ui};
use std::sync::Arc;

/// Characters of a value, and of a fold's code.
const VALUE: usize = 300;
const CODE: usize = 8_000;

pub fn folds_ui(ui: &mut Ui, p: &Palette, folds: &Folds) {
    let half = ui.available_width() / 2.0;
    columns_ui(ui, p, &[half, half], |ui, place| {
        let fold = if place == 0 { &folds.left } else { &folds.right };
        heading_ui(ui, p, &json::safe(&fold.name), "");
        difference_ui(ui, p, folds);
        framed_ui(ui, p, false, |ui| {
            ui.add(Label::new(egui::RichText::new("State after the last event").color(p.dim)).wrap());
            for field in &folds.fields {
                let (own, other) =
                    if place == 0 { (&field.left, &field.right) } else { (&field.right, &field.left) };
                field_ui(ui, p, &field.path, own.as_ref(), other.as_ref());
            }
        });
        code_ui(ui, p, fold);
    });
}

fn difference_ui(ui: &mut Ui, p: &Palette, folds: &Folds) {
    let mut job = LayoutJob::default();
    match folds.first_difference {
        Some(revision) => {
            job.append("The states differ from revision ", 0.0, text::plain(p.amber));
            job.append(&revision.to_string(), 0.0, text::code(p.amber));
            job.append(" on", 0.0, text::plain(p.amber));
        }
        None => job.append("Both folds come to the same state", 0.0, text::plain(p.green)),
    }
    ui.add(Label::new(job).wrap());
}

/// A field that differs is told by a sign and a colour.
fn field_ui(ui: &mut Ui, p: &Palette, path: &str, own: Option<&Arc<str>>, other: Option<&Arc<str>>) {
    let differs = own != other;
    let value = own.map_or_else(|| "–".to_owned(), |value| json::one_line(value.as_bytes(), VALUE));
    let mut job = LayoutJob::default();
    job.append(&format!("{} ", json::one_line(path.as_bytes(), VALUE)), 0.0, text::plain(p.dim));
    job.append(&value, 0.0, text::code(if differs { p.amber } else { p.text }));
    if differs {
        job.append(" ≠", 0.0, text::plain(p.amber));
    }
    ui.add(Label::new(job).wrap());
}

fn code_ui(ui: &mut Ui, p: &Palette, fold: &FoldState) {
    framed_ui(ui, p, false, |ui| {
        let end = fold.text.char_indices().nth(CODE).map_or(fold.text.len(), |(at, _)| at);
        let mut job = LayoutJob::default();
        for line in fold.text[..end].lines() {
            job.append(&format!("{}\n", json::safe(line)), 0.0, text::code(p.text));
        }
        ui.add(Label::new(job).wrap());
    });
}
