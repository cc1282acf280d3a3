//! The streams in which the condition of the list was ever true, the earliest first.

use crate::app::{App, EverState, Intent, ListIntent, ViewIntent};
use crate::record::{Created, json};
use crate::sentences;
use crate::store::FirstTrue;
use crate::ui::ever_note::go_to;
use crate::ui::failure::failure;
use crate::ui::format::{count, plural};
use crate::ui::moment_text::moment;
use crate::ui::scroll::{Place, Rows, height_of};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{elided, empty, title};
use egui::{Align2, FontId, Label, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

const ROW: f32 = 24.0;
/// Highest that the rows are together.
const MOST: f32 = 400.0;
const SIDE: f32 = 8.0;
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
            ui.scope(|ui| table_ui(ui, p, ever.rows(), rows, out));
        }
    }
    ui.add_space(8.0);
    if ui.button(if ever.is_running() { "Cancel" } else { "Close" }).clicked() {
        out.extend(ever.is_running().then_some(Intent::List(ListIntent::StopAskingEver)));
        out.push(Intent::View(ViewIntent::CloseDialog));
    }
}

fn table_ui(ui: &mut Ui, p: &Palette, found: &[FirstTrue], rows: &mut Shown, out: &mut Vec<Intent>) {
    ui.spacing_mut().item_spacing.y = 0.0;
    let (_, head) = ui.allocate_space(vec2(ui.available_width(), ROW));
    for (cell, name) in cells(head).into_iter().zip(["First true", "Stream", "Revision", "Event"]) {
        let font = FontId::proportional(theme::SMALL);
        ui.painter().text(cell.left_center(), Align2::LEFT_CENTER, name, font, p.dim);
    }
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
        Some(first) => row_ui(ui, p, first, (row % 2 == 1, now), out),
        None => ui.response(),
    });
}

/// The columns of a row; what the others leave is the event's.
fn cells(row: Rect) -> [Rect; 4] {
    let row = row.shrink2(vec2(SIDE, 0.0));
    let mut left = row.left();
    let mut cell = |width: f32| {
        let from = left;
        left = (left + width).min(row.right());
        Rect::from_min_max(pos2(from, row.top()), pos2((left - SIDE).max(from), row.bottom()))
    };
    [cell(WHEN), cell(STREAM), cell(REVISION), cell(f32::INFINITY)]
}

/// A click opens the stream at the event.
fn row_ui(
    ui: &mut Ui,
    p: &Palette,
    first: &FirstTrue,
    (striped, now): (bool, Created),
    out: &mut Vec<Intent>,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let stream = json::one_line(first.stream.as_str().as_bytes(), 200);
    let (revision, when) = (count(first.revision.0), moment(first.created, now));
    let event = json::one_line(first.event_type.as_bytes(), 200);
    let name = format!("{stream} rev {revision} {event}");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name.clone()));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 4.0, p.accent_bg);
    } else if striped {
        ui.painter().rect_filled(rect, 0.0, p.raise);
    }
    let (mono, small) = (theme::mono(theme::SMALL), FontId::proportional(theme::SMALL));
    let texts = [
        (&when, mono.clone(), p.dim),
        (&stream, mono.clone(), p.text),
        (&revision, mono, p.text),
        (&event, small, p.text),
    ];
    for (cell, (text, font, color)) in cells(rect).into_iter().zip(texts) {
        let line = elided(ui, text, font, color, cell.width());
        ui.painter().galley(pos2(cell.left(), cell.center().y - line.size().y / 2.0), line, color);
    }
    if response.clicked() {
        out.push(Intent::View(ViewIntent::CloseDialog));
        out.extend(go_to(first));
    }
    response
}
