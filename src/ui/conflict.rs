//! A conflict told in the dock: what was decided on, what came since, and what the command would do now.

use super::failure::unreadable;
use super::theme::{self, Palette};
use super::widgets::named;
use crate::app::{CommandIntent, Conflict, Decision, Intent};
use crate::record::json;
use crate::sentences::append_error;
use egui::{Button, CornerRadius, Frame, Label, Margin, RichText, Role, Ui};
use jiff::tz::TimeZone;

pub fn conflict_ui(ui: &mut Ui, p: &Palette, conflict: &Conflict<'_>, out: &mut Vec<Intent>) {
    let frame = Frame::new()
        .fill(p.amber_bg)
        .stroke((1.0, p.amber))
        .corner_radius(CornerRadius::same(6))
        .inner_margin(Margin::symmetric(12, 9));
    frame.show(ui, |ui| {
        ui.set_width(ui.available_width());
        ui.spacing_mut().item_spacing.y = 3.0;
        let decided = conflict.decided_at.map_or_else(
            || "You decided on a stream with no events.".to_owned(),
            |r| format!("You decided at revision {r}."),
        );
        ui.add(Label::new(RichText::new(append_error(conflict.error)).color(p.text)).wrap());
        ui.label(RichText::new(format!("{decided} Nothing was written. Appended since:")).color(p.dim));
        for since in &conflict.since {
            let record = since.record;
            let kind = json::safe(&record.event_type).into_owned();
            let state = if since.state.is_empty() { "state unchanged" } else { &since.state };
            let state = json::one_line(state.as_bytes(), 120);
            let clock = record.created.clock(&TimeZone::system());
            let text = format!("rev {}  {clock}  {kind}  → {state}", record.revision);
            ui.add(Label::new(RichText::new(text).font(theme::mono(theme::SMALL)).color(p.text)).truncate());
        }
        // Keeps its id while rows come in above it, so that a click in progress is not lost.
        ui.push_id("decide again", |ui| {
            ui.horizontal(|ui| {
                let again =
                    ui.add(Button::new(RichText::new("Decide again").color(p.on_accent)).fill(p.accent));
                named(&again, Role::Button, "Decide again");
                if again.on_hover_text("Decides on what is there now; nothing is sent yet").clicked() {
                    out.push(Intent::Command(CommandIntent::DecideAgain));
                }
                let now = json::safe(&now(conflict)).into_owned();
                ui.add(Label::new(RichText::new(now).color(p.text)).truncate());
            })
        });
    });
}

fn now(conflict: &Conflict<'_>) -> String {
    let Some(now) = &conflict.now else { return "Reading what was appended since…".to_owned() };
    match &now.decision {
        Decision::Accepted(append) => {
            let what = append.events.first().map_or("nothing", |event| &*event.event_type);
            format!("Now it would still be accepted: {what}, expecting {}.", append.expected)
        }
        Decision::Refused(refusal) => format!("Now it would be refused: {refusal}."),
        Decision::Invalid(text) => text.clone(),
        Decision::Incomplete(what) => (*what).to_owned(),
        Decision::Unread | Decision::Reading => "The stream is read first.".to_owned(),
        Decision::Unreadable(why) => unreadable(why),
    }
}
