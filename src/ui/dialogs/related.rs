//! All events of a correlation, or what was written around an event, as lanes and as a list.

use crate::app::{App, Intent, RelatedEvents, RelatedIntent, RelatedState, ViewIntent};
use crate::record::json;
use crate::store::Sought;
use crate::ui::related::{Shown, counts, lanes_ui, rows_ui, state_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{chip, empty, is_low, named, title};
use egui::{RichText, Role, Ui};

/// Lanes and rows that are in view at most, and where the window is low.
const LANES: usize = 9;
const ROWS: usize = 12;
const LOW: usize = 5;
/// Spans that are offered, in seconds.
const SPANS: [(i64, &str); 5] = [(1, "1 s"), (5, "5 s"), (30, "30 s"), (120, "2 min"), (600, "10 min")];
/// Ticks of 100 ns.
const SECOND: i64 = 10_000_000;

pub fn related_ui(ui: &mut Ui, app: &App, shown: &mut Shown, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let Some(related) = app.related() else {
        empty(ui, "Nothing is looked for", "Select an event that has a $correlationId.");
        return close_ui(ui, out);
    };
    head_ui(ui, p, related, out);
    ui.label(RichText::new(counts(related)).color(p.text));
    state_ui(ui, p, related, out);
    let is_done = matches!(related.state(), RelatedState::Done(_));
    if related.lanes().events().is_empty() {
        if is_done {
            empty(ui, "No event was found", "Check the id, or look in another database.");
        }
    } else {
        let (lanes, rows) = if is_low(ui.ctx()) { (LOW, LOW) } else { (LANES, ROWS) };
        ui.add_space(6.0);
        lanes_ui(ui, p, app, related, lanes, out);
        ui.add_space(4.0);
        rows_ui(ui, p, app, related, (shown, rows), out);
    }
    close_ui(ui, out);
}

fn head_ui(ui: &mut Ui, p: &Palette, related: &RelatedEvents, out: &mut Vec<Intent>) {
    match related.sought() {
        Sought::Correlation { id, .. } => {
            title(ui, "Belongs together");
            let id = json::one_line(id.as_bytes(), 120);
            ui.label(
                RichText::new(format!("$correlationId {id}")).font(theme::mono(theme::SMALL)).color(p.dim),
            );
        }
        Sought::Around { stream, revision, within, .. } => {
            let stream = json::one_line(stream.as_str().as_bytes(), 80);
            title(ui, &format!("What else happened around {stream}@{revision}"));
            ui.horizontal(|ui| {
                ui.label(RichText::new("Within").color(p.dim));
                for (seconds, text) in SPANS {
                    let ticks = seconds * SECOND;
                    let chip = chip(ui, text, *within == ticks);
                    named(&chip, Role::Button, &format!("Within {text}"));
                    if chip.clicked() {
                        out.push(Intent::Related(RelatedIntent::Within(ticks)));
                    }
                }
            });
        }
    }
}

fn close_ui(ui: &mut Ui, out: &mut Vec<Intent>) {
    ui.add_space(8.0);
    if ui.button("Close").clicked() {
        out.push(Intent::View(ViewIntent::CloseDialog));
    }
}
