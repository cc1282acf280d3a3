//! The name that is typed for a connection, in the place where it will stand.

use crate::app::{App, ConnectionIntent, ConnectionKey, Intent};
use crate::sentences;
use crate::ui::theme;
use egui::{Key, Modifiers, RichText, Role, TextEdit, Ui, WidgetInfo};

const WIDTH: f32 = 150.0;

#[derive(Default)]
pub struct Naming {
    of: Option<ConnectionKey>,
    text: String,
    /// Its field is not drawn yet.
    is_fresh: bool,
    /// Why the name that stands there cannot be kept.
    refused: Option<String>,
}

impl Naming {
    pub fn begin(&mut self, of: ConnectionKey, name: Option<&str>) {
        let text = name.unwrap_or_default().to_owned();
        *self = Self { of: Some(of), text, is_fresh: true, refused: None };
    }

    pub fn is_of(&self, key: &ConnectionKey) -> bool {
        self.of.as_ref() == Some(key)
    }

    /// Enter keeps the name, Escape leaves it as it was and the panel open. A name that cannot be kept stays to be changed.
    pub fn show(&mut self, ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
        let Some(key) = self.of.clone() else { return };
        let edit = TextEdit::singleline(&mut self.text).hint_text("Name").font(theme::strong(theme::BODY));
        let field = ui.add(edit.desired_width(WIDTH));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Name of the connection"));
        if std::mem::take(&mut self.is_fresh) {
            field.request_focus();
        }
        if field.changed() {
            self.refused = None;
        }
        let entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
        let save = ui.button("Save").clicked();
        if let Some(why) = &self.refused {
            ui.label(RichText::new(why).size(theme::SMALL).color(theme::palette(ui).red));
        }
        if save || entered {
            let connections = &app.settings().recent;
            let is_known = connections.find(&key).is_some();
            let takes_name_away = is_known && self.text.trim().is_empty();
            if !takes_name_away && let Err(fault) = connections.free_name(&self.text, &key) {
                self.refused = Some(sentences::connection_fault(&fault));
                return field.request_focus();
            }
            let text = std::mem::take(&mut self.text);
            out.push(Intent::Connection(if is_known {
                ConnectionIntent::Rename(key, text)
            } else {
                ConnectionIntent::SaveAs(key.string(), text)
            }));
            self.of = None;
        } else if ui.input_mut(|i| i.consume_key(Modifiers::NONE, Key::Escape)) {
            self.of = None;
        }
    }
}
