//! One row of a payload: its colours, what was found in it, and the button that folds it.

use crate::record::payload_text::{RowTokens, Token};
use crate::ui::icon::{self, Icon};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::named;
use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, Rect, Role, Sense, Ui, Vec2};
use std::ops::Range;

pub struct RowText {
    pub text: String,
    pub tokens: Option<RowTokens>,
}

impl RowText {
    /// Where the colour changes next, and the colour until there.
    fn color(&self, at: usize, p: &Palette) -> (usize, Color32) {
        let Some(RowTokens { key, value, token }) = &self.tokens else { return (self.text.len(), p.text) };
        let color = match token {
            Token::Text => p.green,
            Token::Number => p.types[3],
            Token::Word => p.amber,
            Token::Sign => p.text,
        };
        for (part, color) in [(key, p.accent), (value, color)] {
            if at < part.start {
                return (part.start, p.text);
            }
            if at < part.end {
                return (part.end, color);
            }
        }
        (self.text.len(), p.text)
    }

    fn append(&self, job: &mut LayoutJob, part: Range<usize>, p: &Palette) {
        let mut at = part.start;
        while at < part.end {
            let (end, color) = self.color(at, p);
            let end = end.clamp(at + 1, part.end);
            let format = TextFormat { font_id: theme::mono(theme::SMALL), color, ..TextFormat::default() };
            job.append(self.text.get(at..end).unwrap_or_default(), 0.0, format);
            at = end;
        }
    }
}

/// The text of a row in its colours, with what was found in it marked.
pub fn row_job(
    row: &RowText,
    p: &Palette,
    marks: impl Iterator<Item = (Range<usize>, Color32, Color32)>,
) -> LayoutJob {
    let mut job = LayoutJob::default();
    let mut done = 0;
    for (mark, background, color) in marks {
        row.append(&mut job, done..mark.start, p);
        let font_id = theme::mono(theme::SMALL);
        let marked = TextFormat { font_id, background, color, ..TextFormat::default() };
        job.append(row.text.get(mark.clone()).unwrap_or_default(), 0.0, marked);
        done = mark.end;
    }
    row.append(&mut job, done..row.text.len(), p);
    job
}

/// The button that folds or unfolds what the row begins; answers whether it was pressed.
pub fn fold_ui(ui: &Ui, p: &Palette, slot: Rect, row: &RowText, is_folded: bool) -> bool {
    let (sign, verb) = if is_folded { (Icon::Forward, "Unfold") } else { (Icon::Down, "Fold") };
    let response = ui.interact(slot, ui.scope_id().with("fold"), Sense::click());
    let name = row.tokens.as_ref().and_then(|tokens| row.text.get(tokens.key.clone()));
    let name = name.filter(|name| !name.is_empty()).unwrap_or("value");
    named(&response, Role::Button, &format!("{verb} {}", name.trim_matches('"')));
    let color = if response.hovered() || response.has_focus() { p.text } else { p.dim };
    icon::paint(ui.painter(), Rect::from_center_size(slot.center(), Vec2::splat(7.0)), sign, color);
    response.clicked()
}
