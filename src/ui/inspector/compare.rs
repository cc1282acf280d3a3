//! Two revisions side by side: the one that was pinned, and the playhead's.

use super::field_menu;
use super::lines::Lines;
use super::parts::{SHOWN, SIDE, cell, high_row, row, row_height, values_place};
use super::pinned_menu::PinnedMenu;
use super::wrapped::{Grid, Part, Tops};
use crate::app::{Action, App, AskIntent, Between, Intent, Opened, Pinned};
use crate::history::{ComparedField, FieldSign};
use crate::record::json;
use crate::ui::context_menu::{is_key_pressed, menu};
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{empty, named};
use egui::{Align, Button, Layout, Rangef, RichText, Role, Sense, Ui, UiBuilder};
use std::cmp::Ordering;
use std::sync::Arc;

/// How much of the width the names take, and the pinned side.
const NAME: f32 = 0.28;
const PINNED: f32 = 0.32;
/// Between name and sides.
const GAP: f32 = 8.0;
/// Event types that are told one by one.
const TYPES: usize = 12;

pub fn compare_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, opened): (&App, &Opened),
    (menu, lines): (&mut PinnedMenu, &mut Lines),
    out: &mut Vec<Intent>,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let Some(pinned) = app.asking().pinned() else { return nothing_ui(ui, app, out) };
    let widths = [ui.available_width() * NAME - 16.0, ui.available_width() * PINNED - 12.0];
    head_ui(ui, p, (opened, pinned), widths, menu, out);
    let Some(compared) = app.asking().compared(opened) else {
        return empty(ui, "Not known", not_known(pinned));
    };
    fields_ui(ui, p, (app, opened), (&compared.fields, lines), widths, out);
    if compared.fields.is_empty() {
        empty(ui, "No fields", "Neither of the two revisions has a state.");
    }
    if let Some(between) = &compared.between {
        between_ui(ui, p, between, out);
    }
}

fn not_known(pinned: &Pinned) -> &'static str {
    match pinned {
        Pinned::Revision(_) => "The pinned revision, or the events up to the playhead, cannot be read here.",
        Pinned::Stream(_) => {
            "The list has no state of the pinned stream, or the events up to the playhead are not read."
        }
    }
}

fn nothing_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let text = "Shift+click an event or a stream of the list, or pin the revision at the playhead: its state stays here while the playhead moves.";
    empty(ui, "Nothing is pinned", text);
    ui.add_space(8.0);
    ui.vertical_centered(|ui| {
        let why_not = app.why_not(Action::Pin);
        let button = ui.add_enabled(why_not.is_none(), Button::new(Action::Pin.name()));
        let button = match why_not {
            Some(why) => button.on_disabled_hover_text(why),
            None => button,
        };
        if button.clicked() {
            out.extend(Action::Pin.intent());
        }
    });
}

fn head_ui(
    ui: &mut Ui,
    p: &Palette,
    (opened, pinned): (&Opened, &Pinned),
    widths: [f32; 2],
    menu: &mut PinnedMenu,
    out: &mut Vec<Intent>,
) {
    let small = |text: String| RichText::new(text).size(theme::SMALL).color(p.faint);
    row(ui, p, None, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        cell(ui, widths[0], small("Field".to_owned()));
        ui.allocate_ui_with_layout(egui::vec2(widths[1], 22.0), Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_width(widths[1]);
            menu.show(ui, p, opened, pinned, out);
        });
        let here = opened.frame().record().map_or_else(
            || "before the first event".to_owned(),
            |record| format!("Rev {} (playhead)", format::count(record.revision.0)),
        );
        ui.add(egui::Label::new(small(here)).truncate());
    });
}

/// Fields whose values wrap; of more, each has one line.
const WRAPPED: usize = 400;

/// How wide the sides are: the pinned one, and the playhead's.
struct Sides {
    x: [Rangef; 2],
    grids: [Grid; 2],
}

fn parts<'f>(p: &Palette, field: &'f ComparedField) -> [Option<Part<'f>>; 2] {
    let is_same = field.sign() == FieldSign::Same;
    let (left, right) = if is_same { ("", "") } else { ("− ", "+ ") };
    let color = |color| if is_same { p.text } else { color };
    let part = |sign, color| move |token: &'f Arc<str>| Part { sign, color, token };
    let left = field.left.as_ref().map(part(left, color(p.red)));
    [left, field.right.as_ref().map(part(right, color(p.green)))]
}

