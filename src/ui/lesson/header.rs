//! Above the stage: the lesson's stream, and the ways out of it.

use crate::app::{Action, Chord, Intent, LessonIntent};
use crate::lesson::{Outcome, Run, Shown};
use crate::record::{StreamName, json};
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::is_low;
use egui::{Align, Label, Layout, RichText, Ui};

pub fn header_ui(ui: &mut Ui, p: &Palette, run: &Run, out: &mut Vec<Intent>) {
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let open = ui.button(Action::LessonStream.name());
        let key = Action::LessonStream.entry().chord.map_or_else(String::new, Chord::text);
        let hint = format!("Leaves the lesson and stands on its stream in the ordinary window ({key})");
        if open.on_hover_text(hint).clicked() {
            out.extend(Action::LessonStream.intent());
        }
        let again = ui.button("Start again");
        if again.on_hover_text("From the first step, on a new stream").clicked() {
            out.push(Intent::Lesson(LessonIntent::StartAgain));
        }
        let outcome = run.outcome();
        let stream = outcome.map(|outcome| &outcome.stream).or(run.streams().first());
        let layout = if is_low(ui.ctx()) {
            Layout::left_to_right(Align::Center)
        } else {
            Layout::top_down(Align::Min)
        };
        ui.with_layout(layout, |ui| {
            ui.spacing_mut().item_spacing.y = 2.0;
            name_ui(ui, p, stream);
            let said = outcome.map_or_else(|| "not written yet".to_owned(), |outcome| about(outcome));
            ui.add(Label::new(RichText::new(said).color(p.dim)).truncate());
        });
    });
}

fn name_ui(ui: &mut Ui, p: &Palette, stream: Option<&StreamName>) {
    let name = stream.map_or("", StreamName::as_str);
    let text = RichText::new(json::safe(name)).font(theme::mono(theme::TITLE)).color(p.text);
    ui.add(Label::new(text).truncate());
}

fn about(outcome: &Outcome) -> String {
    let revisions = || outcome.lines.iter().filter_map(|line| line.revision);
    let events = format::plural(revisions().count() as u64, "event");
    let range = match (revisions().next(), revisions().next_back()) {
        (Some(first), Some(last)) if first == last => format!(" · revision {first}"),
        (Some(first), Some(last)) => format!(" · revisions {first}–{last}"),
        _ => String::new(),
    };
    let how = match outcome.shown {
        Shown::Writers => " · each writer holds what it has read",
        Shown::Window(_) => " · the state is folded from these events",
        Shown::Projection(_) => " · a projection follows it by itself",
        Shown::Folds(_) => " · the same events in two folds",
    };
    format!("{events}{range}{how}")
}
