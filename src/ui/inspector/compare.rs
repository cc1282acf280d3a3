//! Two revisions side by side: the one that was pinned, and the playhead's.

use super::lines::rows_in_view;
use super::parts::{SHOWN, cell, row, row_height, value_ui};
use super::pinned_menu::PinnedMenu;
use crate::app::{Action, App, AskIntent, Between, Intent, Opened, Pinned};
use crate::history::{ComparedField, FieldSign};
use crate::record::json;
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{empty, named};
use egui::{Align, Button, Layout, RichText, Role, Ui};
use std::cmp::Ordering;
use std::sync::Arc;

/// How much of the width the names take, and the pinned side.
const NAME: f32 = 0.28;
const PINNED: f32 = 0.32;
/// Event types that are told one by one.
const TYPES: usize = 12;

pub fn compare_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, opened): (&App, &Opened),
    menu: &mut PinnedMenu,
    out: &mut Vec<Intent>,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let Some(pinned) = app.asking().pinned() else { return nothing_ui(ui, app, out) };
    let widths = [ui.available_width() * NAME - 16.0, ui.available_width() * PINNED - 12.0];
    head_ui(ui, p, (opened, pinned), widths, menu, out);
    let Some(compared) = app.asking().compared(opened) else {
        return empty(ui, "Not known", not_known(pinned));
    };
    rows_in_view(ui, row_height(ui), compared.fields.len(), |ui, place| {
        if let Some(field) = compared.fields.get(place) {
            field_ui(ui, p, field, widths);
        }
    });
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

fn field_ui(ui: &mut Ui, p: &Palette, field: &ComparedField, widths: [f32; 2]) {
    let sign = field.sign();
    let fill = (sign != FieldSign::Same).then_some(p.amber_bg);
    row(ui, p, fill, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        let path = json::one_line(field.path.as_bytes(), SHOWN);
        cell(ui, widths[0], RichText::new(&path).color(p.dim)).on_hover_text(path);
        let (left, right) = if sign == FieldSign::Same { ("", "") } else { ("− ", "+ ") };
        let color = |color| if sign == FieldSign::Same { p.text } else { color };
        let side = |ui: &mut Ui, width: f32, token: Option<&Arc<str>>, sign: &str, color| {
            let layout = Layout::left_to_right(Align::Center);
            ui.allocate_ui_with_layout(egui::vec2(width, 18.0), layout, |ui| {
                ui.set_min_width(width);
                match token {
                    Some(token) => value_ui(ui, color, sign, token),
                    None => drop(ui.label(RichText::new("none").size(theme::SMALL).color(p.faint))),
                }
            });
        };
        side(ui, widths[1], field.left.as_ref(), left, color(p.red));
        let rest = ui.available_width();
        side(ui, rest, field.right.as_ref(), right, color(p.green));
    });
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
