//! The password of a login that has none, or whose password is no longer accepted.

use crate::app::{App, ConnectionIntent, Fetch, Intent, Password, ViewIntent};
use crate::record::json;
use crate::sentences;
use crate::store::{ConnectionString, Denial};
use crate::ui::failure::failure;
use crate::ui::theme;
use crate::ui::widgets::title;
use egui::{Button, RichText, Role, Ui, WidgetInfo};

/// What is typed, and whether it is to be kept.
#[derive(Default)]
pub struct Form {
    password: String,
    keep: bool,
}

impl Form {
    pub fn show(
        &mut self,
        ui: &mut Ui,
        app: &App,
        (string, refused): (&ConnectionString, Option<&Denial>),
        fresh: bool,
        out: &mut Vec<Intent>,
    ) {
        let p = theme::palette(ui);
        if fresh {
            // One that was in the keyring is replaced there.
            *self = Self { password: String::new(), keep: app.is_in_keyring(string) };
        }
        title(ui, "Log in");
        if let Some(denial) = refused {
            let why = json::safe(&sentences::denial(denial)).into_owned();
            ui.add(egui::Label::new(RichText::new(why).color(p.red)).wrap());
        }
        let user = string.user().unwrap_or_default();
        let who = format!("{} at {}", json::safe(&user), json::safe(&string.hosts()));
        ui.label(RichText::new(who).font(theme::mono(theme::SMALL)));
        let edit = egui::TextEdit::singleline(&mut self.password)
            .password(true)
            .hint_text("Password")
            .margin(egui::Margin::symmetric(10, 7))
            .desired_width(f32::INFINITY);
        let field = ui.add(edit);
        field.widget_info(|| WidgetInfo::labeled(Role::PasswordInput, true, "Password"));
        if fresh {
            field.request_focus();
        }
        let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        let no_keyring = match app.keyring().state() {
            Fetch::Failed(why) => Some(failure(why)),
            Fetch::Idle | Fetch::Pending | Fetch::Ready(_) => None,
        };
        ui.add_enabled(no_keyring.is_none(), egui::Checkbox::new(&mut self.keep, "Keep in the keyring"));
        let said = no_keyring.clone().unwrap_or_else(|| {
            "Kept in memory until the window is closed; in the keyring of this system on request.".to_owned()
        });
        ui.add(egui::Label::new(RichText::new(said).size(theme::SMALL).color(p.dim)).wrap());
        ui.horizontal(|ui| {
            let primary = Button::new(RichText::new("Log in").color(p.on_accent)).fill(p.accent);
            if ui.add(primary).clicked() || entered {
                let password = Password::from(std::mem::take(&mut self.password));
                let keep = self.keep && no_keyring.is_none();
                out.push(Intent::Connection(ConnectionIntent::LogIn { password, keep }));
            }
            if ui.button("Cancel").clicked() {
                out.push(Intent::View(ViewIntent::CloseDialog));
            }
            if app.keyring().is_pending() {
                ui.spinner();
                ui.label(RichText::new("Looking in the keyring…").size(theme::SMALL).color(p.dim));
            }
        });
    }
}
