//! Cards: what a writer did, framed in colour where it is of this step, faint where it is still to come.

use super::text;
use crate::app::{Intent, LessonIntent};
use crate::lesson::{Card, CardTone, Choice, Expecting};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::chip;
use egui::text::LayoutJob;
use egui::{Color32, CornerRadius, Frame, Label, Margin, Rect, RichText, Shape, Stroke, Ui, WidgetInfo};

const ROUND: CornerRadius = CornerRadius::same(8);
/// Of a border that stands for what is not there.
const DASH: f32 = 4.0;
const GAP: f32 = 3.0;

/// A frame around what happened; the one of this step stands out.
pub fn framed_ui(ui: &mut Ui, p: &Palette, is_new: bool, contents: impl FnOnce(&mut Ui)) -> Rect {
    let frame = Frame::new()
        .fill(p.panel)
        .stroke(Stroke::new(1.0, if is_new { p.accent } else { p.line }))
        .corner_radius(ROUND)
        .inner_margin(margin(ui));
    inside_ui(ui, frame, contents)
}

/// A dashed frame around what is not there.
pub fn dashed_ui(ui: &mut Ui, color: Color32, contents: impl FnOnce(&mut Ui)) -> Rect {
    let margin = margin(ui);
    let rect = inside_ui(ui, Frame::new().inner_margin(margin), contents);
    let border = rect.shrink(0.5);
    let corners = [
        border.left_top(),
        border.right_top(),
        border.right_bottom(),
        border.left_bottom(),
        border.left_top(),
    ];
    ui.painter().extend(Shape::dashed_line(&corners, Stroke::new(1.0, color), DASH, GAP));
    rect
}

fn margin(ui: &Ui) -> Margin {
    if ui.available_width() < 230.0 { Margin::symmetric(9, 8) } else { Margin::symmetric(14, 11) }
}

fn inside_ui(ui: &mut Ui, frame: Frame, contents: impl FnOnce(&mut Ui)) -> Rect {
    let shown = frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 3.0;
        contents(ui);
    });
    ui.add_space(2.0);
    shown.response.rect
}

pub fn card_ui(ui: &mut Ui, p: &Palette, card: &Card, writer: &str, brings: bool, out: &mut Vec<Intent>) {
    let rect = framed_ui(ui, p, card.is_new, |ui| {
        let mut title = LayoutJob::default();
        title.append(card.kind.title(), 0.0, text::strong(p.text));
        if let Some(verdict) = &card.verdict {
            title.append(&format!(" {verdict}"), 0.0, text::strong(tone(p, card.tone)));
        }
        ui.add(Label::new(title).wrap());
        for line in &card.lines {
            ui.add(Label::new(text::sentence(p, line, p.dim)).wrap());
        }
        if let Some(choice) = card.choice {
            choice_ui(ui, p, choice, writer, out);
        }
    });
    if card.is_new && brings {
        ui.scroll_to_rect(rect, None);
    }
}

fn tone(p: &Palette, tone: CardTone) -> Color32 {
    match tone {
        CardTone::Plain => p.dim,
        CardTone::Written => p.green,
        CardTone::Refused => p.red,
        CardTone::Stale | CardTone::Lost => p.amber,
    }
}

/// What the append is to expect; the other answer does the lesson again up to this step.
fn choice_ui(ui: &mut Ui, p: &Palette, choice: Choice, writer: &str, out: &mut Vec<Intent>) {
    ui.add_space(4.0);
    ui.label(RichText::new("Expected revision").size(theme::SMALL).color(p.dim));
    ui.horizontal(|ui| {
        for (expecting, name) in [(Expecting::Decided, "as decided"), (Expecting::Any, "any")] {
            let on = choice.chosen == expecting;
            let response = chip(ui, name, on);
            response.widget_info(|| {
                WidgetInfo::selected(egui::Role::RadioButton, true, on, format!("{writer} expects {name}"))
            });
            let response = response.on_hover_text("Does the lesson again up to this step, on other streams");
            if response.clicked() && !on {
                out.push(Intent::Lesson(LessonIntent::Choose(choice.step, expecting)));
            }
        }
    });
}

/// What comes in the next step.
pub fn coming_ui(ui: &mut Ui, p: &Palette, title: &str) {
    let frame = Frame::new().stroke(Stroke::new(1.0, p.line)).corner_radius(ROUND).inner_margin(margin(ui));
    inside_ui(ui, frame, |ui| {
        ui.label(RichText::new(title).font(theme::strong(theme::BODY)).color(p.faint));
        ui.label(RichText::new("next step").color(p.faint));
    });
}
