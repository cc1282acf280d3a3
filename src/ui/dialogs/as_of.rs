//! A moment is typed, at which the window then stands.

use crate::app::{App, Intent, TimeIntent, ViewIntent};
use crate::record::{Created, Moment, json, moment};
use crate::sentences::not_there_yet;
use crate::ui::theme;
use egui::{Button, Key, Label, Margin, RichText, Role, Ui, WidgetInfo};
use jiff::tz::TimeZone;

/// What is typed, and why it is no moment.
#[derive(Default)]
pub struct Form {
    text: String,
    fault: Option<String>,
    /// What it can mean, where that is not one moment.
    meanings: Vec<Moment>,
}

impl Form {
    pub fn show(&mut self, ui: &mut Ui, app: &App, fresh: bool, out: &mut Vec<Intent>) {
        let p = theme::palette(ui);
        if fresh {
            *self = Self::default();
        }
        let edit = egui::TextEdit::singleline(&mut self.text)
            .hint_text(RichText::new("yesterday 12:00, 2 h ago, 2026-03-01 14:00…").color(p.faint))
            .margin(Margin::symmetric(10, 7))
            .desired_width(f32::INFINITY);
        let field = ui.add(edit);
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "As of"));
        let entered = field.lost_focus() && ui.input(|input| input.key_pressed(Key::Enter));
        if fresh || entered {
            field.request_focus();
        }
        if field.changed() {
            (self.fault, self.meanings) = (None, Vec::new());
        }
        for meaning in &self.meanings {
            if ui.button(&meaning.about).on_hover_text(&meaning.note).clicked() {
                out.push(Intent::Time(TimeIntent::AsOf(Some(meaning.at))));
            }
        }
        if let Some(fault) = &self.fault {
            ui.add(Label::new(RichText::new(fault).color(p.red)).wrap());
        }
        ui.add_space(6.0);
        ui.horizontal_wrapped(|ui| {
            let primary = Button::new(RichText::new("Show").color(p.on_accent)).fill(p.accent);
            let show = ui.add(primary).on_hover_text("The list as it was then");
            let changes = ui.button("What changed since").on_hover_text("Stream by stream, and by field");
            if show.clicked() || entered {
                out.extend(self.moment().map(|at| Intent::Time(TimeIntent::AsOf(Some(at)))));
            } else if changes.clicked() {
                let to = app.past().shown();
                out.extend(self.moment().map(|from| Intent::Time(TimeIntent::Changes { from, to })));
            }
            if ui.button("Cancel").clicked() {
                out.push(Intent::View(ViewIntent::CloseDialog));
            }
        });
    }

    /// The moment that is typed; else it is said why there is none.
    fn moment(&mut self) -> Option<Created> {
        let now = Created::now();
        let found = match moment(&self.text, now, &TimeZone::system()) {
            Ok(found) => found,
            Err(why) => {
                self.fault = Some(json::safe(&why.to_string()).into_owned());
                return None;
            }
        };
        if let [meaning] = &found[..] {
            self.fault = (meaning.at > now).then(|| not_there_yet(meaning.at));
            return Some(meaning.at).filter(|_| self.fault.is_none());
        }
        self.fault = Some("It can mean more than one moment. Take one of them.".to_owned());
        self.meanings = found;
        None
    }
}
