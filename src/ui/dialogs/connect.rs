//! Which database: a connection string, tried before it is used; or one that was used before.

use super::connect_form::Form;
use crate::app::{App, ConnectionIntent, Intent};
use crate::record::json;
use crate::store::Target;
use crate::ui::theme;
use egui::{Button, RichText, Ui};

/// Longest connection string that is shown, in characters.
const MOST_CHARS: usize = 70;

pub fn connect_ui(ui: &mut Ui, app: &App, form: &mut Form, fresh: bool, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    if fresh {
        form.begin_with(match app.target() {
            Target::Server(string) => string.to_string(),
            Target::Sandbox | Target::File(_) => String::new(),
        });
    }
    form.show(ui, app, RichText::new("Connect").heading(), fresh, out);
    let kept = "A password stays in memory, or in the keyring on request; it is not shown again or logged.";
    ui.add(egui::Label::new(RichText::new(kept).size(theme::SMALL).color(p.dim)).wrap());
    if !app.settings().recent.is_empty() {
        ui.label(RichText::new("Used before").font(theme::strong(theme::BODY)));
        for recent in &app.settings().recent {
            let url = json::one_line(recent.url.as_bytes(), MOST_CHARS);
            let hint = format!("{url}\nPuts it into the field; add user and password");
            let text = RichText::new(url).font(theme::mono(theme::SMALL));
            let button = ui.add(Button::new(text).frame(false).truncate());
            if button.on_hover_text(hint).clicked() {
                form.replace(recent.url.clone(), out);
            }
        }
    }
    ui.separator();
    if ui.button("Use the sandbox").on_hover_text("The node inside this program").clicked() {
        out.push(Intent::Connection(ConnectionIntent::Connect(Target::Sandbox)));
    }
}
