//! The connection's panel: which database, every node with its role and state, what is wrong, and what can be done.

use super::connect_form::Form;
use super::connection_menu::{Chosen, known_menu_ui, list_menu_ui, more_button};
use super::connection_name::Naming;
use super::nodes::{SIDE, nodes_ui};
use super::recent::Recent;
use crate::app::{Action, App, Intent};
use crate::record::json;
use crate::sentences;
use crate::store::{Connection, Risk, Target};
use crate::ui::connection_text::{self, Place};
use crate::ui::theme::{self, Palette};
use egui::{Align, Button, Color32, Frame, Label, Layout, Margin, Popup, RichText, ScrollArea, Ui};

/// Height that is kept for the line of the recent connections.
const FOOT: f32 = 62.0;

/// What is told of a connection string, worked out once for each; and what is typed as a name.
#[derive(Default)]
pub struct Panel {
    of: Option<Target>,
    string: String,
    risks: Vec<Risk>,
    naming: Naming,
    recent: Recent,
}

impl Panel {
    pub fn show(&mut self, ui: &mut Ui, app: &App, form: &mut Form, fresh: bool, out: &mut Vec<Intent>) {
        self.read(app.target());
        if fresh {
            form.begin_with(String::new());
        }
        ui.spacing_mut().item_spacing.y = 0.0;
        let p = theme::palette(ui);
        let inside = Frame::new().inner_margin(Margin::symmetric(SIDE, 11));
        inside.show(ui, |ui| self.head_ui(ui, app, p, out));
        let most = ui.ctx().content_rect().bottom() - ui.cursor().top() - FOOT;
        let area = ScrollArea::vertical().id_salt("connection").max_height(most.max(FOOT));
        area.auto_shrink([false, true]).show(ui, |ui| {
            nodes_ui(ui, app);
            inside.show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 8.0;
                self.notes_ui(ui, app, p);
                self.actions_ui(ui, app, p, out);
                ui.add_space(4.0);
                let heading = RichText::new("Another server").font(theme::strong(theme::BODY)).color(p.text);
                form.show(ui, app, heading, fresh, out);
            });
        });
        let line = ui.cursor().top();
        ui.painter().hline(ui.max_rect().x_range(), line, (1.0, p.line));
        inside.show(ui, |ui| self.recent.show(ui, app, &mut self.naming, out));
    }

    fn read(&mut self, target: &Target) {
        if self.of.as_ref() == Some(target) {
            return;
        }
        self.of = Some(target.clone());
        (self.string, self.risks) = match target {
            Target::Sandbox => ("the node inside this program".to_owned(), Vec::new()),
            Target::Server(string) => (json::safe(&string.to_string()).into_owned(), string.risks()),
            Target::File(file) => (json::safe(&file.path().to_string_lossy()).into_owned(), Vec::new()),
        };
    }

    fn head_ui(&mut self, ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
        ui.horizontal(|ui| {
            match app.target() {
                Target::Server(string) if self.naming.is_of(&string.into()) => {
                    self.naming.show(ui, app, out);
                }
                _ => {
                    let color = if Place::of(app) == Place::Production { p.red } else { p.text };
                    let name = RichText::new(connection_text::name(app)).font(theme::strong(theme::BODY));
                    ui.label(name.color(color));
                    self.menu_ui(ui, app, p, out);
                }
            }
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let is_string = matches!(self.of, Some(Target::Server(_)));
                let small = egui::FontId::proportional(theme::SMALL);
                let font = if is_string { theme::mono(theme::SMALL) } else { small };
                let string = RichText::new(&self.string).font(font).color(p.dim);
                ui.add(Label::new(string).truncate());
            });
        });
    }

    fn menu_ui(&mut self, ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
        let known = app.known_connection();
        let more = more_button(ui, p, "Change this connection");
        let menu = Popup::menu(&more).show(|ui| {
            let of_known = known.and_then(|known| {
                let chosen = known_menu_ui(ui, known);
                ui.separator();
                chosen
            });
            list_menu_ui(ui, app).or(of_known)
        });
        match (menu.and_then(|menu| menu.inner), known) {
            (Some(Chosen::Name), Some(known)) => self.naming.begin(known.key(), known.name.as_deref()),
            (Some(Chosen::Intent(intent)), _) => out.push(intent),
            (Some(Chosen::Name) | None, _) => {}
        }
    }

    /// What is wrong, and what is in force and not safe.
    fn notes_ui(&self, ui: &mut Ui, app: &App, p: &Palette) {
        match app.connection() {
            Connection::Waiting { why, until, .. } => {
                let title = format!("Not connected. Next try in {} s.", connection_text::seconds_to(*until));
                let stale = connection_text::stale(app);
                let shown =
                    stale.map_or_else(String::new, |stale| format!("\nWhat is shown is {}.", stale.as_of()));
                note_ui(ui, p.red_bg, p.red, &title, &format!("{}{shown}", sentences::store_error(why)));
            }
            Connection::Online { refused: Some(why), .. } => {
                note_ui(ui, p.red_bg, p.red, "The login is refused.", &sentences::denial(why));
            }
            Connection::Online { .. } => {
                if let Some(leaderless) = connection_text::leaderless(app) {
                    let text = "A write waits until there is a leader, and can be cancelled.";
                    note_ui(ui, p.amber_bg, p.amber, &leaderless, text);
                }
            }
            Connection::Offline | Connection::Connecting { .. } => {}
        }
        for risk in &self.risks {
            note_ui(ui, p.amber_bg, p.amber, "", sentences::risk(*risk));
        }
        if let Some(guarded) = app.guarded() {
            let why = format!("Writes are guarded: {}", sentences::guarded(&guarded));
            note_ui(ui, p.red_bg, p.red, "", &why);
        }
    }

    fn actions_ui(&mut self, ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
        ui.horizontal(|ui| {
            let dialog = |action: Action| format!("{}…", action.name());
            let waits = matches!(app.connection(), Connection::Waiting { .. });
            let text = RichText::new(Action::Retry.name());
            let retry =
                if waits { Button::new(text.color(p.on_accent)).fill(p.accent) } else { Button::new(text) };
            let retry = ui.add(retry).on_hover_text("Ends a countdown; asks again for what was denied (F5)");
            if retry.clicked() {
                out.extend(Action::Retry.intent());
            }
            let open = ui.button(dialog(Action::OpenFile));
            if open.on_hover_text("Opens a stream that was exported, with no server").clicked() {
                out.extend(Action::OpenFile.intent());
            }
            if app.why_not(Action::ResetSandbox).is_none() {
                let reset = ui.button(dialog(Action::ResetSandbox));
                if reset.on_hover_text("Writes the samples anew; asks first").clicked() {
                    out.extend(Action::ResetSandbox.intent());
                }
            }
            if let Target::Server(string) = app.target()
                && app.known_connection().is_none_or(|known| known.name.is_none())
                && ui.button("Name this connection…").clicked()
            {
                self.naming.begin(string.into(), None);
            }
            if let Connection::Online { server, .. } = app.connection() {
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    let text = format!("server {}{}", json::safe(server), connection_text::nodes(app));
                    ui.add(Label::new(RichText::new(text).size(theme::SMALL).color(p.dim)).truncate());
                });
            }
        });
    }
}

/// A box with a bold title, or else with one coloured sentence.
fn note_ui(ui: &mut Ui, fill: Color32, color: Color32, title: &str, text: &str) {
    let p = theme::palette(ui);
    let frame = Frame::new().fill(fill).corner_radius(6.0).inner_margin(Margin::symmetric(12, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 3.0;
        let text = json::safe_lines(text);
        let wrapped = |text: RichText| Label::new(text).wrap();
        if title.is_empty() {
            ui.add(wrapped(RichText::new(format!("⚠ {text}")).color(color)));
        } else {
            let title = format!("⚠ {}", json::safe(title));
            ui.add(wrapped(RichText::new(title).font(theme::strong(theme::BODY)).color(color)));
            ui.add(wrapped(RichText::new(text).color(p.text)));
        }
    });
}
