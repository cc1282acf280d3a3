//! What is above the stream list: which category, in which order, and which of its streams.

use super::condition_note::condition_note_ui;
use super::icon::{self, Icon};
use super::ids::{as_of_id, category_id, filter_id};
use super::widgets::{elided, named};
use super::{format, theme, theme::Palette};
use crate::app::{ALL_STREAMS, Action, App, Chord, Dialog, Facet, Intent, ListIntent, Sort};
use crate::record::json;
use egui::containers::menu::MenuButton;
use egui::{Align, Align2, Button, Layout, Margin, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

/// What the filter understands.
const UNDERSTOOD: &str = "Words are looked for in each stream. A condition is asked of its state, and marks the open stream:\nTotal > 50 && !Paid\nUserID contains \"42\" || Status == open\nEmail exists\nchanged(Total), problem, event is OrderPaid";
/// Room for the button that sorts and the one that goes to a moment.
const SORT: f32 = 124.0;

pub fn head_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        if ui.available_width() > 260.0 {
            ui.label(RichText::new("Streams").font(theme::strong(theme::BODY)));
        }
        category_button(ui, app, p, out);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            as_of_button(ui, app, p, out);
            let text = RichText::new(sort_label(app, app.list().sort())).color(p.dim);
            let button =
                Button::new((text, icon::icon(Icon::Down, 8.0, Some(p.dim)))).frame(false).truncate();
            let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
                for sort in app.list().sorts() {
                    if ui.selectable_label(sort == app.list().sort(), sort_label(app, sort)).clicked() {
                        out.push(Intent::List(ListIntent::Sort(sort)));
                    }
                }
            });
            named(&response, Role::Button, "Sort");
            response.on_hover_text("Sort the list");
        });
    });
    filter(ui, app, p, out);
    condition_note_ui(ui, p, app, out);
    ui.add_space(3.0);
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 4.0);
        ui.spacing_mut().button_padding = vec2(7.0, 2.0);
        ui.spacing_mut().interact_size.y = 21.0;
        for facet in app.list().facets() {
            facet_chip(ui, app, facet, p, out);
        }
    });
}

/// The name of a field comes from the events.
fn sort_label(app: &App, sort: Sort) -> String {
    json::one_line(app.list().sort_label(sort).as_bytes(), 60)
}

/// What is listed; opens the picker of another category.
fn category_button(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    let category = match app.category() {
        "" | ALL_STREAMS => "all streams".to_owned(),
        category => format!("{}-*", json::one_line(category.as_bytes(), 60)),
    };
    // What is left is the sort's.
    let width = (ui.available_width() - SORT).max(60.0);
    let name = elided(ui, &category, theme::mono(theme::SMALL), p.text, width - 32.0);
    let size = vec2(name.size().x + 32.0, 26.0);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let response = ui.interact(rect, category_id(), Sense::click());
    named(&response, Role::Button, Action::Categories.name());
    let open = app.dialog() == Some(&Dialog::Categories);
    let fill = if response.hovered() || response.has_focus() || open { p.line } else { p.raise };
    ui.painter().rect_filled(rect, 6.0, fill);
    ui.painter().galley(pos2(rect.left() + 9.0, rect.center().y - name.size().y / 2.0), name, p.text);
    let sign = Rect::from_center_size(rect.right_center() - vec2(12.0, 0.0), vec2(8.0, 8.0));
    icon::paint(ui.painter(), sign, Icon::Down, p.dim);
    if response.clicked() {
        out.extend(Action::Categories.intent());
    }
    let key = Action::Categories.entry().chord.map_or_else(String::new, Chord::text);
    response.on_hover_text(format!("{category}: {} ({key})", Action::Categories.entry().about));
}

/// Opens the field of a moment.
fn as_of_button(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    let (rect, _) = ui.allocate_exact_size(vec2(24.0, 26.0), Sense::hover());
    let response = ui.interact(rect, as_of_id(), Sense::click());
    named(&response, Role::Button, Action::AsOf.name());
    let open = app.dialog() == Some(&Dialog::AsOf);
    if response.hovered() || response.has_focus() || open {
        ui.painter().rect_filled(rect, 6.0, p.line);
    }
    let color = if app.past().asked().is_some() { p.amber } else { p.dim };
    let sign = Rect::from_center_size(rect.center(), vec2(13.0, 13.0));
    icon::paint(ui.painter(), sign, Icon::Clock, color);
    if response.clicked() {
        out.extend(Action::AsOf.intent());
    }
    let key = Action::AsOf.entry().chord.map_or_else(String::new, Chord::text);
    response.on_hover_text(format!("{} ({key})", Action::AsOf.entry().about));
}

fn facet_chip(ui: &mut Ui, app: &App, facet: Facet, p: &Palette, out: &mut Vec<Intent>) {
    let (on, n) = (app.list().facet() == facet, app.list().count(facet));
    if facet == Facet::Gone && n == 0 && !on {
        return;
    }
    let color = match facet {
        _ if on => p.accent,
        Facet::Problems if n > 0 => p.red,
        _ => p.dim,
    };
    let text = format!("{} {}", app.list().facet_label(facet), format::count(n as u64));
    let chip = Button::new(RichText::new(&text).size(theme::SMALL).color(color));
    let chip = ui.add(chip.fill(if on { p.accent_bg } else { p.raise }));
    chip.widget_info(|| WidgetInfo::selected(Role::Button, true, on, &text));
    if chip.clicked() {
        out.push(Intent::List(ListIntent::Facet(facet)));
    }
}

fn filter(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    let mut text = app.list().filter().to_owned();
    let hint = match app.list().example() {
        Some(example) => format!("Filter by {}, or {example}…", app.list().filtered_by()),
        None => format!("Filter by {}…", app.list().filtered_by()),
    };
    let hint = json::one_line(hint.as_bytes(), 80);
    let edit = egui::TextEdit::singleline(&mut text)
        .id(filter_id())
        .hint_text(RichText::new(hint).color(p.faint))
        .margin(Margin { left: 10, right: 24, top: 6, bottom: 6 })
        .desired_width(f32::INFINITY);
    let response = ui.add(edit);
    // Escape has already taken the focus away when it is seen here.
    if response.lost_focus() && ui.input(|input| input.key_pressed(egui::Key::Escape)) {
        out.push(Intent::List(ListIntent::Filter(String::new())));
    }
    let end = response.rect.right_center() - vec2(10.0, 0.0);
    if text.is_empty() {
        ui.painter().text(end, Align2::RIGHT_CENTER, "/", theme::mono(11.0), p.dim);
    } else {
        let rect = Rect::from_center_size(end - vec2(4.0, 0.0), vec2(20.0, 20.0));
        let clear = ui.interact(rect, response.id.with("clear"), Sense::click());
        icon::paint(ui.painter(), Rect::from_center_size(rect.center(), vec2(8.0, 8.0)), Icon::Close, p.dim);
        clear.widget_info(|| WidgetInfo::labeled(Role::Button, true, "Clear the filter text"));
        if clear.on_hover_text("Clear").clicked() {
            text.clear();
        }
    }
    response.widget_info(|| WidgetInfo::labeled(Role::TextInput, true, "Filter streams"));
    if app.list().filter().is_empty() {
        response.on_hover_text(UNDERSTOOD);
    }
    if text != app.list().filter() {
        out.push(Intent::List(ListIntent::Filter(text)));
    }
}
