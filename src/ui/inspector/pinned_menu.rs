//! What is pinned, and a menu of what else could be.

use crate::app::{Action, AskIntent, Intent, Opened, Pinned};
use crate::record::{Revision, StreamName, json};
use crate::ui::format;
use crate::ui::icon::{Icon, icon};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::named;
use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{Button, Key, PopupCloseBehavior, RichText, Role, TextEdit, Ui, WidgetInfo};

#[derive(Default)]
pub struct PinnedMenu {
    /// What is typed before it means anything.
    text: String,
}

impl PinnedMenu {
    pub fn show(
        &mut self,
        ui: &mut Ui,
        p: &Palette,
        opened: &Opened,
        pinned: &Pinned,
        out: &mut Vec<Intent>,
    ) {
        let text = match pinned {
            Pinned::Revision(revision) => format!("Rev {}", format::count(revision.0)),
            Pinned::Stream(stream) => format!("{} now", json::one_line(stream.as_str().as_bytes(), 80)),
        };
        let whole = text.clone();
        let text = RichText::new(text).size(theme::SMALL).color(p.dim);
        let button = Button::new((text, icon(Icon::Down, 7.0, Some(p.dim)))).frame(false).truncate();
        let open_while_typing = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
        let (response, _) = MenuButton::from_button(button)
            .config(open_while_typing)
            .ui(ui, |ui| self.menu_ui(ui, p, opened, out));
        named(&response, Role::Button, "Pinned revision");
        response.on_hover_text(format!(
            "{whole}\nPin another revision; Shift+click an event or a stream does, too"
        ));
    }

    fn menu_ui(&mut self, ui: &mut Ui, p: &Palette, opened: &Opened, out: &mut Vec<Intent>) {
        let hint = RichText::new("Revision, or a stream of the list").color(p.faint);
        let field = ui.add(TextEdit::singleline(&mut self.text).hint_text(hint).desired_width(210.0));
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Revision or stream to pin"));
        if field.lost_focus()
            && ui.input(|input| input.key_pressed(Key::Enter))
            && !self.text.trim().is_empty()
        {
            out.push(Intent::Ask(AskIntent::Pin(typed(&self.text))));
            self.text.clear();
            ui.close();
        }
        let timeline = opened.timeline();
        let ends = [
            ("Pin the oldest revision", timeline.first_revision()),
            ("Pin the newest revision", timeline.last_revision()),
        ];
        let pin = |revision| Some(Intent::Ask(AskIntent::Pin(Pinned::Revision(revision))));
        let ends = ends.map(|(name, revision)| (name, revision.and_then(pin)));
        let here = [("Pin the playhead's revision", Action::Pin.intent())];
        let none = [(Action::Unpin.name(), Action::Unpin.intent())];
        for (name, intent) in here.into_iter().chain(ends).chain(none) {
            if ui.button(name).clicked() {
                out.extend(intent);
                ui.close();
            }
        }
    }
}

/// `812331`, `812,331` or the name of a stream.
fn typed(text: &str) -> Pinned {
    match text.trim().replace(',', "").parse() {
        Ok(revision) => Pinned::Revision(Revision(revision)),
        Err(_) => Pinned::Stream(StreamName::new(text)),
    }
}
