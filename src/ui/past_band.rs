//! Above the stream list, while it is as of another moment than now.

use super::icon::{self, Icon};
use super::theme::{self, Palette};
use super::widgets::named;
use super::{format, moment_text};
use crate::app::{App, Intent, TimeIntent};
use crate::record::Created;
use egui::text::LayoutJob;
use egui::{Align, Button, FontId, Frame, Layout, Margin, RichText, Role, Sense, TextFormat, Ui, vec2};

/// Below this width the moment stands alone.
const NARROW: f32 = 170.0;

pub fn past_band_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let Some(asked) = app.past().asked() else { return };
    let p = theme::palette(ui);
    let frame = Frame::new().fill(p.amber_bg).inner_margin(Margin::symmetric(14, 7));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing = vec2(6.0, 2.0);
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                back_button(ui, app, out);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let (sign, _) = ui.allocate_exact_size(vec2(13.0, 13.0), Sense::hover());
                    icon::paint(ui.painter(), sign, Icon::Clock, p.amber);
                    moment_label(ui, app, asked, p);
                });
            });
        });
        changes_link(ui, app, p, out);
    });
    // The rows follow at once.
    ui.add_space(-ui.spacing().item_spacing.y);
}

fn moment_label(ui: &mut Ui, app: &App, asked: Created, p: &Palette) {
    let now = Created::now();
    let when = moment_text::moment(asked, now);
    let said = match app.past().reading() {
        Some(events) => {
            let so_far = match app.past().filling() {
                Some(streams) => format::plural(streams as u64, "stream"),
                None => format::plural(events, "event"),
            };
            format!("Reading {when}… {so_far}")
        }
        None if ui.available_width() < NARROW => format!("As of {when}"),
        None => format!("As of {when} {}", moment_text::ago(asked, now)),
    };
    let label = egui::Label::new(text(p, &said, &when)).truncate().show_tooltip_when_elided(false);
    ui.add(label).on_hover_text(format!("{said}\n{}", moment_text::local_and_utc(asked)));
}

/// The moment stands out from what is said of it.
fn text(p: &Palette, said: &str, moment: &str) -> LayoutJob {
    let mut job = LayoutJob::default();
    let plain = TextFormat::simple(FontId::proportional(theme::BODY), p.dim);
    let (before, after) = said.split_once(moment).unwrap_or((said, ""));
    job.append(before, 0.0, plain.clone());
    job.append(moment, 0.0, TextFormat::simple(theme::strong(theme::BODY), p.text));
    job.append(after, 0.0, plain);
    job
}

/// A first moment that is being read is taken back, and another one leaves the one that is shown.
fn back_button(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    ui.spacing_mut().button_padding = vec2(7.0, 2.0);
    let (label, back, why) = match (app.past().reading(), app.past().shown()) {
        (Some(_), Some(shown)) => ("Cancel", Some(shown), "Stay at the moment that is shown"),
        (Some(_), None) => ("Cancel", None, "Go on with the list as it is now"),
        (None, _) => ("Now", None, "Back to now (Esc)"),
    };
    let button = ui.add(Button::new(RichText::new(label).size(theme::SMALL)));
    named(&button, Role::Button, label);
    if button.on_hover_text(why).clicked() {
        out.push(Intent::Time(TimeIntent::AsOf(back)));
    }
}

fn changes_link(ui: &mut Ui, app: &App, p: &Palette, out: &mut Vec<Intent>) {
    let Some(from) = app.past().shown().filter(|_| app.past().reading().is_none()) else { return };
    let text = RichText::new("What changed since then").size(theme::SMALL).color(p.accent);
    if ui.add(Button::new(text).frame(false)).on_hover_text("Stream by stream, and by field").clicked() {
        out.push(Intent::Time(TimeIntent::Changes { from, to: None }));
    }
}
