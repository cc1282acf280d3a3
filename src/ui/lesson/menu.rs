//! In the top line: which lesson runs, another one, and the way out.

use crate::app::{Action, App, Intent, LessonIntent};
use crate::ui::icon::{Icon, icon};
use crate::ui::theme;
use crate::ui::widgets::{is_narrow, named};
use egui::containers::menu::MenuButton;
use egui::{Button, Role, Ui};

pub fn lesson_menu_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let Some(run) = app.lessons().run() else { return };
    let p = theme::palette(ui);
    let whole = format!("Lesson: {}", run.lesson().title);
    ui.scope(|ui| {
        ui.set_max_width(if is_narrow(ui.ctx()) { 190.0 } else { 340.0 });
        let button = Button::new((whole.as_str(), icon(Icon::Down, 8.0, Some(p.dim)))).truncate();
        let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
            for (place, lesson) in app.lessons().offered().enumerate() {
                let on = app.lessons().place() == Some(place);
                if ui.selectable_label(on, format!("{}  {}", place + 1, lesson.title)).clicked() {
                    out.push(Intent::Lesson(LessonIntent::Start(place)));
                    ui.close();
                }
            }
            ui.separator();
            if ui.button(format!("{}…", Action::Lessons.name())).clicked() {
                out.extend(Action::Lessons.intent());
                ui.close();
            }
            if ui.button("Leave the lesson").clicked() {
                out.push(Intent::Lesson(LessonIntent::Leave));
                ui.close();
            }
        });
        named(&response, Role::Button, "Lesson");
        response.on_hover_text(&whole);
    });
}
