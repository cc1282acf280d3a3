//! Below: the way through the lesson, where it stands, and what the step did.

use super::text;
use crate::app::{Action, Intent, LessonIntent};
use crate::lesson::Run;
use crate::record::json;
use crate::sentences::lesson_failure;
use crate::ui::icon::{Icon, icon};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{key, named};
use egui::text::LayoutJob;
use egui::{
    Align, Button, Label, Layout, Pos2, Rect, RichText, Role, Sense, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2,
};

/// Width beside which the keys are told.
const HINTED: f32 = 640.0;
/// From the track's ends to the first and the last dot.
const END: f32 = 8.0;

pub fn bottom_ui(ui: &mut Ui, p: &Palette, run: &Run, out: &mut Vec<Intent>) {
    ui.horizontal(|ui| {
        buttons_ui(ui, p, run, out);
        ui.add_space(6.0);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui.available_width() > HINTED {
                hints_ui(ui, p);
                ui.add_space(6.0);
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| where_ui(ui, p, run, out));
        });
    });
    track_ui(ui, p, run, out);
}

fn buttons_ui(ui: &mut Ui, p: &Palette, run: &Run, out: &mut Vec<Intent>) {
    let first = (run.at() == 0).then_some("This is the first step");
    let last = run.is_last().then_some("This is the last step");
    for (name, sign, why_not, intent) in [
        ("First step", Icon::Oldest, first, LessonIntent::First),
        ("Previous step", Icon::Back, first, LessonIntent::Back),
        ("Next step", Icon::Play, last, LessonIntent::Next),
        ("Last step", Icon::Newest, last, LessonIntent::Last),
    ] {
        let button = if sign == Icon::Play {
            let text = RichText::new(name).font(theme::strong(theme::BODY)).color(p.on_accent);
            let button = Button::new((icon(sign, 11.0, Some(p.on_accent)), text));
            button.fill(p.accent).min_size(Vec2::new(104.0, 30.0))
        } else {
            Button::new(icon(sign, 12.0, None)).min_size(Vec2::new(38.0, 30.0))
        };
        let response = ui.add_enabled(why_not.is_none(), button);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, why_not.is_none(), name));
        if response.clicked() {
            out.push(Intent::Lesson(intent));
        }
        match why_not {
            Some(why) => response.on_disabled_hover_text(why),
            None => response.on_hover_text(name),
        };
    }
}

/// Right to left.
fn hints_ui(ui: &mut Ui, p: &Palette) {
    for (what, actions) in [
        ("leave the lesson", &[Action::Close][..]),
        ("open the stream", &[Action::LessonStream]),
        ("step", &[Action::StepForward, Action::StepBack]),
    ] {
        ui.label(RichText::new(what).size(theme::SMALL).color(p.dim));
        for chord in actions.iter().filter_map(|action| action.entry().chord) {
            key(ui, &chord.text());
        }
    }
}

/// The place in the lesson, and what the step did or why it is not done.
fn where_ui(ui: &mut Ui, p: &Palette, run: &Run, out: &mut Vec<Intent>) {
    let at = format!("step {} of {}", run.at() + 1, run.steps().len());
    ui.label(RichText::new(at).font(theme::mono(theme::SMALL)).color(p.text));
    if let Some(failure) = run.failure() {
        let why = json::safe(&lesson_failure(failure)).into_owned();
        if ui.button("Try again").on_hover_text("Goes on where it stopped; nothing is done twice").clicked() {
            out.push(Intent::Lesson(LessonIntent::Retry));
        }
        ui.add(Label::new(RichText::new(&why).color(p.red)).truncate());
        return;
    }
    let Some(outcome) = run.outcome() else {
        ui.label(RichText::new("doing this step…").color(p.dim));
        return;
    };
    let mut job = LayoutJob::default();
    for (place, note) in outcome.notes.iter().enumerate() {
        if place > 0 {
            job.append(" ", 0.0, text::plain(p.dim));
        }
        text::append(&mut job, p, note, p.dim);
    }
    if !job.is_empty() {
        ui.add(Label::new(job).truncate());
    }
}

/// A dot for each step: those behind in colour, the one that is shown large.
fn track_ui(ui: &mut Ui, p: &Palette, run: &Run, out: &mut Vec<Intent>) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 22.0), Sense::hover());
    let count = run.steps().len();
    let y = rect.center().y;
    #[expect(clippy::cast_precision_loss, reason = "a few steps")]
    let dot = |step: usize| -> Pos2 {
        let part = step as f32 / (count.max(2) - 1) as f32;
        pos2(rect.left() + END + part * (rect.width() - 2.0 * END), y)
    };
    let here = dot(run.at());
    ui.painter().hline(rect.x_range(), y, Stroke::new(2.0, p.line));
    ui.painter().hline(rect.left()..=here.x, y, Stroke::new(2.0, p.accent));
    for step in 0..count {
        let at = dot(step);
        let area = Rect::from_center_size(at, vec2(20.0, 22.0));
        // The list of steps has the focus for the same.
        let response = ui.interact(area, ui.scope_id().with(("dot", step)), Sense::CLICK);
        named(&response, Role::Button, &format!("Go to step {}", step + 1));
        let (color, radius) = match step.cmp(&run.at()) {
            std::cmp::Ordering::Less => (p.accent, 4.0),
            std::cmp::Ordering::Equal => (p.accent, 6.0),
            std::cmp::Ordering::Greater if step < run.done() => (p.dim, 4.0),
            std::cmp::Ordering::Greater => (p.line, 4.0),
        };
        let radius = if response.hovered() { 6.0 } else { radius };
        ui.painter().circle_filled(at, radius, color);
        let title = run.steps().get(step).map_or("", |step| &step.title);
        if response.on_hover_text(title).clicked() {
            out.push(Intent::Lesson(LessonIntent::GoTo(step)));
        }
    }
}
