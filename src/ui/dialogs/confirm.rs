//! The last look before something is written or thrown away.

use super::title;
use crate::app::Intent;
use crate::record::json;
use crate::store::Append;
use crate::ui::theme;
use egui::{Align, Button, Layout, RichText, Ui};

pub fn reset(ui: &mut Ui, out: &mut Vec<Intent>) {
    title(ui, "Reset the sandbox?");
    ui.label("Every event in the sandbox is thrown away and the sample orders are written anew. Other servers are not touched.");
    answer(ui, "Reset now", true, Intent::ResetSandbox, out);
}

pub fn append(ui: &mut Ui, append: &Append, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    title(ui, "Append this event?");
    let mono = |text: String| RichText::new(text).font(theme::mono(theme::SMALL));
    egui::Grid::new("append").num_columns(2).spacing([18.0, 8.0]).show(ui, |ui| {
        let mut pair = |what: &str, value: String| {
            ui.label(RichText::new(what).color(p.dim));
            ui.add(egui::Label::new(mono(value)).wrap());
            ui.end_row();
        };
        pair("Stream", json::safe(append.stream.as_str()).into_owned());
        pair("Expected revision", append.expected.to_string());
        for event in &append.events {
            pair("Event type", event.event_type.to_owned());
            pair("Event id", event.id.to_string());
            pair("Data", json::one_line(&event.data, 4000));
        }
    });
    answer(ui, "Append now", false, Intent::ConfirmAppend, out);
}

fn answer(ui: &mut Ui, yes: &str, danger: bool, intent: Intent, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    ui.add_space(10.0);
    ui.with_layout(Layout::right_to_left(Align::Min), |ui| {
        let (fill, text) = if danger { (p.red_bg, p.red) } else { (p.accent, p.on_accent) };
        if ui.add(Button::new(RichText::new(yes).color(text)).fill(fill)).clicked() {
            out.push(intent);
        }
        if ui.button("Cancel").clicked() {
            out.push(Intent::CloseDialog);
        }
    });
}
