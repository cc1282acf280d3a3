//! One row of a payload: its colours, what was found in it, and the button that folds it.

use crate::record::payload_text::{RowTokens, Token};
use crate::ui::format;
use crate::ui::icon::{self, Icon};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::named;
use egui::text::{LayoutJob, TextFormat};
use egui::{Color32, FocusDirection, Key, Modifiers, Rect, Response, Role, Sense, Ui, Vec2, WidgetInfo};
use std::ops::Range;

pub struct RowText {
    pub text: String,
    pub tokens: Option<RowTokens>,
}

impl RowText {
    /// What its value is called: by its name, or else by its line.
    pub fn name(&self, number: usize) -> String {
        let name = self.tokens.as_ref().and_then(|tokens| self.text.get(tokens.key.clone()));
        match name.filter(|name| !name.is_empty()) {
            Some(name) => name.trim_matches('"').to_owned(),
            None => format!("line {}", format::count(number as u64 + 1)),
        }
    }

    /// Where the colour changes next, and the colour until there.
    fn color(&self, at: usize, p: &Palette) -> (usize, Color32) {
        let Some(RowTokens { key, value, token }) = &self.tokens else { return (self.text.len(), p.text) };
        let color = match token {
            Token::Text => p.green,
            Token::Number => p.number(),
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

/// A row as the keyboard sees it.
pub struct Line {
    pub response: Response,
    /// Enter was pressed on it.
    pub is_chosen: bool,
    /// The arrow to the left was pressed, or the one to the right.
    left: bool,
    right: bool,
}

impl Line {
    /// Whether a key asks for the other state of what it begins.
    pub fn folds(&self, is_folded: bool) -> bool {
        if is_folded { self.right } else { self.left }
    }
}

/// The whole row, which can have the focus; the arrows fold and unfold what it begins, and Enter tells its path.
pub fn line_ui(ui: &Ui, row: &RowText, name: &str, folded: Option<bool>) -> Line {
    let response = ui.interact(ui.max_rect(), ui.scope_id().with("line"), Sense::focusable_noninteractive());
    response.widget_info(|| WidgetInfo::labeled(Role::TreeItem, true, name));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_value(row.text.trim_start());
        if let Some(is_folded) = folded {
            node.set_expanded(!is_folded);
        }
    });
    if !response.has_focus() {
        return Line { response, is_chosen: false, left: false, right: false };
    }
    let (is_chosen, left, right) = ui.input_mut(|input| {
        let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
        (pressed(Key::Enter), pressed(Key::ArrowLeft), pressed(Key::ArrowRight))
    });
    if left || right {
        ui.memory_mut(|memory| memory.move_focus(FocusDirection::None));
    }
    Line { response, is_chosen, left, right }
}

/// The button that folds or unfolds what the row begins; answers whether it was pressed.
pub fn fold_ui(ui: &Ui, p: &Palette, slot: Rect, name: &str, is_folded: bool) -> bool {
    let (sign, verb) = if is_folded { (Icon::Forward, "Unfold") } else { (Icon::Down, "Fold") };
    // Tab stops at the row, whose arrows do the same.
    let response = ui.interact(slot, ui.scope_id().with("fold"), Sense::CLICK);
    named(&response, Role::Button, &format!("{verb} {name}"));
    let color = if response.hovered() { p.text } else { p.dim };
    icon::paint(ui.painter(), Rect::from_center_size(slot.center(), Vec2::splat(7.0)), sign, color);
    response.clicked()
}
