//! What belongs together with the event at the playhead, in its tab.

use super::parts::section;
use crate::app::{Action, App, Intent, RelatedEvents, RelatedIntent, RelatedState};
use crate::record::json;
use crate::store::RelatedSource;
use crate::ui::related::{Shown, counts, lanes_ui, rows_ui, state_ui};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::named;
use egui::{RichText, Role, Ui};

/// Lanes and rows that are in view at most.
const LANES: usize = 6;
const ROWS: usize = 6;

/// Below an event that has a correlation, and a way to what was written around it.
pub fn together_ui(ui: &mut Ui, p: &Palette, app: &App, shown: &mut Shown, out: &mut Vec<Intent>) {
    if let Some((related, id)) = followed(app).and_then(|related| Some((related, related.correlation()?))) {
        section(ui, "Belongs together", |ui| {
            let id = json::one_line(id.as_bytes(), 60);
            ui.label(RichText::new(format!("$correlationId {id}")).font(theme::mono(11.0)).color(p.dim));
            if !related.lanes().events().is_empty() {
                lanes_ui(ui, p, app, related, LANES, out);
                rows_ui(ui, p, app, related, (shown, ROWS), out);
            }
            state_ui(ui, p, related, out);
        });
    }
    section(ui, "Around it", |ui| {
        let button = ui.button(Action::Around.name());
        if button.on_hover_text("Everything that was written within seconds of it").clicked() {
            out.extend(Action::Around.intent());
        }
    });
}

fn followed(app: &App) -> Option<&RelatedEvents> {
    let id = app.related_ids()?.correlation.as_deref()?;
    app.related().filter(|related| related.correlation().is_some_and(|of| **of == *id))
}

/// How many events have the correlation: shows them.
pub fn correlation_link_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let Some(related) = followed(app) else { return };
    let is_known = matches!(related.state(), RelatedState::Done(_));
    let text = match related.source() {
        RelatedSource::NoLinks => "Find its events".to_owned(),
        _ if is_known => counts(related),
        _ => "Looking…".to_owned(),
    };
    let link = ui.link(RichText::new(&text).size(theme::SMALL));
    named(&link, Role::Button, &format!("Correlation: {text}"));
    if link.clicked() {
        out.extend(Action::Together.intent());
    }
}

/// The event that led to this one, where it is known.
pub fn causation_link_ui(ui: &mut Ui, app: &App, out: &mut Vec<Intent>) {
    let cause = followed(app).and_then(|related| {
        let record = app.opened()?.frame().record()?;
        let lanes = related.lanes();
        let effect = lanes.place(record.stream, record.revision)?;
        lanes.events().get(lanes.cause_of(effect)?)
    });
    let Some(cause) = cause else { return };
    let text = format!("{}@{}", json::one_line(cause.stream.as_str().as_bytes(), 40), cause.revision);
    let link = ui.link(RichText::new(&text).size(theme::SMALL));
    named(&link, Role::Button, &format!("Open cause {text}"));
    if link.clicked() {
        let open = RelatedIntent::Open(cause.stream.clone(), cause.revision);
        out.push(Intent::Related(open));
    }
}
