//! The lessons: those that are built in and those of files, one of which is started.

use super::chooser::{Choice, Chooser};
use crate::app::{App, Intent, LessonIntent, Lessons, ViewIntent};
use crate::lesson::Lesson;
use crate::record::json;
use crate::store::Target;
use crate::ui::connection_text;
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::title;
use egui::{Button, Event, Label, RichText, ScrollArea, Ui};

/// Height of the list at most, and of what is wrong in files.
const HEIGHT: f32 = 260.0;
const FAULTS: f32 = 84.0;

#[derive(Default)]
pub struct Picker {
    chooser: Chooser,
    found: Vec<Choice>,
    /// The text and the reading of the files that they were found for.
    found_for: Option<(String, u64)>,
}

impl Picker {
    pub fn show(
        &mut self,
        ui: &mut Ui,
        app: &App,
        fresh: bool,
        later: &mut Vec<Event>,
        out: &mut Vec<Intent>,
    ) {
        let p = theme::palette(ui);
        title(ui, "Lessons");
        let said = "Each is a story told by real events, step by step, forwards and backwards.";
        ui.add(Label::new(RichText::new(said).color(p.dim)).wrap());
        let is_elsewhere = *app.target() != Target::Sandbox;
        if is_elsewhere {
            let said = format!(
                "Lessons write into the sandbox only, and this window is on {}. Starting one connects to the sandbox; leaving it brings you back.",
                connection_text::name(app)
            );
            ui.add(Label::new(RichText::new(said).color(p.amber)).wrap());
        }
        ui.add_space(4.0);
        self.chooser.field_ui(ui, "Lesson", "Lesson, by number or word", fresh, later);
        let key = (self.chooser.text().to_owned(), app.lessons().generation());
        if fresh || self.found_for.as_ref() != Some(&key) {
            self.found = choices(app.lessons(), self.chooser.text());
            self.found_for = Some(key);
        }
        let height = HEIGHT.min(ui.ctx().content_rect().height() - 330.0);
        let mut taken = self.chooser.list_ui(ui, height, &self.found);
        if self.found.is_empty() {
            ui.label(RichText::new("No lesson has this word.").color(p.dim));
        }
        ui.add_space(6.0);
        files_ui(ui, p, app.lessons(), out);
        ui.add_space(8.0);
        ui.horizontal_wrapped(|ui| {
            let name = if is_elsewhere { "Connect to the sandbox and start" } else { "Start" };
            let start = Button::new(RichText::new(name).color(p.on_accent)).fill(p.accent);
            let start = ui.add_enabled(!self.found.is_empty(), start).on_hover_text("Enter");
            if start.clicked() {
                taken = Some(self.chooser.chosen());
            }
            if ui.button("Cancel").clicked() {
                out.push(Intent::View(ViewIntent::CloseDialog));
            }
        });
        if let Some(choice) = taken.and_then(|place| self.found.get(place)) {
            out.extend(choice.intents.iter().cloned());
        }
    }
}

fn choices(lessons: &Lessons, text: &str) -> Vec<Choice> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    let numbered = lessons.offered().enumerate();
    let choice = |(place, lesson): (usize, &std::sync::Arc<Lesson>)| {
        let name = format!("{}  {}", place + 1, lesson.title);
        let about = &lesson.about;
        let low = format!("{name} {about}").to_lowercase();
        words.iter().all(|word| low.contains(word)).then(|| {
            let intents = vec![Intent::Lesson(LessonIntent::Start(place))];
            let aside = format::plural(lesson.steps.len() as u64, "step");
            Choice {
                aside,
                current: lessons.place() == Some(place),
                ..Choice::new(name, about.as_str(), intents)
            }
        })
    };
    numbered.filter_map(choice).collect()
}

/// Where lessons of one's own are, and what is wrong with them.
fn files_ui(ui: &mut Ui, p: &Palette, lessons: &Lessons, out: &mut Vec<Intent>) {
    let folder = lessons.folder().display().to_string();
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        let said = format!("Your own: .json files in {}", json::safe(&folder));
        ui.add(Label::new(RichText::new(said).size(theme::SMALL).color(p.dim)).wrap());
        if ui.link(RichText::new("Copy the path").size(theme::SMALL)).clicked() {
            out.push(Intent::View(ViewIntent::Copy(folder.clone())));
        }
    });
    if lessons.faults().next().is_none() {
        return;
    }
    ScrollArea::vertical().id_salt("lesson-faults").max_height(FAULTS).show(ui, |ui| {
        for fault in lessons.faults() {
            let fault = fault.to_string();
            ui.add(Label::new(RichText::new(fault).size(theme::SMALL).color(p.red)).wrap());
        }
    });
}
