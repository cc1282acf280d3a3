//! A conflict told in the dock: what was decided on, what came since, and what the command would do now.

use super::declined::declined;
use super::format;
use super::theme::{self, Palette};
use super::widgets::named;
use crate::app::{CommandIntent, Intent};
use crate::decision::{Conflict, Declined, Since};
use crate::history::Change;
use crate::record::json;
use crate::sentences::append_error;
use crate::store::AppendError;
use egui::{Button, CornerRadius, Frame, Label, Margin, RichText, Role, Ui};
use jiff::tz::TimeZone;

pub fn conflict_ui(
    ui: &mut Ui,
    p: &Palette,
    error: &AppendError,
    conflict: &Conflict,
    out: &mut Vec<Intent>,
) {
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
            |r| format!("You decided at revision {}.", format::rev(r)),
        );
        ui.add(Label::new(RichText::new(append_error(error)).color(p.text)).wrap());
        ui.label(RichText::new(format!("{decided} Nothing was written. Appended since:")).color(p.dim));
        for since in conflict.since.iter().flatten() {
            let text = RichText::new(told(since)).font(theme::mono(theme::SMALL)).color(p.text);
            ui.add(Label::new(text).truncate());
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

/// An event that came between, and the fields that it changed, like `Paid: true`.
fn told(since: &Since) -> String {
    let change = |change: &Change| format!("{}: {}", change.field, change.after.as_deref().unwrap_or("gone"));
    let changes: Vec<_> = since.changes.iter().map(change).collect();
    let state = if changes.is_empty() { "state unchanged".to_owned() } else { changes.join(", ") };
    let state = json::one_line(state.as_bytes(), 120);
    let (kind, clock) = (json::safe(&since.event_type), since.created.clock(&TimeZone::system()));
    format!("rev {}  {clock}  {kind}  → {state}", format::rev(since.revision))
}

fn now(conflict: &Conflict) -> String {
    match (&conflict.since, &conflict.now) {
        (None, _) => "Reading what was appended since…".to_owned(),
        // The form holds another command by now.
        (Some(_), None) => String::new(),
        (_, Some(Ok(append))) => {
            let what = append.events.first().map_or("nothing", |event| &*event.event_type);
            format!("Now it would still be accepted: {what}, expecting {}.", append.expected)
        }
        (_, Some(Err(Declined::Refused(refusal)))) => format!("Now it would be refused: {refusal}."),
        (_, Some(Err(why))) => declined(why),
    }
}
