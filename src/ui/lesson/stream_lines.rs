//! The events of a stream one under the other, and what was never written.

use super::cards::{dashed_ui, framed_ui};
use super::text;
use crate::history::Mark;
use crate::lesson::StreamLine;
use crate::record::json;
use crate::ui::icon::{self, Icon};
use crate::ui::theme::{self, Palette};
use egui::text::LayoutJob;
use egui::{Label, RichText, Sense, Ui, vec2};

/// Height of a line of text, so that signs stand in its middle.
const LINE: f32 = 18.0;

pub fn lines_ui(ui: &mut Ui, p: &Palette, lines: &[StreamLine], brings: bool) {
    if lines.is_empty() {
        ui.add(Label::new(RichText::new("No event yet").color(p.faint)).wrap());
    }
    for line in lines {
        let rect = if line.revision.is_some() {
            framed_ui(ui, p, line.is_new, |ui| line_ui(ui, p, line))
        } else {
            dashed_ui(ui, p.red, |ui| never_written_ui(ui, p, line))
        };
        if line.is_new && brings {
            ui.scroll_to_rect(rect, None);
        }
    }
}

fn line_ui(ui: &mut Ui, p: &Palette, line: &StreamLine) {
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 2.0);
        ui.spacing_mut().interact_size.y = LINE;
        if let Some(revision) = line.revision {
            ui.label(RichText::new(revision.to_string()).font(theme::mono(theme::SMALL)).color(p.dim));
        }
        let (dot, _) = ui.allocate_exact_size(vec2(8.0, 8.0), Sense::hover());
        icon::paint(ui.painter(), dot, Icon::Dot, line.tone.map_or(p.faint, |tone| p.tone(tone).0));
        let mut job = LayoutJob::default();
        job.append(&json::safe(&line.event_type), 0.0, text::plain(p.text));
        if let Some(by) = &line.by {
            job.append(&format!(" by {}", json::safe(by)), 0.0, text::plain(p.dim));
        }
        ui.add(Label::new(job).wrap());
    });
    match line.mark {
        Mark::Problem => {
            let why = line.problem.as_deref().unwrap_or_default();
            let said = format!("▲ problem: {}", json::safe(why));
            ui.add(Label::new(RichText::new(said).size(theme::SMALL).color(p.red)).wrap());
        }
        Mark::NotFolded => {
            ui.label(RichText::new("not folded").size(theme::SMALL).color(p.faint));
        }
        Mark::Folded => {}
    }
}

fn never_written_ui(ui: &mut Ui, p: &Palette, line: &StreamLine) {
    let by = line.by.as_ref().map_or_else(String::new, |by| format!(" by {}", json::safe(by)));
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing = vec2(8.0, 2.0);
        ui.spacing_mut().interact_size.y = LINE;
        let (sign, _) = ui.allocate_exact_size(vec2(9.0, 9.0), Sense::hover());
        icon::paint(ui.painter(), sign, Icon::Close, p.red);
        let mut job = LayoutJob::default();
        job.append(&format!("{}{by}", json::safe(&line.event_type)), 0.0, text::plain(p.red));
        job.append(" never written", 0.0, text::plain(p.dim));
        ui.add(Label::new(job).wrap());
    });
}
