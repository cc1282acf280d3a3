//! At the left: what the lesson is about, its steps, and a thing to try.

use super::text;
use crate::app::{App, Intent, LessonIntent};
use crate::lesson::Run;
use crate::record::json;
use crate::ui::icon::{self, Icon};
use crate::ui::theme::{self, Palette};
use egui::text::LayoutJob;
use egui::{
    Align, Color32, FontId, Frame, Label, Margin, Panel, Rect, RichText, Role, ScrollArea, Sense, TextFormat,
    Ui, WidgetInfo, pos2, vec2,
};

const SIDE: i8 = 14;
/// Room of the sign before a step.
const SIGN: f32 = 16.0;

pub fn steps_ui(ui: &mut Ui, p: &Palette, app: &App, run: &Run, brings: bool, out: &mut Vec<Intent>) {
    ui.take_available_width();
    let frame = Frame::new().fill(p.panel).inner_margin(Margin::symmetric(SIDE, 8));
    Panel::bottom("lesson-foot").frame(frame).show(ui, |ui| foot_ui(ui, p, app, run));
    ScrollArea::vertical().id_salt("lesson-steps").auto_shrink(false).show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        said_ui(ui, run.lesson().title.as_str(), run.about(), (p.text, p.dim));
        let mut shown = Rect::NOTHING;
        for step in 0..run.steps().len() {
            let rect = step_ui(ui, p, run, step, out);
            if step == run.at() {
                shown = rect;
            }
        }
        ui.add_space(4.0);
        // Behind the last step it is what comes next.
        let colors = if run.is_last() { (p.accent, p.text) } else { (p.text, p.dim) };
        let try_it = said_ui(ui, "Try it", run.try_it(), colors);
        if brings && run.is_last() {
            ui.scroll_to_rect(shown.union(try_it), Some(Align::BOTTOM));
        } else if brings {
            ui.scroll_to_rect(shown, None);
        }
    });
}

/// A heading and what it says.
fn said_ui(ui: &mut Ui, title: &str, said: &str, (strong, plain): (Color32, Color32)) -> Rect {
    let shown = Frame::new().inner_margin(Margin::symmetric(SIDE, 12)).show(ui, |ui| {
        ui.add(Label::new(RichText::new(title).font(theme::strong(theme::BODY)).color(strong)).wrap());
        ui.add_space(4.0);
        ui.add(Label::new(RichText::new(said).color(plain)).wrap());
    });
    shown.response.rect
}

/// A step; the one that is shown has its text under it.
fn step_ui(ui: &mut Ui, p: &Palette, run: &Run, step: usize, out: &mut Vec<Intent>) -> Rect {
    let Some(texts) = run.steps().get(step) else { return Rect::NOTHING };
    let (on, done) = (step == run.at(), step < run.done());
    let background = ui.painter().add(egui::Shape::Noop);
    let shown = Frame::new().inner_margin(Margin::symmetric(SIDE, 9)).show(ui, |ui| {
        ui.set_width(ui.available_width());
        title_ui(ui, p, &texts.title, (on, done));
        if on {
            ui.spacing_mut().item_spacing.y = 4.0;
            ui.add_space(4.0);
            for line in &texts.lines {
                ui.add(Label::new(RichText::new(line).color(p.text)).wrap().selectable(false));
            }
        }
    });
    let rect = shown.response.rect;
    let response = ui.interact(rect, ui.scope_id().with(("step", step)), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &texts.title));
    let fill = if on {
        p.accent_bg
    } else if response.hovered() || response.has_focus() {
        p.raise
    } else {
        Color32::TRANSPARENT
    };
    ui.painter().set(background, egui::Shape::rect_filled(rect, 0.0, fill));
    if on || response.has_focus() {
        ui.painter().rect_filled(
            Rect::from_min_max(rect.min, pos2(rect.left() + 2.0, rect.bottom())),
            0.0,
            p.accent,
        );
    }
    if response.clicked() {
        out.push(Intent::Lesson(LessonIntent::GoTo(step)));
    }
    rect
}

fn title_ui(ui: &mut Ui, p: &Palette, title: &str, (on, done): (bool, bool)) {
    let color = if on { p.text } else { p.dim };
    let sign = if done && !on { SIGN } else { 0.0 };
    let mut job = LayoutJob::simple(
        title.to_owned(),
        if on { theme::strong(theme::BODY) } else { FontId::proportional(theme::BODY) },
        color,
        (ui.available_width() - sign).max(40.0),
    );
    job.break_on_newline = true;
    let galley = ui.painter().layout_job(job);
    let size = vec2(ui.available_width(), galley.size().y);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    if sign > 0.0 {
        let square = Rect::from_center_size(rect.left_top() + vec2(5.0, 8.0), vec2(10.0, 10.0));
        icon::paint(ui.painter(), square, Icon::Check, p.green);
    }
    ui.painter().galley(rect.min + vec2(sign, 0.0), galley, color);
}

fn foot_ui(ui: &mut Ui, p: &Palette, app: &App, run: &Run) {
    let small = TextFormat::simple(FontId::proportional(theme::SMALL), p.dim);
    let mut job = LayoutJob::default();
    let number = match app.lessons().place() {
        Some(place) => format!("Lesson {} of {}", place + 1, app.lessons().offered().count()),
        None => "Lesson".to_owned(),
    };
    job.append(&format!("{number} · real events in the sandbox, stream "), 0.0, small);
    if let Some(stream) = run.streams().first() {
        job.append(&json::safe(stream.as_str()), 0.0, text::code(p.dim));
    }
    ui.add(Label::new(job).wrap());
}
