//! The streams in which the condition of the list was ever true, the earliest first.

use super::table::{self, Line, head_ui, line_ui};
use crate::app::{App, EverState, Intent, ListIntent, ViewIntent};
use crate::record::{Created, json};
use crate::sentences;
use crate::store::FirstTrue;
use crate::ui::context_menu::context_menu;
use crate::ui::ever_note::go_to;
use crate::ui::failure::failure;
use crate::ui::format::{count, plural};
use crate::ui::moment_text::{local_and_utc, moment};
use crate::ui::scroll::{Place, Rows, height_of};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{empty, title};
use egui::{FontId, Label, Rect, Response, RichText, Ui};

const ROW: f32 = 24.0;
/// Highest that the rows are together.
const MOST: f32 = 400.0;
/// Of the columns before the last one.
const WHEN: f32 = 190.0;
const STREAM: f32 = 220.0;
const REVISION: f32 = 80.0;

/// Where its rows stand.
pub type Shown = Rows<()>;

pub fn ever_ui(ui: &mut Ui, app: &App, rows: &mut Shown, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let Some(ever) = app.ever() else { return };
    title(ui, "Ever true");
    let condition = json::one_line(ever.condition().text().as_bytes(), 200);
    ui.add(Label::new(RichText::new(condition).font(theme::mono(theme::SMALL))).wrap());
    let said = match ever.state() {
        EverState::Reading(events) => format!("Reading… {}", plural(*events, "event")),
        EverState::Looking { done, found } => format!(
            "{} of {} looked at; true in {} so far",
            count(*done),
            plural(ever.streams(), "stream"),
            count(*found)
        ),
        EverState::Done => format!(
            "True at some time in {} of {}, the earliest first.",
            count(ever.rows().len() as u64),
            plural(ever.streams(), "stream")
        ),
        EverState::Failed(why) => failure(why),
    };
    let color = if matches!(ever.state(), EverState::Failed(_)) { p.red } else { p.dim };
    ui.add(Label::new(RichText::new(json::safe(&said)).color(color)).wrap());
    if let Some(unseen) = ever.listing().and_then(|listing| listing.unseen).filter(|unseen| unseen.warns()) {
        let text = RichText::new(sentences::unseen(unseen)).size(theme::SMALL).color(p.dim);
        ui.add(Label::new(text).wrap());
    }
    ui.add_space(6.0);
    if matches!(ever.state(), EverState::Done) {
        if ever.rows().is_empty() {
            empty(ui, "Never true", "After no event of these streams the condition was true.");
        } else {
            ui.scope(|ui| table_ui(ui, p, (app, ever.rows()), rows, out));
        }
    }
    ui.add_space(8.0);
    if ui.button(if ever.is_running() { "Cancel" } else { "Close" }).clicked() {
        out.extend(ever.is_running().then_some(Intent::List(ListIntent::StopAskingEver)));
        out.push(Intent::View(ViewIntent::CloseDialog));
    }
}

fn table_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, found): (&App, &[FirstTrue]),
    rows: &mut Shown,
    out: &mut Vec<Intent>,
) {
    ui.spacing_mut().item_spacing.y = 0.0;
    head_ui(ui, p, ROW, ["First true", "Stream", "Revision", "Event"], cells);
    let place = Place {
        key: (),
        row: None,
        keep: false,
        row_height: ROW,
        height: height_of(found.len(), ROW).min(MOST),
        bar: ui.scope_id().with("bar"),
        name: "Scroll the streams in which it was true",
    };
    let now = Created::now();
    rows.show(ui, place, found.len(), |ui, row| match found.get(row) {
        Some(first) => row_ui(ui, p, (app, first), (row % 2 == 1, now), out),
        None => ui.response(),
    });
}

/// The columns of a row; what the others leave is the event's.
fn cells(row: Rect) -> [Rect; 4] {
    table::cells(row, [WHEN, STREAM, REVISION, f32::INFINITY])
}

/// A click opens the stream at the event.
fn row_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, first): (&App, &FirstTrue),
    (striped, now): (bool, Created),
    out: &mut Vec<Intent>,
) -> Response {
    let stream = json::one_line(first.stream.as_str().as_bytes(), 200);
    let (revision, when) = (count(first.revision.0), moment(first.created, now));
    let event = json::one_line(first.event_type.as_bytes(), 200);
    let name = format!("{stream} rev {revision} {event}");
    let line = Line { name: &name, height: ROW, striped, is_current: None };
    let (mono, small) = (theme::mono(theme::SMALL), FontId::proportional(theme::SMALL));
    let texts = [
        (&*when, mono.clone(), p.dim),
        (&*stream, mono.clone(), p.text),
        (&*revision, mono, p.text),
        (&*event, small, p.text),
    ];
    let response = line_ui(ui, p, &line, texts, cells);
    let response = response.on_hover_text(local_and_utc(first.created));
    if response.clicked() {
        out.push(Intent::View(ViewIntent::CloseDialog));
        out.extend(go_to(first));
    }
    context_menu(&response, "Event menu", out, |menu| menu.event(app, &first.stream, first.revision));
    response
}
