//! Below the filter of the list: how its text was understood.

use super::ever_note::ever_note_ui;
use super::{format, theme, theme::Palette};
use crate::app::{App, Intent};
use crate::record::json;
use crate::sentences::unknown_fields;
use egui::{Color32, Label, RichText, Ui, vec2};

pub fn condition_note_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    let Some((text, color)) = note(p, app) else { return };
    let note = Label::new(RichText::new(json::safe(&text)).size(theme::SMALL).color(color)).wrap();
    if app.list().filter_fault().is_some() {
        ui.add(note);
        return;
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
        ui.spacing_mut().interact_size.y = 0.0;
        ui.spacing_mut().button_padding.y = 0.0;
        ui.horizontal_wrapped(|ui| {
            ui.add(note);
            ever_note_ui(ui, p, app, out);
        });
    });
}

fn note(p: &Palette, app: &App) -> Option<(String, Color32)> {
    let list = app.list();
    if let Some(fault) = list.filter_fault() {
        return Some((fault.to_string(), p.red));
    }
    if list.is_judging() {
        return Some(("asking every stream…".to_owned(), p.dim));
    }
    let is_of_events = list.condition().is_some_and(|condition| !condition.is_of_state());
    if is_of_events {
        let text = "problem, event and changed are asked of events: the list is not filtered by them, the open stream is marked.";
        return Some((text.to_owned(), p.dim));
    }
    if !list.is_judged() {
        return None;
    }
    let (met, all) = (format::count(list.matched_rows()? as u64), format::count(list.len() as u64));
    let text = format!("in {met} of {all}");
    match unknown_fields(list.unknown_fields()).filter(|_| !list.is_empty()) {
        Some(unknown) => Some((format!("{text}. {unknown}"), p.amber)),
        None if list.condition().is_some() => Some((format!("{text} ·"), p.dim)),
        None => Some((text, p.dim)),
    }
}
