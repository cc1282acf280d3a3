//! The top line: where, how freely, go to anything, live, theme, keys.

use super::connection_button::connection_button_ui;
use super::icon::{Icon, icon};
use super::lesson::lesson_menu_ui;
use super::theme::{self, Palette};
use super::widgets::named;
use crate::app::{Action, App, Chord, CommandIntent, ConnectionIntent, Intent, Theme, WriteMode};
use crate::sentences;
use crate::store::Target;
use egui::containers::menu::{MenuButton, MenuConfig};
use egui::{Align, Align2, Button, Layout, PopupCloseBehavior, RichText, Role, Sense, Ui, WidgetInfo, vec2};

/// Room that the rest of the line needs beside the connection.
const RIGHT: f32 = 450.0;

pub fn top_bar_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    ui.horizontal_centered(|ui| {
        ui.spacing_mut().item_spacing.x = 12.0;
        ui.label(RichText::new("Hindsight").font(theme::strong(14.0)));
        connection_button_ui(ui, app, ui.available_width() - RIGHT, out);
        if app.lessons().is_running() {
            lesson_menu_ui(ui, app, out);
        } else {
            write_menu(ui, app, p, out);
        }
        let left = ui.cursor().left();
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            keys_and_theme(ui, app, out);
            live(ui, app, p, out);
            let free = egui::Rangef::new(left, ui.cursor().right());
            palette_field(ui, free, p, out);
        });
    });
}

/// A line of a menu that opens a dialog.
fn opens(ui: &mut Ui, action: Action) -> Option<Intent> {
    let clicked = ui.button(format!("{}…", action.name())).clicked();
    action.intent().filter(|_| clicked)
}

fn write_menu(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    let mode = app.write_mode();
    let color = match mode {
        WriteMode::ReadOnly => p.dim,
        WriteMode::Confirm => p.amber,
        WriteMode::Free => p.green,
    };
    let button =
        Button::new((icon(Icon::Half, 11.0, Some(color)), mode.label(), icon(Icon::Down, 8.0, None)));
    let open_while_typing = MenuConfig::new().close_behavior(PopupCloseBehavior::CloseOnClickOutside);
    let (response, _) = MenuButton::from_button(button).config(open_while_typing).ui(ui, |ui| {
        undeclared(ui, app, p, out);
        let free = app.guarded().is_none();
        let is_file = matches!(app.target(), Target::File(_));
        for other in WriteMode::ALL.into_iter().filter(|&mode| free || mode != WriteMode::Free) {
            if is_file && other != WriteMode::ReadOnly {
                continue;
            }
            if ui.selectable_label(other == mode, other.label()).clicked() {
                out.push(Intent::Connection(ConnectionIntent::WriteMode(other)));
                ui.close();
            }
        }
        signature(ui, app, p, out);
    });
    named(&response, Role::Button, "Write mode");
    response.on_hover_text("How freely this window may write to this database");
}

/// Where the database does not say whether it is production, a person may.
fn undeclared(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    let Some(why) = app.undeclared() else { return };
    ui.set_max_width(300.0);
    let why = crate::record::json::one_line(sentences::undeclared(why).as_bytes(), 200);
    let text = format!("The database does not say whether it is production, and is guarded as such. {why}");
    ui.with_layout(Layout::top_down(Align::Min), |ui| {
        ui.add(egui::Label::new(RichText::new(text).size(theme::SMALL).color(p.dim)).wrap());
    });
    let mut said = app.said_not_production();
    let check = ui.checkbox(&mut said, "This is not production");
    if check.on_hover_text("Remembered for this connection").changed() {
        out.push(Intent::Connection(ConnectionIntent::NotProduction(said)));
    }
    ui.separator();
}

/// Who writes and where, as each event's metadata will say.
fn signature(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    ui.separator();
    ui.label(RichText::new("Written into each event's metadata").size(theme::SMALL).color(p.dim));
    let origin = app.origin();
    out.extend(signed(ui, p, "Who", &origin.who).map(|text| Intent::Command(CommandIntent::Who(text))));
    out.extend(signed(ui, p, "Where", &origin.place).map(|text| Intent::Command(CommandIntent::Place(text))));
    ui.separator();
    if let Some(open) = opens(ui, Action::Journal) {
        out.push(open);
        ui.close();
    }
}

