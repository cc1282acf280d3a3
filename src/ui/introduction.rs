//! Under the top line until it is dismissed: what the sandbox is, how a client reaches it, and the first key.

use super::focus::{Panel as Place, Panels};
use super::icon::{self, Icon};
use super::theme::{self, Palette};
use super::widgets::{is_low, is_narrow, key, named};
use crate::app::{Action, App, Chord, Intent, Introduction, LessonIntent, ViewIntent};
use crate::record::json;
use egui::{Align, Button, Frame, Layout, Margin, Panel, RichText, Role, Ui};

const WIDE: &str =
    "This is the sandbox, an event store inside Hindsight. Any EventStoreDB client reaches it at";

pub fn introduction_ui(ui: &mut Ui, app: &App, panels: &mut Panels, out: &mut Vec<Intent>) {
    let Some(introduction) = app.introduction() else { return };
    let p = theme::palette(ui);
    let frame = Frame::new().fill(p.accent_bg).inner_margin(Margin::symmetric(14, 0));
    let band = Panel::top("introduction")
        .exact_size(if is_low(ui.ctx()) { 28.0 } else { 34.0 })
        .frame(frame)
        .show(ui, |ui| {
            ui.horizontal_centered(|ui| {
                ui.spacing_mut().item_spacing.x = 8.0;
                ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                    buttons_ui(ui, p, out);
                    ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                        said_ui(ui, p, introduction, out);
                    });
                });
            });
        });
    panels.place(Place::Introduction, band.response.rect);
}

/// Right to left.
fn buttons_ui(ui: &mut Ui, p: &Palette, out: &mut Vec<Intent>) {
    let close = ui.add(Button::new(icon::icon(Icon::Close, 9.0, Some(p.dim))).frame(false));
    named(&close, Role::Button, "Dismiss the introduction");
    if close.on_hover_text("Not shown again").clicked() {
        out.push(Intent::View(ViewIntent::DismissIntroduction));
    }
    let lesson = ui.button(RichText::new("Lesson 1").size(theme::SMALL));
    let key = Action::Lessons.entry().chord.map_or_else(String::new, Chord::text);
    let about = format!("What rehydration is, step by step on real events. All lessons: {key}");
    if lesson.on_hover_text(about).clicked() {
        out.push(Intent::Lesson(LessonIntent::Start(0)));
    }
}

fn said_ui(ui: &mut Ui, p: &Palette, introduction: Introduction<'_>, out: &mut Vec<Intent>) {
    let plain = |text: &str| RichText::new(text).size(theme::SMALL).color(p.text);
    if !introduction.address.is_empty() {
        let wide = !is_narrow(ui.ctx());
        ui.label(plain(if wide { WIDE } else { "The sandbox, an event store inside Hindsight:" }));
        let string = format!("esdb://{}?tls=false", json::safe(introduction.address));
        let text = RichText::new(&string).font(theme::mono(theme::SMALL)).color(p.accent);
        let copy = ui.add(Button::new(text).frame(false));
        named(&copy, Role::Button, "Copy connection string");
        if copy
            .on_hover_text("Any EventStoreDB client reaches it by this string: a click copies it")
            .clicked()
        {
            out.push(Intent::View(ViewIntent::Copy(string)));
        }
    }
    let chord = |action: Action| action.entry().chord.map_or_else(String::new, Chord::text);
    ui.add_space(6.0);
    ui.label(plain("Press"));
    if let Some(next) = introduction.ahead {
        key(ui, &chord(Action::StepForward));
        ui.label(plain(&format!("for the {next}.")));
    } else {
        key(ui, &chord(Action::StepBack));
        key(ui, &chord(Action::StepForward));
        ui.label(plain("to step."));
    }
}
