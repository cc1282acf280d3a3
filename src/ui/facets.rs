//! The chips that choose among the streams of the list: one row, and a menu for those that do not fit.

use super::format;
use super::icon::{self, Icon};
use super::theme::{self, Palette};
use super::widgets::{named, text_width};
use crate::app::{App, Facet, Intent, List, ListIntent};
use crate::record::json;
use egui::containers::menu::MenuButton;
use egui::{Button, Color32, FontId, RichText, Role, Ui, WidgetInfo, vec2};

const GAP: f32 = 5.0;
const PADDING: f32 = 7.0;
const HEIGHT: f32 = 21.0;
/// The menu's own width: a plus, two digits and a sign.
const MORE: f32 = 42.0;

pub fn facets_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    let list = app.list();
    let (room, is_short) = (ui.available_width(), ui.available_width() < theme::NARROW_LIST);
    // By the counts of the whole list, so that nothing moves while a filter is typed.
    let widths: Vec<(Facet, f32)> = list
        .facets()
        .map(|facet| (facet, width(ui, &text(list, facet, is_short, list.count_all(facet)))))
        .collect();
    let shown = fitting(&widths, room);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = GAP;
        ui.spacing_mut().button_padding = vec2(PADDING, 2.0);
        ui.spacing_mut().interact_size.y = HEIGHT;
        for (facet, width) in &widths[..shown] {
            let text = text(list, *facet, is_short, list.count(*facet));
            let chip = chip(p, list, *facet, text).min_size(vec2(*width, HEIGHT));
            let response = ui.add(chip);
            told(&response, list, *facet);
            if response.clicked() {
                out.push(Intent::List(ListIntent::Facet(*facet)));
            }
            if is_short || *facet == Facet::Problems {
                response.on_hover_ui(|ui| {
                    ui.label(name(list, *facet));
                });
            }
        }
        if shown < widths.len() {
            more_ui(ui, p, list, &widths[shown..], out);
        }
    });
}

/// How many fit, with the menu where not all do.
fn fitting(widths: &[(Facet, f32)], room: f32) -> usize {
    let ends = widths.iter().scan(-GAP, |end, (_, width)| {
        *end += width + GAP;
        Some(*end)
    });
    let ends: Vec<f32> = ends.collect();
    if ends.last().is_none_or(|end| *end <= room) {
        return widths.len();
    }
    ends.iter().filter(|end| **end + GAP + MORE <= room).count().max(1)
}

/// Those that do not fit; the one that is chosen shows in its place.
fn more_ui(ui: &mut Ui, p: &Palette, list: &List, hidden: &[(Facet, f32)], out: &mut Vec<Intent>) {
    let chosen = hidden.iter().map(|(facet, _)| *facet).find(|facet| *facet == list.facet());
    let has_problems = hidden.iter().any(|(facet, _)| *facet == Facet::Problems) && list.problems() > 0;
    let color = match chosen {
        Some(_) => p.accent,
        None if has_problems => p.red,
        None => p.dim,
    };
    let text = RichText::new(format!("+{}", hidden.len())).size(theme::SMALL).color(color);
    let fill = if chosen.is_some() { p.accent_bg } else { p.raise };
    let button = Button::new((text, icon::icon(Icon::Down, 7.0, Some(color)))).fill(fill);
    let (response, _) = MenuButton::from_button(button.min_size(vec2(0.0, HEIGHT))).ui(ui, |ui| {
        for (facet, _) in hidden {
            let line = ui.selectable_label(list.facet() == *facet, name(list, *facet));
            if line.clicked() {
                out.push(Intent::List(ListIntent::Facet(*facet)));
            }
        }
    });
    named(&response, Role::Button, "More facets");
    response.on_hover_ui(|ui| {
        let names: Vec<String> = hidden.iter().map(|(facet, _)| name(list, *facet)).collect();
        ui.label(names.join(", "));
    });
}

fn chip(p: &Palette, list: &List, facet: Facet, text: String) -> Button<'static> {
    let is_on = list.facet() == facet;
    let color: Color32 = match facet {
        _ if is_on => p.accent,
        Facet::Problems if list.count(facet) > 0 => p.red,
        _ => p.dim,
    };
    let text = RichText::new(text).size(theme::SMALL).color(color);
    Button::new(text).fill(if is_on { p.accent_bg } else { p.raise })
}

fn told(response: &egui::Response, list: &List, facet: Facet) {
    let (is_on, name) = (list.facet() == facet, name(list, facet));
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_on, name.clone()));
}

/// `Paid 808`.
fn name(list: &List, facet: Facet) -> String {
    let label = json::one_line(list.facet_label(facet).as_bytes(), 40);
    format!("{label} {}", format::count(list.count(facet) as u64))
}

/// Problems by their sign; in a narrow list the others without their count.
fn text(list: &List, facet: Facet, is_short: bool, count: usize) -> String {
    let label = json::one_line(list.facet_label(facet).as_bytes(), 24);
    let count = format::count(count as u64);
    match (facet, is_short) {
        (Facet::Problems, _) => format!("▲ {count}"),
        (_, true) => label,
        (_, false) => format!("{label} {count}"),
    }
}

fn width(ui: &Ui, text: &str) -> f32 {
    text_width(ui, text, FontId::proportional(theme::SMALL)).ceil() + 2.0 * PADDING
}