fn fields_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, opened): (&App, &Opened),
    (fields, lines): (&[ComparedField], &mut Lines),
    widths: [f32; 2],
    out: &mut Vec<Intent>,
) {
    let rest = ui.available_width() - 2.0 * SIDE - widths[0] - widths[1] - 2.0 * GAP;
    let left = SIDE + widths[0] + GAP;
    let right = left + widths[1] + GAP;
    let x = [Rangef::new(left, left + widths[1]), Rangef::new(right, right + rest)];
    let sides = Sides { x, grids: [Grid::new(ui, widths[1]), Grid::new(ui, rest)] };
    let row = row_height(ui);
    let height = |field: &ComparedField| {
        let is_whole = lines.whole.contains(&field.path);
        let fits = parts(p, field).into_iter().zip(sides.grids);
        let heights = fits.map(|(part, grid)| grid.beyond(grid.fit(part.into_iter(), is_whole).lines));
        row + heights.fold(0.0, f32::max)
    };
    let wraps = fields.len() <= WRAPPED;
    let tops = Tops::new(fields.iter().map(|field| if wraps { height(field) } else { row }));
    let mut toggled = None;
    tops.rows_in_view(ui, |ui, place| {
        let Some(field) = fields.get(place) else { return };
        let is_whole = lines.whole.contains(&field.path);
        if field_ui(ui, p, (app, opened), (field, is_whole), (tops.height(place), &sides, widths[0]), out) {
            toggled = Some(field.path.clone());
        }
    });
    if let Some(path) = &toggled {
        lines.toggle_whole(path);
    }
}

/// Answers whether more or less of the values is asked for.
fn field_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, opened): (&App, &Opened),
    (field, is_whole): (&ComparedField, bool),
    (height, sides, name): (f32, &Sides, f32),
    out: &mut Vec<Intent>,
) -> bool {
    let fill = (field.sign() != FieldSign::Same).then_some(p.amber_bg);
    let path = json::one_line(field.path.as_bytes(), SHOWN);
    let mut toggled = false;
    let row = high_row(ui, p, fill, (height, Sense::click()), |ui, row| {
        cell(ui, name, RichText::new(&path).color(p.dim));
        for ((part, grid), x) in parts(p, field).into_iter().zip(sides.grids).zip(sides.x) {
            let from = row.left() - SIDE;
            let at = values_place(ui, row, from + x.min, from + x.max);
            let Some(part) = part else {
                let none = RichText::new("none").size(theme::SMALL).color(p.faint);
                ui.new_child(UiBuilder::new().max_rect(at)).label(none);
                continue;
            };
            let fit = grid.fit([part].into_iter(), is_whole);
            toggled |= grid.show(ui, at, &[part], (fit, is_whole), &path);
        }
    });
    if let Some(token) = field.right.as_ref().or(field.left.as_ref()) {
        field_menu::focused_ui(ui, p, &row, &path);
        let asked = field_menu::Asked { path: &field.path, token };
        let setter = opened.timeline().setter(&field.path, opened.frame().index);
        let setter = setter.and_then(|index| opened.timeline().get(index)).map(|record| record.revision);
        menu((&row, &row), "Field menu", row.has_focus() && is_key_pressed(&row), out, |menu| {
            field_menu::lines(menu, app, asked, setter);
        });
    }
    toggled
}

/// The events between the two, each type a link to the next one of them.
fn between_ui(ui: &mut Ui, p: &Palette, compared: &Between, out: &mut Vec<Intent>) {
    let frame = egui::Frame::new().inner_margin(egui::Margin::symmetric(16, 12));
    frame.show(ui, |ui| {
        if compared.events == 0 {
            ui.label(RichText::new("Both are the same revision. Move the playhead.").color(p.dim));
            return;
        }
        ui.horizontal_wrapped(|ui| {
            ui.spacing_mut().item_spacing = egui::vec2(3.0, 4.0);
            let side = match compared.order {
                Ordering::Less => "after the pinned one",
                _ => "before the pinned one",
            };
            let events = format::plural(compared.events as u64, "event");
            ui.label(RichText::new(format!("{events} between them, {side}:")).color(p.dim));
            // A link stands in one line, so that its middle is a part of it.
            ui.style_mut().wrap_mode = Some(egui::TextWrapMode::Extend);
            let told = compared.types.len().min(TYPES);
            for (place, (event_type, count)) in compared.types[..told].iter().enumerate() {
                let comma = if place + 1 < told { "," } else { "" };
                let name =
                    format!("{} {}", format::count(*count as u64), json::one_line(event_type.as_bytes(), 32));
                let link = ui.link(RichText::new(format!("{name}{comma}")).color(p.accent));
                named(&link, Role::Link, &name);
                if link.on_hover_text("Go to the next one of them").clicked() {
                    out.push(Intent::Ask(AskIntent::NextBetween(event_type.clone())));
                }
            }
            let rest: usize = compared.types[told..].iter().map(|(_, count)| count).sum();
            if rest + compared.others > 0 {
                let text = format!("and {} of other types", format::count((rest + compared.others) as u64));
                ui.label(RichText::new(text).color(p.dim));
            }
        });
    });
}
