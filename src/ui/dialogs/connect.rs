//! Which database: a connection string, tried before it is used.

use super::connection_test::steps_ui;
use crate::app::{App, ConnectionIntent, Fetch, Intent, ViewIntent};
use crate::sentences;
use crate::store::{Change, ConnectionString, Target};
use crate::ui::failure::failure;
use crate::ui::theme;
use crate::ui::widgets::title;
use egui::{Button, RichText, Role, Ui, WidgetInfo};

/// What is typed before it means anything.
#[derive(Default)]
pub struct Form {
    pub text: String,
    /// The number of the file that was taken into the text.
    taken: u64,
}

impl Form {
    pub fn show(&mut self, ui: &mut Ui, app: &App, fresh: bool, out: &mut Vec<Intent>) {
        let p = theme::palette(ui);
        if let Fetch::Ready(Some(path)) = app.file().state()
            && app.file().number() != self.taken
        {
            self.taken = app.file().number();
            self.change(&Change::UseAuthority(path.clone()), out);
        }
        if fresh {
            // Of what was typed and not used before, the password goes too.
            self.text = match app.target() {
                Target::Server(string) => string.to_string(),
                Target::Sandbox => String::new(),
            };
        }
        title(ui, "Connect");
        let edit = egui::TextEdit::singleline(&mut self.text)
            .hint_text("kurrentdb://user:password@host:2113?tls=true")
            .font(theme::mono(theme::SMALL))
            .margin(egui::Margin::symmetric(10, 7))
            .desired_width(f32::INFINITY);
        let field = ui.add(edit);
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Connection string"));
        if fresh {
            field.request_focus();
        }
        let string = ConnectionString::from(self.text.as_str());
        if field.changed() {
            out.push(Intent::View(ViewIntent::ForgetProbe));
        }
        let entered = field.lost_focus() && ui.input(|i| i.key_pressed(egui::Key::Enter));
        ui.label(
            RichText::new("A password is never stored, shown again or logged.")
                .size(theme::SMALL)
                .color(p.dim),
        );
        for option in string.left_out() {
            let note = crate::record::json::safe(&sentences::left_out(&option)).into_owned();
            ui.add(egui::Label::new(RichText::new(note).size(theme::SMALL).color(p.amber)).wrap());
        }
        let filled = !self.text.trim().is_empty();
        ui.horizontal(|ui| {
            let primary = Button::new(RichText::new("Connect").color(p.on_accent)).fill(p.accent);
            let connect =
                ui.add_enabled(filled, primary).on_disabled_hover_text("Type a connection string first");
            if connect.clicked() || (entered && filled) {
                out.push(Intent::Connection(ConnectionIntent::Connect(Target::Server(string.clone()))));
                // A password that was used is not shown again.
                self.text = string.to_string();
            }
            let running = app.probe().is_running();
            let test = ui.add_enabled(filled && !running, Button::new("Test"));
            if test.on_hover_text("Connects once, says what it found, changes nothing").clicked() {
                let string = ConnectionString::from(self.text.as_str());
                out.push(Intent::View(ViewIntent::Probe(string)));
            }
            if ui.add_enabled(!app.file().is_pending(), Button::new("Choose CA file…")).clicked() {
                out.push(Intent::View(ViewIntent::ChooseFile));
            }
            if running {
                ui.spinner();
            }
        });
        if let Fetch::Failed(why) = app.file().state() {
            ui.label(RichText::new(failure(why)).color(p.red));
        }
        if let Some(change) = steps_ui(ui, p, app.probe()) {
            self.change(&change, out);
        }
        if !app.settings().recent.is_empty() {
            ui.label(RichText::new("Used before").font(theme::strong(theme::BODY)));
            for recent in &app.settings().recent {
                let text = RichText::new(&recent.url).font(theme::mono(theme::SMALL));
                if ui
                    .add(Button::new(text).frame(false))
                    .on_hover_text("Puts it into the field; add user and password")
                    .clicked()
                {
                    self.text.clone_from(&recent.url);
                    out.push(Intent::View(ViewIntent::ForgetProbe));
                }
            }
        }
        ui.separator();
        if ui.button("Use the sandbox").on_hover_text("The node inside this program").clicked() {
            out.push(Intent::Connection(ConnectionIntent::Connect(Target::Sandbox)));
        }
    }
    /// Puts the changed string into the field; a file is chosen first.
    fn change(&mut self, change: &Change, out: &mut Vec<Intent>) {
        if *change == Change::ChooseAuthority {
            return out.push(Intent::View(ViewIntent::ChooseFile));
        }
        let changed = change.apply(&self.text.as_str().into());
        changed.as_typed().clone_into(&mut self.text);
        out.push(Intent::View(ViewIntent::ForgetProbe));
    }
}
