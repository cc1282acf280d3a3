//! Above the stream list, while it is as of another moment than now.

use super::icon::{self, Icon};
use super::theme::{self, Palette};
use super::widgets::named;
use super::{format, moment_text};
use crate::app::{App, Intent, TimeIntent};
use crate::record::Created;
use egui::text::LayoutJob;
use egui::{Align, Button, FontId, Frame, Layout, Margin, RichText, Role, Sense, TextFormat, Ui, vec2};

pub fn past_band_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let Some(asked) = app.past().asked() else { return };
    let (p, now) = (theme::palette(ui), Created::now());
    let frame = Frame::new().fill(p.amber_bg).inner_margin(Margin::symmetric(14, 7));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 6.0;
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                buttons(ui, app, out);
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    let (sign, _) = ui.allocate_exact_size(vec2(13.0, 13.0), Sense::hover());
                    icon::paint(ui.painter(), sign, Icon::Clock, p.amber);
                    let when = moment_text::moment(asked, now);
                    let shown = app.past().reading().map_or_else(
                        || format!("As of {when} {}", moment_text::ago(asked, now)),
                        |events| format!("Reading {when}… {}", format::plural(events, "event")),
                    );
                    let label = ui.add(egui::Label::new(text(p, &shown, &when)).truncate());
                    let exact = asked.date_time_offset(&jiff::tz::TimeZone::system());
                    label.on_hover_text(format!("{exact}, and {}", asked.rfc3339()));
                });
            });
        });
    });
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

fn buttons(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    ui.spacing_mut().button_padding = vec2(7.0, 2.0);
    let small = |text: &str| Button::new(RichText::new(text).size(theme::SMALL));
    let is_reading = app.past().reading().is_some();
    // A first moment that is being read is taken back, and another one leaves the one that is shown.
    let (label, back, why) = match (is_reading, app.past().shown()) {
        (true, Some(shown)) => ("Cancel", Some(shown), "Stay at the moment that is shown"),
        (true, None) => ("Cancel", None, "Go on with the list as it is now"),
        (false, _) => ("Now", None, "Back to now (Esc)"),
    };
    let button = ui.add(small(label));
    named(&button, Role::Button, label);
    if button.on_hover_text(why).clicked() {
        out.push(Intent::Time(TimeIntent::AsOf(back)));
    }
    if let Some(from) = app.past().shown().filter(|_| !is_reading) {
        let changes = ui.add(small("Changes"));
        named(&changes, Role::Button, "What changed since then");
        if changes.on_hover_text("What changed since then").clicked() {
            out.push(Intent::Time(TimeIntent::Changes { from, to: None }));
        }
    }
}
