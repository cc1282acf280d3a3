//! Sentences of a lesson, with names and numbers in the font of data and a status as a pill.

use crate::aggregate::Status;
use crate::lesson::{Part, Sentence};
use crate::ui::theme::{self, Palette};
use egui::text::LayoutJob;
use egui::{Color32, FontId, TextFormat};

pub fn plain(color: Color32) -> TextFormat {
    TextFormat::simple(FontId::proportional(theme::BODY), color)
}

pub fn strong(color: Color32) -> TextFormat {
    TextFormat::simple(theme::strong(theme::BODY), color)
}

pub fn code(color: Color32) -> TextFormat {
    TextFormat::simple(theme::mono(theme::SMALL), color)
}

/// Adds the sentence to the text.
pub fn append(job: &mut LayoutJob, p: &Palette, sentence: &Sentence, color: Color32) {
    for part in &sentence.0 {
        match part {
            Part::Text(text) => job.append(text, 0.0, plain(color)),
            Part::Code(text) => job.append(text, 0.0, code(p.text)),
            Part::Status(status) => job.append(&format!(" {} ", status.label), 0.0, pill(p, status)),
            Part::Stale(text) => job.append(&format!(" {text}"), 0.0, plain(p.amber)),
        }
    }
}

pub fn sentence(p: &Palette, sentence: &Sentence, color: Color32) -> LayoutJob {
    let mut job = LayoutJob::default();
    append(&mut job, p, sentence, color);
    job
}

fn pill(p: &Palette, status: &Status) -> TextFormat {
    let (color, background) = p.tone(status.tone);
    TextFormat { background, ..TextFormat::simple(FontId::proportional(theme::SMALL), color) }
}
