//! What the dock says beside the form: how the last command ended, or what the one in the form would do.

use super::declined::declined;
use super::failure::unreadable;
use super::format;
use super::theme::Palette;
use super::widgets::{announced, is_low};
use crate::app::{App, CommandIntent, DecideAt, Decision, InFlight, Intent, Outcome};
use crate::decision::{Declined, Expected};
use crate::record::json;
use crate::sentences::{append_error, store_error};
use crate::store::AppendError;
use egui::{Button, Color32, Label, RichText, Ui, text::LayoutJob};

/// What happened last, or else what would happen now: as many lines as there is room for, the whole on hovering.
pub fn said_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    let (text, color) = match app.dock().outcome() {
        Some(outcome) => outcome_text(p, outcome),
        None => preview_text(p, app),
    };
    if app.dock().waits().is_some()
        && ui.button("Cancel the write").on_hover_text("Nothing was sent yet (Esc)").clicked()
    {
        out.push(Intent::Command(CommandIntent::Withdraw));
    }
    if let Some(Outcome::Appended { append, written }) = app.dock().outcome() {
        let way = RichText::new(format!("Go to revision {}", written.revision)).color(p.accent);
        if ui.add(Button::new(way).frame(false)).on_hover_text("The event that was written").clicked() {
            out.extend(Intent::open_at(append.stream.clone(), written.revision));
        }
    }
    let font = egui::TextStyle::Body.resolve(ui.style());
    let mut job = LayoutJob::simple(json::safe(&text).into_owned(), font, color, ui.available_width());
    (job.wrap.max_rows, job.break_on_newline) = (if is_low(ui.ctx()) { 1 } else { 2 }, false);
    announced(&ui.add(Label::new(job).wrap()));
}

fn outcome_text(p: &Palette, outcome: &Outcome) -> (String, Color32) {
    match outcome {
        Outcome::Invalid(text) => (text.clone(), p.red),
        Outcome::Declined(why) => (declined(why), p.red),
        Outcome::Appended { append, written } => {
            let what = append.events.first().map_or("an event", |event| &*event.event_type);
            let found = if written.recovered {
                " The answer was lost; the event was found in the stream."
            } else {
                ""
            };
            let through = written
                .leader
                .as_ref()
                .map_or_else(String::new, |leader| format!(" Written by the leader {leader}."));
            let (revision, stream) = (written.revision, &append.stream);
            (
                format!(
                    "✔ Appended {what} as revision {} of {stream}.{found}{through}",
                    format::rev(revision)
                ),
                p.green,
            )
        }
        Outcome::Failed { error: error @ AppendError::Withdrawn, .. } => (append_error(error), p.dim),
        // Its own box tells it.
        Outcome::Failed { error: AppendError::Conflict { .. }, .. } => ("Conflict".to_owned(), p.amber),
        Outcome::Failed { error, .. } => (format!("Not written: {}", append_error(error)), p.amber),
        Outcome::Unreadable(why) => (format!("Not sent: {}", unreadable(why)), p.amber),
        Outcome::NotSent(why) => (format!("Not sent: {why}"), p.amber),
    }
}

fn preview_text(p: &Palette, app: &App) -> (String, Color32) {
    let preview = app.preview();
    match app.dock().in_flight() {
        Some(InFlight { is_withdrawn: true, .. }) => return ("Cancelling the write…".to_owned(), p.dim),
        Some(InFlight { waits: Some(why), .. }) => {
            return (format!("Waiting, nothing was sent yet. {}", store_error(why)), p.amber);
        }
        Some(_) => return ("Writing…".to_owned(), p.dim),
        None => {}
    }
    match &preview.decision {
        Decision::Incomplete(what) => (what.to_string(), p.dim),
        Decision::Invalid(text) => (text.clone(), p.red),
        Decision::Unread => {
            ("This stream is read before it is decided. Press Append to open it.".to_owned(), p.dim)
        }
        Decision::Reading => ("Reading the stream…".to_owned(), p.dim),
        Decision::Stopped => ("Not read to its end: read on to decide.".to_owned(), p.dim),
        Decision::Unreadable(why) => (unreadable(why), p.red),
        Decision::Declined(Declined::Refused(refusal)) => {
            let because =
                preview.because.map_or_else(String::new, |r| format!(" (revision {})", format::rev(r)));
            let until = preview.accepted_until.as_ref().map_or_else(String::new, |until| format!(" {until}"));
            (format!("Refused: {refusal}{because}.{until}"), p.red)
        }
        Decision::Declined(why) => (declined(why), p.red),
        Decision::Accepted(append) => {
            let what = append.events.first().map_or("nothing", |event| &*event.event_type);
            let dry = if app.decides_on_existing() && app.dock().decide_at() == DecideAt::Playhead {
                "Dry run: would"
            } else {
                "Would"
            };
            let until = preview.accepted_until.as_ref().map_or_else(String::new, |until| format!(" {until}"));
            let any = append.expected == Expected::Any;
            let warning =
                if any { " Nothing is checked: what others append meanwhile is not seen." } else { "" };
            let blocked = app
                .write_blocked()
                .filter(|_| dry == "Would")
                .map_or_else(String::new, |why| format!(" {why}"));
            let color = if any || !blocked.is_empty() { p.amber } else { p.dim };
            (
                format!(
                    "{dry} append {what} to {}, expecting {}.{until}{warning}{blocked}",
                    append.stream, append.expected
                ),
                color,
            )
        }
    }
}
