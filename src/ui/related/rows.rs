//! The same events as a list, which the keyboard reaches.

use super::{described, marked};
use crate::app::{App, Intent, RelatedEvents, RelatedIntent};
use crate::history::{Lanes, RelatedEvent};
use crate::record::json;
use crate::store::Ticket;
use crate::ui::context_menu::context_menu;
use crate::ui::events::type_color;
use crate::ui::moment_text::local_and_utc;
use crate::ui::scroll::{Place, Rows, height_of};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{elided, named};
use egui::{FontId, Response, Role, Sense, Ui, pos2, vec2};
use jiff::tz::TimeZone;

const ROW: f32 = 24.0;
/// Of the column with the time.
const TIME: f32 = 92.0;
/// Of the revision behind the stream.
const REVISION: f32 = 40.0;
/// How much of the rest the streams take.
const STREAM: f32 = 0.5;
/// Longest stream and type, in characters.
const SHOWN: usize = 80;

/// Which event of which search was last brought into view.
pub type Shown = Rows<(Ticket, Option<usize>)>;

/// At most so many rows in view.
pub fn rows_ui(
    ui: &mut Ui,
    p: &Palette,
    app: &App,
    related: &RelatedEvents,
    (shown, most): (&mut Shown, usize),
    out: &mut Vec<Intent>,
) {
    let (lanes, marked) = (related.lanes(), marked(app, related));
    let place = Place {
        key: (related.ticket(), marked),
        row: marked,
        keep: true,
        row_height: ROW,
        height: height_of(lanes.events().len().min(most), ROW),
        bar: ui.scope_id().with("related"),
        name: "Scroll the events that belong together",
    };
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        shown.show(ui, place, lanes.events().len(), |ui, row| {
            row_ui(ui, p, app, (lanes, row), marked == Some(row), out)
        });
    });
}

fn row_ui(
    ui: &mut Ui,
    p: &Palette,
    app: &App,
    (lanes, row): (&Lanes, usize),
    is_marked: bool,
    out: &mut Vec<Intent>,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let Some(event) = lanes.events().get(row) else { return response };
    let cause = lanes.cause_of(row).and_then(|cause| lanes.events().get(cause));
    named(&response, Role::Button, &name(event, cause, is_marked));
    if is_marked {
        ui.painter().rect_filled(rect, 0.0, p.accent_bg);
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, p.raise);
    }
    let inside = rect.shrink2(vec2(4.0, 0.0));
    let streams = (inside.width() - TIME) * STREAM;
    let (mono, plain) = (theme::mono(11.0), FontId::proportional(theme::SMALL));
    let one_line = |text: &str| json::one_line(text.as_bytes(), SHOWN);
    let (stream, revision) = (one_line(event.stream.as_str()), format!("@{}", event.revision));
    // A long name is cut, and the revision is not.
    let cut = elided(ui, &stream, mono.clone(), p.text, streams - 14.0 - REVISION);
    let after = TIME + cut.size().x;
    let color = type_color(p, app.registry().for_stream(&event.stream).schema(), &event.event_type);
    let texts = [
        (0.0, TIME, event.created.clock(&TimeZone::system()), mono.clone(), p.dim),
        (TIME, streams - 14.0 - REVISION, stream, mono.clone(), p.text),
        (after, REVISION, revision, mono, p.text),
        (TIME + streams, inside.width() - TIME - streams, one_line(&event.event_type), plain, p.text),
    ];
    ui.painter().circle_filled(pos2(inside.left() + TIME + streams - 7.0, rect.center().y), 3.0, color);
    for (x, width, text, font, color) in texts {
        let line = elided(ui, &text, font, color, width);
        ui.painter().galley(pos2(inside.left() + x, rect.center().y - line.size().y / 2.0), line, color);
    }
    if response.clicked() {
        let open = RelatedIntent::Open(event.stream.clone(), event.revision);
        out.push(Intent::Related(open));
    }
    context_menu(&response, "Event menu", out, |menu| menu.event(app, &event.stream, event.revision));
    response.on_hover_ui(|ui| {
        ui.label(name(event, cause, is_marked));
        ui.label(local_and_utc(event.created));
    })
}

fn name(event: &RelatedEvent, cause: Option<&RelatedEvent>, is_marked: bool) -> String {
    let mark = if is_marked { "Here: " } else { "" };
    let by = cause.map(|cause| {
        let stream = json::one_line(cause.stream.as_str().as_bytes(), SHOWN);
        format!(", caused by {stream}@{}", cause.revision)
    });
    format!("{mark}{}{}", described(event), by.unwrap_or_default())
}
