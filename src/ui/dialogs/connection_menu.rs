//! What can be done with a connection: its name, its colour, and to forget it.

use crate::app::{Action, App, ConnectionColor, ConnectionIntent, Intent, KnownConnection};
use crate::ui::icon::{Icon, icon, paint};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::named;
use egui::{Button, Rect, Response, Role, Sense, Ui, vec2};

/// What is chosen in the menu.
pub enum Chosen {
    Name,
    Intent(Intent),
}

/// Three dots that open a menu.
pub fn more_button(ui: &mut Ui, p: &Palette, name: &str) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(22.0, 18.0), Sense::click());
    named(&response, Role::Button, name);
    let lit = response.hovered() || response.has_focus();
    if lit {
        ui.painter().rect_filled(rect, 4.0, p.line);
    }
    let color = if lit { p.text } else { p.dim };
    paint(ui.painter(), Rect::from_center_size(rect.center(), vec2(13.0, 13.0)), Icon::More, color);
    response.on_hover_text("Name, colour, forget")
}

pub fn known_menu_ui(ui: &mut Ui, known: &KnownConnection) -> Option<Chosen> {
    let p = theme::palette(ui);
    let mut chosen = None;
    let mut choose = |intent| chosen = Some(Chosen::Intent(Intent::Connection(intent)));
    let name = ui.button("Name…").clicked();
    ui.separator();
    for color in ConnectionColor::ALL {
        let dot = icon(Icon::Dot, 9.0, Some(theme::connection_color(p, color)));
        let button = Button::new((dot, color.label())).selected(known.color == Some(color));
        if ui.add(button).clicked() {
            choose(ConnectionIntent::Recolor(known.key(), Some(color)));
        }
    }
    if known.color.is_some() && ui.button("No colour").clicked() {
        choose(ConnectionIntent::Recolor(known.key(), None));
    }
    ui.separator();
    if ui.button("Forget").on_hover_text("Its name, its colour and its password go too").clicked() {
        choose(ConnectionIntent::Forget(known.key()));
    }
    if name { Some(Chosen::Name) } else { chosen }
}

/// Of the list as a whole, and of the login.
pub fn list_menu_ui(ui: &mut Ui, app: &App) -> Option<Chosen> {
    let mut chosen = None;
    for action in [Action::LogIn, Action::ExportConnections, Action::ImportConnections] {
        let why_not = app.why_not(action);
        let button = ui.add_enabled(why_not.is_none(), Button::new(format!("{}…", action.name())));
        if button.on_disabled_hover_text(why_not.unwrap_or_default()).clicked() {
            chosen = action.intent().map(Chosen::Intent);
        }
    }
    chosen
}
