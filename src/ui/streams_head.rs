//! What is above the stream list: which category, in which order, and which of its streams.

use super::condition_note::condition_note_ui;
use super::facets::facets_ui;
use super::icon::{self, Icon};
use super::ids::{as_of_id, category_id, filter_id};
use super::widgets::{elided, named};
use super::{format, theme, theme::Palette};
use crate::app::{ALL_STREAMS, Action, App, Chord, Dialog, Intent, ListIntent, Sort};
use crate::record::json;
use egui::containers::menu::MenuButton;
use egui::{
    Align, Align2, Button, FontId, Layout, Margin, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo,
    pos2, text::LayoutJob, vec2,
};

/// Room for the button that sorts and the one that goes to a moment.
const SORT: f32 = 124.0;

/// What the filter understands, and what it leaves.
const UNDERSTOOD: [(&str, &str); 9] = [
    ("paid 7f3c", "both words, in the name, the fields or the status"),
    ("\"ann lee\"", "a text with blanks"),
    ("user:ann", "a field whose name holds user contains ann"),
    ("total>100", "a condition on the state, names in any case"),
    ("last<2h", "the last event is less than 2 hours old"),
    ("last>2026-11-24", "the last event is of that day or later"),
    ("events>10", "also revision, problems and status"),
    ("Paid && !(Total > 50)", "also ||, ==, contains, starts with, exists"),
    ("changed(Total)", "also problem, event is OrderPaid: marks the open stream"),
];

pub fn head_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0;
        category_button(ui, app, p, out);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            as_of_button(ui, app, p, out);
            sort_button(ui, app, p, out);
        });
    });
    filter(ui, app, p, out);
    condition_note_ui(ui, p, app, out);
    ui.add_space(3.0);
    facets_ui(ui, p, app, out);
}

fn sort_button(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    let list = app.list();
    let sign = |is_reversed| if is_reversed { Icon::Up } else { Icon::Down };
    let text = RichText::new(sort_label(app, list.sort())).color(p.dim);
    let icon = icon::icon(sign(list.is_reversed()), 8.0, Some(p.dim));
    let button = Button::new((text, icon)).frame(false).truncate();
    let (response, _) = MenuButton::from_button(button).ui(ui, |ui| {
        for sort in list.sorts() {
            let is_chosen = sort == list.sort();
            let icon = is_chosen.then(|| icon::icon(sign(list.is_reversed()), 8.0, None));
            let mut line = Button::selectable(is_chosen, sort_label(app, sort));
            if let Some(icon) = icon {
                line = line.right_text(icon);
            }
            let response = ui.add(line);
            response
                .widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, sort_label(app, sort)));
            if response.clicked() {
                out.push(Intent::List(if is_chosen {
                    ListIntent::ReverseSort
                } else {
                    ListIntent::Sort(sort)
                }));
            }
        }
    });
    named(&response, Role::Button, "Sort");
    let way = if list.is_reversed() { ", the other way round" } else { "" };
    response.on_hover_ui(|ui| {
        ui.label(format!("Sorted by {}{way}. Its own line turns it round.", sort_label(app, list.sort())));
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
    let count = format::count(app.list().len() as u64);
    let count = ui.painter().layout_no_wrap(count, theme::mono(theme::SMALL), p.dim);
    // What is left is the sort's.
    let width = (ui.available_width() - SORT).max(60.0);
    let room = width - 32.0;
    let has_count = room > 120.0;
    let beside = if has_count { count.size().x + 8.0 } else { 0.0 };
    let name = elided(ui, &category, theme::strong(theme::BODY), p.text, room - beside);
    let size = vec2(name.size().x + beside + 32.0, 26.0);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    let response = ui.interact(rect, category_id(), Sense::click());
    named(&response, Role::Button, Action::Categories.name());
    let open = app.dialog() == Some(&Dialog::Categories);
    let fill = if response.hovered() || response.has_focus() || open { p.line } else { p.raise };
    ui.painter().rect_filled(rect, 6.0, fill);
    let from = rect.left() + 9.0;
    let end = from + name.size().x + 8.0;
    ui.painter().galley(pos2(from, rect.center().y - name.size().y / 2.0), name, p.text);
    if has_count {
        ui.painter().galley(pos2(end, rect.center().y - count.size().y / 2.0), count, p.dim);
    }
    let sign = Rect::from_center_size(rect.right_center() - vec2(12.0, 0.0), vec2(8.0, 8.0));
    icon::paint(ui.painter(), sign, Icon::Down, p.dim);
    if response.clicked() {
        out.extend(Action::Categories.intent());
    }
    response.on_hover_ui(|ui| {
        let key = Action::Categories.entry().chord.map_or_else(String::new, Chord::text);
        ui.label(format!("{category}: {} ({key})", Action::Categories.entry().about));
    });
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

fn filter(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    let mut text = app.list().filter().to_owned();
    let hint = match app.list().example() {
        _ if ui.available_width() < theme::NARROW_LIST => "Filter…".to_owned(),
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
        understood(response, p);
    }
    if text != app.list().filter() {
        out.push(Intent::List(ListIntent::Filter(text)));
    }
}

/// What can be typed, on hovering.
fn understood(field: Response, p: &Palette) {
    field.on_hover_ui(|ui| {
        ui.set_max_width(460.0);
        let mut job = LayoutJob::default();
        let text = |font, color| egui::TextFormat {
            line_height: Some(18.0),
            ..egui::TextFormat::simple(font, color)
        };
        let said = "Everything that is typed must be met:";
        job.append(said, 0.0, text(FontId::proportional(theme::SMALL), p.text));
        for (typed, what) in UNDERSTOOD {
            job.append(&format!("\n{typed:<22}"), 0.0, text(theme::mono(theme::SMALL), p.text));
            job.append(what, 0.0, text(FontId::proportional(theme::SMALL), p.dim));
        }
        ui.label(job);
    });
}
