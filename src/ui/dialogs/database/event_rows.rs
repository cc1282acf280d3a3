//! Events of `$all` as rows; a click opens the stream at the event.

use crate::app::{Intent, ListIntent, TimeIntent, ViewIntent};
use crate::record::{Record, Revision, StreamName, json};
use crate::ui::scroll::{Place, Rows};
use crate::ui::theme;
use crate::ui::widgets::elided;
use egui::{Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use jiff::tz::TimeZone;

pub const ROW: f32 = 22.0;
/// Of the rows together.
pub const HEIGHT: f32 = 380.0;
const SIDE: f32 = 8.0;
/// Of the time, the stream and the type; the data has the rest.
const WIDTHS: [f32; 3] = [186.0, 200.0, 140.0];
/// Characters of the data that are looked at for its line.
const DATA: usize = 200;

/// Where its rows stand.
pub type Shown = Rows<()>;

/// Of so many events; `get` finds one by its row.
pub fn rows_ui<'r>(
    ui: &mut Ui,
    rows: &mut Shown,
    count: usize,
    get: impl Fn(usize) -> Option<&'r Record>,
    out: &mut Vec<Intent>,
) {
    let place = Place {
        key: (),
        row: None,
        keep: false,
        row_height: ROW,
        height: HEIGHT,
        bar: ui.scope_id().with("bar"),
        name: "Scroll the events",
    };
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        rows.show(ui, place, count, |ui, row| match get(row) {
            Some(record) => row_ui(ui, record, row % 2 == 1, out),
            None => ui.response(),
        });
    });
}

fn row_ui(ui: &mut Ui, record: &Record, striped: bool, out: &mut Vec<Intent>) -> Response {
    let stream = json::safe(&format!("{}@{}", record.stream, record.revision)).into_owned();
    let event_type = json::safe(&record.event_type).into_owned();
    let time = record.created.date_time(&TimeZone::system());
    let data = json::one_line(&record.data, DATA);
    let name = format!("{event_type}, {stream}");
    let response = line_ui(ui, &name, &[&time, &stream, &event_type, &data], &WIDTHS, striped);
    if response.clicked() {
        open(&record.stream, record.revision, out);
    }
    response
}

/// Texts in columns of these widths, the last of which has the rest.
pub fn line_ui(ui: &mut Ui, name: &str, texts: &[&str], widths: &[f32], striped: bool) -> Response {
    let p = theme::palette(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 4.0, p.accent_bg);
    } else if striped {
        ui.painter().rect_filled(rect, 0.0, p.raise);
    }
    let mut left = rect.left() + SIDE;
    for (place, text) in texts.iter().enumerate() {
        let right = widths.get(place).map_or(rect.right() - SIDE, |width| left + width);
        let cell = Rect::from_min_max(pos2(left, rect.top()), pos2(right - SIDE, rect.bottom()));
        let color = if place == 0 { p.dim } else { p.text };
        let line = elided(ui, text, theme::mono(theme::SMALL), color, cell.width().max(0.0));
        let at = pos2(cell.left(), cell.center().y - line.size().y / 2.0);
        ui.painter().galley(at, line, color);
        left = right;
    }
    response
}

/// The stream at the event, and the room is closed.
pub fn open(stream: &StreamName, revision: Revision, out: &mut Vec<Intent>) {
    out.push(Intent::View(ViewIntent::CloseDialog));
    out.push(Intent::List(ListIntent::Select(stream.clone())));
    out.push(Intent::Time(TimeIntent::GoTo(revision)));
}
