//! Writes whose fate is not known, in the dock until it is.

use super::theme::{self, Palette};
use super::widgets::named;
use crate::app::{App, CommandIntent, Intent, OpenWrite};
use crate::record::json;
use crate::sentences::store_error;
use egui::{Button, CornerRadius, Frame, Label, Margin, RichText, Role, Ui};

/// Shown at once; more are counted.
const SHOWN: usize = 3;

pub fn open_writes_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    let count = app.open_writes().count();
    for open in app.open_writes().take(SHOWN) {
        ui.push_id(open.ticket, |ui| open_write_ui(ui, p, open, out));
        ui.add_space(4.0);
    }
    if count > SHOWN {
        ui.label(RichText::new(format!("and {} more", count - SHOWN)).color(p.dim));
    }
}

fn open_write_ui(ui: &mut Ui, p: &Palette, open: &OpenWrite, out: &mut Vec<Intent>) {
    let frame = Frame::new()
        .fill(p.amber_bg)
        .stroke((1.0, p.amber))
        .corner_radius(CornerRadius::same(6))
        .inner_margin(Margin::symmetric(12, 8));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 3.0;
        let what = open.append.events.first().map_or("an event", |event| &*event.event_type);
        let stream = json::safe(open.append.stream.as_str());
        let text = format!(
            "It is not known whether {what} was written to {stream}. It is looked for until it is known. {}",
            json::safe(&store_error(&open.why))
        );
        ui.add(Label::new(RichText::new(text).color(p.text)).wrap());
        ui.horizontal(|ui| {
            let again = ui.add(Button::new("Try again"));
            named(&again, Role::Button, "Try again");
            let hint = "Looks for the event once more and, where it is not there, sends it with the same id";
            if again.on_hover_text(hint).clicked() {
                out.push(Intent::Command(CommandIntent::Resend(open.ticket)));
            }
            let forget = ui.add(Button::new("Let it go"));
            named(&forget, Role::Button, "Let it go");
            if forget.on_hover_text("It is no longer looked for here; the journal keeps its id").clicked() {
                out.push(Intent::Command(CommandIntent::ForgetWrite(open.ticket)));
            }
            for event in &open.append.events {
                let id = format!("event id {}, expecting {}", event.id, open.append.expected);
                ui.add(Label::new(RichText::new(id).font(theme::mono(11.0)).color(p.dim)).truncate());
            }
        });
    });
}
