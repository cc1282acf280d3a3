//! The other connections that are known, the one used last first: a click connects.

use super::connection_menu::{Chosen, known_menu_ui, more_button};
use super::connection_name::Naming;
use crate::app::{App, ConnectionIntent, ConnectionKey, Intent, KnownConnection};
use crate::record::json;
use crate::store::Target;
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::text_width;
use egui::{Align, FontId, Label, Layout, Popup, RichText, ScrollArea, Ui};

/// Connections before the rest is asked for.
const FIRST: usize = 5;
/// Longest name, in characters.
const MOST_CHARS: usize = 24;
/// Height of the list where all are shown.
const MOST_HEIGHT: f32 = 110.0;
const PASSWORDS: &str = "Passwords stay in memory or in the keyring";

#[derive(Default)]
pub struct Recent {
    shows_all: bool,
}

impl Recent {
    pub fn show(&mut self, ui: &mut Ui, app: &App, naming: &mut Naming, out: &mut Vec<Intent>) {
        let p = theme::palette(ui);
        let small = FontId::proportional(theme::SMALL);
        let aside = text_width(ui, PASSWORDS, small.clone());
        let room = ui.available_width() - aside - 16.0;
        // As high as the text, so that both sides stand on one line.
        ui.spacing_mut().interact_size.y = 16.0;
        ui.horizontal_top(|ui| {
            ui.vertical(|ui| {
                ui.set_width(room);
                let area = ScrollArea::vertical().id_salt("recent").max_height(MOST_HEIGHT);
                area.auto_shrink([false, true]).show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 4.0;
                    ui.horizontal_wrapped(|ui| self.list_ui(ui, app, p, naming, out));
                });
            });
            ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
                ui.add(Label::new(RichText::new(PASSWORDS).font(small).color(p.dim)).truncate());
            });
        });
    }

    fn list_ui(&mut self, ui: &mut Ui, app: &App, p: &Palette, naming: &mut Naming, out: &mut Vec<Intent>) {
        ui.spacing_mut().item_spacing.x = 6.0;
        ui.label(RichText::new("Recent:").color(p.dim));
        let here = match app.target() {
            Target::Server(string) => Some(ConnectionKey::from(string)),
            Target::Sandbox | Target::File(_) => None,
        };
        let others = || app.settings().recent.iter().filter(|known| Some(known.key()) != here);
        let count = others().count();
        let is_elsewhere = *app.target() != Target::Sandbox;
        if is_elsewhere {
            if ui.link("Sandbox").on_hover_text("The node inside this program").clicked() {
                out.push(Intent::Connection(ConnectionIntent::Connect(Target::Sandbox)));
            }
        } else if count == 0 {
            ui.label(RichText::new("no server yet").color(p.dim));
        }
        let shown = if self.shows_all { count } else { FIRST };
        for (at, known) in others().take(shown).enumerate() {
            if at == 0 && is_elsewhere {
                ui.label(RichText::new("·").color(p.dim));
            }
            connection_ui(ui, app, known, naming, out);
        }
        if count > shown && ui.link(format!("{} more", format::count((count - shown) as u64))).clicked() {
            self.shows_all = true;
        }
    }
}

/// A link with the menu of its connection, or the field of its name.
fn connection_ui(
    ui: &mut Ui,
    app: &App,
    known: &KnownConnection,
    naming: &mut Naming,
    out: &mut Vec<Intent>,
) {
    let p = theme::palette(ui);
    let key = known.key();
    if naming.is_of(&key) {
        return naming.show(ui, app, out);
    }
    let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.x, 2.0);
    let title = title(known);
    let color = known.color.map_or(p.accent, |color| theme::connection_color(p, color));
    let link = ui.link(RichText::new(&title).color(color)).on_hover_text(about(known));
    if link.clicked() {
        out.push(Intent::Connection(ConnectionIntent::ConnectTo(key.clone())));
    }
    let more = more_button(ui, p, &format!("Change {title}"));
    ui.spacing_mut().item_spacing.x = gap;
    let by_dots = Popup::menu(&more).show(|ui| known_menu_ui(ui, known));
    let by_link = Popup::context_menu(&link).show(|ui| known_menu_ui(ui, known));
    match by_dots.and_then(|menu| menu.inner).or_else(|| by_link.and_then(|menu| menu.inner)) {
        Some(Chosen::Name) => naming.begin(key, known.name.as_deref()),
        Some(Chosen::Intent(intent)) => out.push(intent),
        None => {}
    }
}

/// The name, else where it leads and as whom.
fn title(known: &KnownConnection) -> String {
    let hosts = || match &known.user {
        Some(user) => format!("{user}@{}", known.string().hosts()),
        None => known.string().hosts(),
    };
    let text = known.name.clone().unwrap_or_else(hosts);
    cut(&json::one_line(text.as_bytes(), MOST_CHARS + 1))
}

fn cut(text: &str) -> String {
    if text.chars().count() <= MOST_CHARS {
        return text.to_owned();
    }
    text.chars().take(MOST_CHARS - 1).chain(['…']).collect()
}

fn about(known: &KnownConnection) -> String {
    let user = known.user.as_deref().map_or_else(String::new, |user| format!("\nas {}", json::safe(user)));
    format!("Connects to {}{user}", json::safe(&known.url))
}
