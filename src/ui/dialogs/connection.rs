//! The connection's panel: which database, every node with its role and state, what is wrong, and what can be done.

use super::nodes::nodes_ui;
use crate::app::{Action, App, Intent};
use crate::record::json;
use crate::sentences;
use crate::store::{Connection, Risk, Target};
use crate::ui::connection_text::{self, Place};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::elided;
use egui::{Align, Button, Frame, Label, Layout, Margin, RichText, Ui};

/// Beside its content.
pub const SIDE: i8 = 16;

/// What is told of a connection string, worked out once for each.
#[derive(Default)]
pub struct Panel {
    of: Option<Target>,
    string: String,
    risks: Vec<Risk>,
}

impl Panel {
    pub fn show(&mut self, ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
        self.read(app.target());
        ui.spacing_mut().item_spacing.y = 0.0;
        let p = theme::palette(ui);
        let inside = Frame::new().inner_margin(Margin::symmetric(SIDE, 11));
        inside.show(ui, |ui| self.head_ui(ui, app, p));
        nodes_ui(ui, app);
        inside.show(ui, |ui| {
            ui.spacing_mut().item_spacing.y = 8.0;
            self.notes_ui(ui, app, p);
            actions_ui(ui, app, p, out);
        });
    }

    fn read(&mut self, target: &Target) {
        if self.of.as_ref() == Some(target) {
            return;
        }
        self.of = Some(target.clone());
        (self.string, self.risks) = match target {
            Target::Sandbox => ("the node inside this program".to_owned(), Vec::new()),
            Target::Server(string) => (json::safe(&string.to_string()).into_owned(), string.risks()),
        };
    }

    fn head_ui(&self, ui: &mut Ui, app: &App, p: &Palette) {
        ui.horizontal(|ui| {
            let color = if Place::of(app) == Place::Production { p.red } else { p.text };
            let name =
                RichText::new(connection_text::name(app)).font(theme::strong(theme::BODY)).color(color);
            ui.label(name);
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let string = RichText::new(&self.string).font(theme::mono(theme::SMALL)).color(p.dim);
                ui.add(Label::new(string).truncate());
            });
        });
    }

    /// What is wrong, and what is in force and not safe.
    fn notes_ui(&self, ui: &mut Ui, app: &App, p: &Palette) {
        match app.connection() {
            Connection::Waiting { why, until, .. } => {
                let title = format!("Not connected. Next try in {} s.", connection_text::seconds_to(*until));
                let stale = connection_text::stale(app);
                let shown =
                    stale.map_or_else(String::new, |stale| format!(" What is shown is {}.", stale.as_of()));
                let why = sentences::store_error(why);
                box_ui(ui, p, Some(&title), &format!("{why}{shown}"), Tone::Bad);
            }
            Connection::Online { refused: Some(why), .. } => {
                box_ui(ui, p, Some("The login is refused."), &sentences::denial(why), Tone::Bad);
            }
            Connection::Online { .. } => {
                if let Some(leaderless) = connection_text::leaderless(app) {
                    let text = "A write waits until there is a leader, and can be cancelled.";
                    box_ui(ui, p, Some(&leaderless), text, Tone::Warning);
                }
            }
            Connection::Offline | Connection::Connecting { .. } => {}
        }
        for risk in &self.risks {
            box_ui(ui, p, None, sentences::risk(*risk), Tone::Warning);
        }
        if let Some(guarded) = app.guarded() {
            let text = sentences::guarded(&guarded);
            let mut letters = text.chars();
            let text: String =
                letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect();
            box_ui(ui, p, None, &text, Tone::Bad);
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tone {
    Warning,
    Bad,
}

fn box_ui(ui: &mut Ui, p: &Palette, title: Option<&str>, text: &str, tone: Tone) {
    let (fill, color) = if tone == Tone::Bad { (p.red_bg, p.red) } else { (p.amber_bg, p.amber) };
    let frame = Frame::new().fill(fill).corner_radius(6.0).inner_margin(Margin::symmetric(12, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 3.0;
        if let Some(title) = title {
            let title = format!("⚠ {}", json::safe(title));
            ui.label(RichText::new(title).font(theme::strong(theme::BODY)).color(color));
            ui.add(Label::new(RichText::new(json::safe(text)).color(p.text)).wrap());
        } else {
            let text = format!("⚠ {}", json::safe(text));
            ui.add(Label::new(RichText::new(text).color(color)).wrap());
        }
    });
}

fn actions_ui(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    ui.horizontal(|ui| {
        let dialog = |action: Action| format!("{}…", action.name());
        if ui.button(dialog(Action::Connect)).on_hover_text("Another database").clicked() {
            out.extend(Action::Connect.intent());
        }
        let waits = matches!(app.connection(), Connection::Waiting { .. });
        let text = RichText::new(Action::Retry.name());
        let retry =
            if waits { Button::new(text.color(p.on_accent)).fill(p.accent) } else { Button::new(text) };
        let retry = ui.add(retry).on_hover_text("Ends a countdown; asks again for what was denied (F5)");
        if retry.clicked() {
            out.extend(Action::Retry.intent());
        }
        if app.why_not(Action::ResetSandbox).is_none() {
            let reset = ui.button(dialog(Action::ResetSandbox));
            if reset.on_hover_text("Writes the samples anew; asks first").clicked() {
                out.extend(Action::ResetSandbox.intent());
            }
        }
        if let Connection::Online { server, .. } = app.connection() {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let text = format!("server {}", json::safe(server));
                let text =
                    elided(ui, &text, egui::FontId::proportional(theme::SMALL), p.dim, ui.available_width());
                ui.add(Label::new(text));
            });
        }
    });
}
