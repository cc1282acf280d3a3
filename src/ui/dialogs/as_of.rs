//! A moment is typed, at which the window then stands.

use crate::app::{App, Intent, TimeIntent, ViewIntent};
use crate::record::{Created, json, moment};
use crate::sentences::not_there_yet;
use crate::ui::theme;
use egui::{Button, Key, Label, Margin, RichText, Role, Ui, WidgetInfo};
use jiff::tz::TimeZone;

/// What is typed, and why it is no moment.
#[derive(Default)]
pub struct Form {
    text: String,
    fault: Option<String>,
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
            self.fault = None;
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
        let found = moment::moment(&self.text, now, &TimeZone::system());
        self.fault = match found {
            Some(at) if at > now => Some(not_there_yet(at)),
            Some(_) => None,
            None => {
                let typed = json::one_line(self.text.trim().as_bytes(), 60);
                Some(format!(
                    "“{typed}” is no moment. Write one like yesterday 12:00, 18:55, 2 h ago or 2026-03-01 14:00."
                ))
            }
        };
        found.filter(|_| self.fault.is_none())
    }
}
