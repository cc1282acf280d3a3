//! Events of `$all` as rows; a click opens the stream at the event.

use crate::app::{App, Intent, ViewIntent};
use crate::record::{Record, Revision, StreamName, json};
use crate::ui::context_menu::context_menu;
use crate::ui::dialogs::table::{self, Line};
use crate::ui::moment_text::local_and_utc;
use crate::ui::scroll::{Place, Rows};
use crate::ui::theme;
use egui::{Response, Ui};
use jiff::tz::TimeZone;

pub const ROW: f32 = 22.0;
/// Of the rows together.
pub const HEIGHT: f32 = 358.0;
/// Of the time, the stream and the type; the data has the rest.
const WIDTHS: [f32; 4] = [186.0, 200.0, 140.0, f32::INFINITY];
/// Characters of the data that are looked at for its line.
const DATA: usize = 200;

/// Where its rows stand.
pub type Shown = Rows<()>;

/// Of so many events; `get` finds one by its row.
pub fn rows_ui<'r>(
    ui: &mut Ui,
    app: &App,
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
        head_ui(ui, ["Time", "Event", "Type", "Data"], WIDTHS);
        rows.show(ui, place, count, |ui, row| match get(row) {
            Some(record) => row_ui(ui, app, record, row % 2 == 1, out),
            None => ui.response(),
        });
    });
}

fn row_ui(ui: &mut Ui, app: &App, record: &Record, striped: bool, out: &mut Vec<Intent>) -> Response {
    let stream = json::safe(&format!("{}@{}", record.stream, record.revision)).into_owned();
    let event_type = json::safe(&record.event_type).into_owned();
    let time = record.created.date_time(&TimeZone::system());
    let data = json::one_line(&record.data, DATA);
    let name = format!("{event_type}, {stream}");
    let response = line_ui(ui, &name, [&time, &stream, &event_type, &data], WIDTHS, striped);
    let response = response.on_hover_text(local_and_utc(record.created));
    if response.clicked() {
        open(&record.stream, record.revision, out);
    }
    context_menu(&response, "Event menu", out, |menu| menu.event(app, &record.stream, record.revision));
    response
}

/// The names of columns of these widths.
pub fn head_ui<const N: usize>(ui: &mut Ui, names: [&str; N], widths: [f32; N]) {
    let p = theme::palette(ui);
    table::head_ui(ui, p, ROW, names, |row| table::cells(row, widths));
}

/// Texts in columns of these widths.
pub fn line_ui<const N: usize>(
    ui: &mut Ui,
    name: &str,
    texts: [&str; N],
    widths: [f32; N],
    striped: bool,
) -> Response {
    let p = theme::palette(ui);
    let mut color = p.dim;
    let texts = texts.map(|text| (text, theme::mono(theme::SMALL), std::mem::replace(&mut color, p.text)));
    let line = Line { name, height: ROW, striped, is_current: None };
    table::line_ui(ui, p, &line, texts, |row| table::cells(row, widths))
}

/// The stream at the event, and the room is closed.
pub fn open(stream: &StreamName, revision: Revision, out: &mut Vec<Intent>) {
    out.push(Intent::View(ViewIntent::CloseDialog));
    out.extend(Intent::open_at(stream.clone(), revision));
}
