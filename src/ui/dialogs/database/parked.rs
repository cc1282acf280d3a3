//! Parked messages: why, since when, and the event that each stands for.

use super::event_rows::{HEIGHT, ROW, head_ui, line_ui, open};
use super::tail::unreadable;
use crate::app::{App, Intent, Told};
use crate::record::{Created, json};
use crate::sentences::{reason, retries};
use crate::store::ParkedMessage;
use crate::ui::context_menu::context_menu;
use crate::ui::moment_text::local_and_utc;
use crate::ui::scroll::{Place, Rows};
use crate::ui::theme;
use crate::ui::widgets::empty;
use egui::{Label, Response, RichText, Ui};
use jiff::tz::TimeZone;

const WIDTHS: [f32; 5] = [180.0, 170.0, 220.0, 186.0, f32::INFINITY];

/// Where its rows stand.
pub type Shown = Rows<()>;

pub fn parked_ui(
    ui: &mut Ui,
    app: &App,
    told: Option<&Told<Vec<ParkedMessage>>>,
    rows: &mut Shown,
    out: &mut Vec<Intent>,
) {
    let p = theme::palette(ui);
    let messages = match told {
        None | Some(Told::Asked) => {
            ui.label(RichText::new("Reading the parked messages…").color(p.dim));
            return;
        }
        Some(Told::Failed(why)) => {
            ui.add(Label::new(RichText::new(unreadable(why)).color(p.red)).wrap());
            return;
        }
        Some(Told::Known(messages)) => messages,
    };
    if messages.is_empty() {
        let text = "What a group of a persistent subscription cannot handle is parked, and comes here.";
        return empty(ui, "No message is parked", text);
    }
    let place = Place {
        key: (),
        row: None,
        keep: false,
        row_height: ROW,
        height: HEIGHT,
        bar: ui.scope_id().with("bar"),
        name: "Scroll the parked messages",
    };
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        head_ui(ui, ["Parked", "Group", "Reason", "Retries", "Event"], WIDTHS);
        rows.show(ui, place, messages.len(), |ui, row| match messages.get(row) {
            Some(message) => row_ui(ui, app, message, row % 2 == 1, out),
            None => ui.response(),
        });
    });
}

fn row_ui(ui: &mut Ui, app: &App, message: &ParkedMessage, striped: bool, out: &mut Vec<Intent>) -> Response {
    let event = match (&message.event, &message.names) {
        (Some(event), _) => format!("{}@{} {}", event.stream, event.revision, event.event_type),
        (None, Some((stream, revision))) => format!("{stream}@{revision} is gone"),
        (None, None) => "names no event".to_owned(),
    };
    let (event, reason) = (json::safe(&event).into_owned(), reason(message));
    let (group, reason) = (json::safe(&message.group), json::safe(&reason));
    let at = Created::parse(&message.added);
    let added = at.map(|added| added.date_time(&TimeZone::system()));
    let added = added.unwrap_or_else(|| json::safe(&message.added).into_owned());
    let retries = retries(message);
    let name = format!("{event}, parked for {group}: {reason}");
    let response = line_ui(ui, &name, [&added, &group, &reason, &retries, &event], WIDTHS, striped);
    if response.clicked()
        && let Some(event) = &message.event
    {
        open(&event.stream, event.revision, out);
    }
    if let Some(event) = &message.event {
        context_menu(&response, "Event menu", out, |menu| menu.event(app, &event.stream, event.revision));
    }
    let times = at.map_or_else(String::new, |at| format!("\n{}", local_and_utc(at)));
    response.on_hover_text(format!("{name}{times}"))
}