/// A field of the signature; its text where it was changed.
fn signed(ui: &mut Ui, p: &Palette, name: &str, value: &str) -> Option<String> {
    let mut text = value.to_owned();
    ui.horizontal(|ui| {
        ui.add_sized([44.0, 20.0], egui::Label::new(RichText::new(name).color(p.dim)));
        let response =
            ui.add(egui::TextEdit::singleline(&mut text).margin(vec2(8.0, 5.0)).desired_width(170.0));
        response.widget_info(|| {
            let mut info = WidgetInfo::text_edit(true, value, value, "");
            info.label = Some(name.to_owned());
            info
        });
    });
    (text != value).then_some(text)
}

fn palette_field(ui: &mut Ui, free: egui::Rangef, p: &Palette, out: &mut Vec<Intent>) {
    let width = (free.span() - 24.0).min(430.0);
    if width < 120.0 {
        return;
    }
    let screen = ui.ctx().content_rect().center().x;
    let middle = screen.clamp(free.min + width / 2.0, free.max - width / 2.0);
    let center = egui::pos2(middle, ui.max_rect().center().y);
    let rect = egui::Rect::from_center_size(center, vec2(width, 28.0));
    let response = ui.interact(rect, ui.scope_id().with("palette"), Sense::click());
    named(&response, Role::Button, Action::Palette.name());
    let border = if response.hovered() || response.has_focus() { p.accent } else { p.line };
    let stroke = egui::Stroke::new(1.0, border);
    ui.painter().rect(rect, 6.0, p.bg, stroke, egui::StrokeKind::Inside);
    let font = egui::FontId::proportional(theme::BODY);
    let hint = match width {
        380.0.. => "Go to a stream, a revision, a time, a command…",
        190.0.. => "Go to anything…",
        _ => "Go to…",
    };
    ui.painter().text(rect.left_center() + vec2(10.0, 0.0), Align2::LEFT_CENTER, hint, font, p.faint);
    let key = rect.right_center() - vec2(12.0, 0.0);
    let shortcut = Action::Palette.entry().chord.map_or_else(String::new, Chord::text);
    ui.painter().text(key, Align2::RIGHT_CENTER, shortcut, theme::mono(11.0), p.dim);
    if response.clicked() {
        out.extend(Action::Palette.intent());
    }
}

fn live(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    let lit = app.is_live();
    let (color, why) = if lit {
        (p.accent, "The playhead follows the newest event")
    } else {
        (p.faint, "Go to the newest event and follow")
    };
    let text = RichText::new("Live").color(if lit { p.accent } else { p.dim });
    let button = Button::new((icon(Icon::Dot, 8.0, Some(color)), text));
    let button = ui.add_enabled(app.opened().is_some(), button);
    button.widget_info(|| WidgetInfo::selected(Role::Button, button.enabled(), lit, "Live"));
    if button.on_hover_text(why).on_disabled_hover_text("Open a stream first").clicked() {
        out.extend(Action::Newest.intent());
    }
}

fn keys_and_theme(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let keys = ui.button("?");
    named(&keys, Role::Button, Action::Keys.name());
    if keys.on_hover_text("The list of keys").clicked() {
        out.extend(Action::Keys.intent());
    }
    let button = ui.add(Button::new(icon(Icon::Half, 13.0, None)));
    named(&button, Role::Button, "Theme");
    let is_dark = ui.ctx().system_theme().is_none_or(|theme| theme == egui::Theme::Dark);
    if button.on_hover_text(theme_hint(app.settings().theme, is_dark)).clicked() {
        out.extend(Action::ToggleTheme.intent());
    }
}

/// What the theme is, and what a click makes of it.
fn theme_hint(theme: Theme, system_is_dark: bool) -> String {
    let is = match (theme, system_is_dark) {
        (Theme::System, true) => "dark, as the system",
        (Theme::System, false) => "light, as the system",
        (Theme::Dark, _) => "dark",
        (Theme::Light, _) => "light",
    };
    let next = match theme.next(system_is_dark) {
        Theme::System => "the system's",
        Theme::Dark => "dark",
        Theme::Light => "light",
    };
    format!("Theme: {is}. Click for {next}.")
}
