//! A connection string on one line, with what tries it and what connects, and the lines of the test under it.

use super::connection_test::steps_ui;
use crate::app::{App, ConnectionIntent, Fetch, Intent, ViewIntent};
use crate::record::json;
use crate::sentences;
use crate::store::{Change, ConnectionString, Target};
use crate::ui::failure::failure;
use crate::ui::theme::{self, Palette};
use egui::text::LayoutJob;
use egui::{
    Align, Button, Galley, Key, Label, Layout, Response, RichText, Role, TextBuffer, TextEdit, Ui,
    WidgetInfo, vec2,
};
use std::sync::Arc;

const HINT: &str = "kurrentdb://user:password@host:2113?tls=true";
const NOTHING_TYPED: &str = "Type a connection string first";
/// Of the field and of its buttons.
const HEIGHT: f32 = 30.0;

/// What is typed before it means anything.
#[derive(Default)]
pub struct Form {
    text: String,
    /// The number of the file that was taken into the text.
    taken: u64,
}

impl Form {
    /// Of what was typed and not used before, the password goes too.
    pub fn begin_with(&mut self, text: String) {
        self.text = text;
    }

    /// Another text in the field: what was found of the one before is no longer true.
    pub fn replace(&mut self, text: String, out: &mut Vec<Intent>) {
        self.text = text;
        out.push(Intent::View(ViewIntent::ForgetProbe));
    }

    pub fn show(&mut self, ui: &mut Ui, app: &App, heading: RichText, fresh: bool, out: &mut Vec<Intent>) {
        let p = theme::palette(ui);
        if let Fetch::Ready(Some(path)) = app.file().state()
            && app.file().number() != self.taken
        {
            self.taken = app.file().number();
            self.change(&Change::UseAuthority(path.clone()), out);
        }
        self.head_ui(ui, app, heading, out);
        self.line_ui(ui, app, p, fresh, out);
        for option in ConnectionString::from(self.text.as_str()).left_out() {
            let note = json::safe(&sentences::left_out(&option)).into_owned();
            ui.add(Label::new(RichText::new(note).size(theme::SMALL).color(p.amber)).wrap());
        }
        if let Fetch::Failed(why) = app.file().state() {
            ui.add(Label::new(RichText::new(failure(why)).color(p.red)).wrap());
        }
        if let Some(change) = steps_ui(ui, p, app.probe()) {
            self.change(&change, out);
        }
    }

    fn is_filled(&self) -> bool {
        !self.text.trim().is_empty()
    }

    fn head_ui(&self, ui: &mut Ui, app: &App, heading: RichText, out: &mut Vec<Intent>) {
        ui.horizontal(|ui| {
            ui.label(heading);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let is_free = self.is_filled() && !app.file().is_pending();
                let text = RichText::new("Choose CA file…").size(theme::SMALL);
                let choose = ui.add_enabled(is_free, Button::new(text).frame(false));
                if choose.on_disabled_hover_text(NOTHING_TYPED).clicked() {
                    out.push(Intent::View(ViewIntent::ChooseFile));
                }
                if app.probe().is_running() {
                    ui.spinner();
                }
            });
        });
    }

    /// The field takes the room that the buttons leave.
    fn line_ui(&mut self, ui: &mut Ui, app: &App, p: &Palette, fresh: bool, out: &mut Vec<Intent>) {
        let size = vec2(ui.available_width(), HEIGHT);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            let tall = vec2(0.0, HEIGHT);
            let primary = Button::new(RichText::new("Connect").color(p.on_accent)).fill(p.accent);
            let connect = ui.add_enabled(self.is_filled(), primary.min_size(tall));
            let test = self.is_filled() && !app.probe().is_running();
            let test = ui.add_enabled(test, Button::new("Test").min_size(tall));
            let field = self.field_ui(ui, fresh);
            if field.changed() {
                out.push(Intent::View(ViewIntent::ForgetProbe));
            }
            let entered = field.lost_focus() && ui.input(|i| i.key_pressed(Key::Enter));
            let string = ConnectionString::from(self.text.as_str());
            if connect.on_disabled_hover_text(NOTHING_TYPED).clicked() || (entered && self.is_filled()) {
                // A password that was used is not shown again.
                self.text = string.to_string();
                out.push(Intent::Connection(ConnectionIntent::Connect(Target::Server(string))));
            } else if test.on_hover_text("Connects once, says what it found, changes nothing").clicked() {
                out.push(Intent::View(ViewIntent::Probe(string)));
            }
        });
    }

    fn field_ui(&mut self, ui: &mut Ui, fresh: bool) -> Response {
        let mut layouter = hidden_password;
        let edit = TextEdit::singleline(&mut self.text)
            .hint_text(HINT)
            .font(theme::mono(theme::SMALL))
            .layouter(&mut layouter)
            .margin(egui::Margin::symmetric(10, 7))
            .desired_width(f32::INFINITY);
        let field = ui.add(edit);
        field.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Connection string"));
        if fresh {
            field.request_focus();
        }
        field
    }

    /// Puts the changed string into the field; a file is chosen first.
    fn change(&mut self, change: &Change, out: &mut Vec<Intent>) {
        if *change == Change::ChooseAuthority {
            return out.push(Intent::View(ViewIntent::ChooseFile));
        }
        let changed = change.apply(&self.text.as_str().into());
        self.replace(changed.as_typed().to_owned(), out);
    }
}

/// The text with a dot for each character of its password.
fn hidden_password(ui: &Ui, text: &dyn TextBuffer, _: f32) -> Arc<Galley> {
    let text = text.as_str();
    let hidden = ConnectionString::password_range(text);
    let shown = match hidden {
        Some(range) => {
            let dots = "•".repeat(text[range.clone()].chars().count());
            format!("{}{dots}{}", &text[..range.start], &text[range.end..])
        }
        None => text.to_owned(),
    };
    let job = LayoutJob::simple_singleline(shown, theme::mono(theme::SMALL), theme::palette(ui).text);
    ui.painter().layout_job(job)
}
