//! Beside the count of the streams that meet the condition: in how many it was ever true, and where first of all.

use super::failure::failure;
use super::theme::{self, Palette};
use super::{format, moment_text};
use crate::app::{Action, App, Ever, EverState, Intent, ListIntent};
use crate::record::{Created, json};
use crate::store::FirstTrue;
use egui::{Button, Color32, Label, Response, RichText, Ui};

const ABOUT: &str =
    "In how many streams it was ever true, and where first of all. Reads every event of the list.";
/// Characters of a stream's name.
const MOST_NAME: usize = 40;

pub fn ever_note_ui(ui: &mut Ui, p: &Palette, app: &App, out: &mut Vec<Intent>) {
    let ask = Intent::List(ListIntent::AskEver);
    match app.ever().map(|ever| (ever, ever.state())) {
        None => {
            if link(ui, p, "Ever?").on_hover_text(ABOUT).clicked() {
                out.push(ask);
            }
        }
        Some((ever, state @ (EverState::Reading(_) | EverState::Looking { .. }))) => {
            text(ui, &progress(ever, state), p.dim);
            if link(ui, p, "Stop asking").clicked() {
                out.push(Intent::List(ListIntent::StopAskingEver));
            }
        }
        Some((_, EverState::Failed(why))) => {
            text(ui, &failure(why), p.red);
            if link(ui, p, "Ask again").clicked() {
                out.push(ask);
            }
        }
        Some((ever, EverState::Done)) => found_ui(ui, p, ever, out),
    }
}

fn progress(ever: &Ever, state: &EverState) -> String {
    match state {
        EverState::Looking { done, found } => format!(
            "asking… {} of {}, ever true in {} so far",
            format::count(*done),
            format::plural(ever.streams(), "stream"),
            format::count(*found)
        ),
        EverState::Reading(events) => format!("reading… {}", format::plural(*events, "event")),
        EverState::Done | EverState::Failed(_) => String::new(),
    }
}

fn found_ui(ui: &mut Ui, p: &Palette, ever: &Ever, out: &mut Vec<Intent>) {
    let Some(first) = ever.rows().first() else {
        text(ui, "never true in any of them", p.dim);
        return;
    };
    let said = format!("ever true in {}", format::count(ever.rows().len() as u64));
    if link(ui, p, &said).on_hover_text("The streams, and since when").clicked() {
        out.extend(Action::Ever.intent());
    }
    ui.end_row();
    let name = json::one_line(first.stream.as_str().as_bytes(), MOST_NAME);
    let when = moment_text::moment(first.created, Created::now());
    let said = format!("first: {name} rev {}, {when}", format::count(first.revision.0));
    if link(ui, p, &said).on_hover_text("The earliest event after which it was true").clicked() {
        out.extend(go_to(first));
    }
}

/// The stream at the event after which it was first true.
pub fn go_to(first: &FirstTrue) -> [Intent; 2] {
    Intent::open_at(first.stream.clone(), first.revision)
}

fn text(ui: &mut Ui, text: &str, color: Color32) {
    ui.add(Label::new(RichText::new(json::safe(text)).size(theme::SMALL).color(color)).wrap());
}

fn link(ui: &mut Ui, p: &Palette, text: &str) -> Response {
    ui.add(Button::new(RichText::new(text).size(theme::SMALL).color(p.accent)).frame(false))
}
