//! One row of the stream list: what it shows, what hovering tells, and what can be done with it.

use super::context_menu::{Menu, context_menu};
use super::format;
use super::theme::{self, Palette};
use super::widgets::{elided, text_width};
use crate::aggregate::Tone;
use crate::app::{
    App, AskIntent, Dialog, Facet, Intent, List, ListIntent, Pinned, ProblemsIntent, ViewIntent,
};
use crate::record::{Created, json};
use crate::store::{Presence, StreamRow};
use egui::{Align2, Color32, FontId, Rect, Response, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use jiff::tz::TimeZone;

pub const ROW: f32 = 54.0;
pub const SIDE: f32 = 14.0;
/// Part of the first line that a figure may take.
const FIGURE: f32 = 0.55;
/// Characters of a value that hovering shows.
const VALUE: usize = 400;
/// Fields whose values the menu offers as a filter.
const FIELDS: usize = 4;

pub fn stream_row_ui(
    ui: &mut Ui,
    app: &App,
    row: &StreamRow,
    selected: bool,
    now: Created,
    out: &mut Vec<Intent>,
) -> Response {
    let (p, list) = (theme::palette(ui), app.list());
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let total = figure(list, row);
    let pill = pill(row, p);
    let name = format!("{} {} {total}", row.stream, pill.map_or("", |(word, ..)| word));
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, selected, name.clone()));
    if selected {
        ui.painter().rect_filled(rect, 0.0, p.accent_bg);
        ui.painter().rect_filled(rect.with_max_x(rect.left() + 2.0), 0.0, p.accent);
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, p.raise);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, p.bg));
    let inner = rect.shrink2(vec2(SIDE, 0.0)).with_min_x(rect.left() + SIDE + 2.0);
    first_line(ui, p, list, row, total, inner);
    second_line(ui, p, list, row, pill, now, (selected, inner));
    if response.clicked() {
        let (pins, stream) = (ui.input(|input| input.modifiers.shift), row.stream.clone());
        out.push(if pins {
            Intent::Ask(AskIntent::Pin(Pinned::Stream(stream)))
        } else {
            Intent::List(ListIntent::Select(stream))
        });
    }
    context_menu(&response, "Stream menu", out, |menu| menu_lines(menu, app, row));
    response.on_hover_ui(|ui| hover_ui(ui, p, list, row, now))
}

/// The name with its problems, and the leading figure.
fn first_line(ui: &Ui, p: &Palette, list: &List, row: &StreamRow, total: String, inner: Rect) {
    let middle = inner.top() + 16.0;
    let mono = || theme::mono(theme::SMALL);
    let painter = ui.painter().with_clip_rect(inner.intersect(ui.clip_rect()));
    let total = middle_cut(ui, total, inner.width() * FIGURE);
    let total = painter.text(pos2(inner.right(), middle), Align2::RIGHT_CENTER, total, mono(), p.text);
    let problems = (row.problems > 0)
        .then(|| painter.layout_no_wrap(format!("▲ {}", format::count(row.problems.into())), mono(), p.red));
    let beside = problems.as_ref().map_or(0.0, |problems| problems.size().x + 7.0);
    let room = total.left() - 10.0 - beside - inner.left();
    let id = elided(ui, &json::safe(list.name(row)), mono(), p.text, room);
    let mark = pos2(inner.left() + id.size().x + 7.0, middle);
    painter.galley(pos2(inner.left(), middle - id.size().y / 2.0), id, p.text);
    if let Some(problems) = problems {
        painter.galley(mark - vec2(0.0, problems.size().y / 2.0), problems, p.red);
    }
}

/// What it is about, its status and its age; a narrow list leaves out what hovering tells.
fn second_line(
    ui: &Ui,
    p: &Palette,
    list: &List,
    row: &StreamRow,
    pill: Option<(&str, Color32, Color32)>,
    now: Created,
    (selected, inner): (bool, Rect),
) {
    let (middle, is_narrow) = (inner.top() + 38.0, inner.width() < theme::NARROW_LIST - SIDE);
    let painter = ui.painter().with_clip_rect(inner.intersect(ui.clip_rect()));
    let small = || FontId::proportional(theme::SMALL);
    let mut room = inner.right();
    if let Some(last) = row.last_event.filter(|_| !is_narrow) {
        let color = if selected { p.dim } else { p.faint };
        let at = pos2(room, middle);
        let age = painter.text(at, Align2::RIGHT_CENTER, format::age(last, now), small(), color);
        room = age.left() - 6.0;
    }
    if let Some((word, color, fill)) = pill {
        let galley = painter.layout_no_wrap(word.to_owned(), FontId::proportional(11.0), color);
        let size = vec2(galley.size().x + 14.0, 17.0);
        let box_ = Rect::from_min_size(pos2(room - size.x, middle - 8.5), size);
        painter.rect_filled(box_, 4.0, fill);
        painter.galley(box_.center() - galley.size() / 2.0, galley, color);
        room = box_.left();
    }
    let about = elided(ui, &about(list, row, is_narrow), small(), p.dim, room - 8.0 - inner.left());
    painter.galley(pos2(inner.left(), middle - about.size().y / 2.0), about, p.dim);
}

/// A figure that is too wide keeps its beginning and its end.
fn middle_cut(ui: &Ui, text: String, room: f32) -> String {
    let one = text_width(ui, "0", theme::mono(theme::SMALL));
    let (mut fit, mut width) = (0, one);
    while width <= room {
        (fit, width) = (fit + 1, width + one);
    }
    let long = text.chars().count();
    if long <= fit || fit < 5 {
        return text;
    }
    let (head, tail) = ((fit - 1).div_ceil(2), (fit - 1) / 2);
    text.chars().take(head).chain(['…']).chain(text.chars().skip(long - tail)).collect()
}

/// The leading column of numbers, at the right of the first line.
fn figure(list: &List, row: &StreamRow) -> String {
    let Some(column) = list.leading(true) else { return String::new() };
    row.cell(&column.path).map_or_else(|| "—".to_owned(), |cell| format::number(&cell.text))
}

/// The leading column of texts, and how much there is to read.
fn about(list: &List, row: &StreamRow, is_narrow: bool) -> String {
    let what = match (row.presence, row.revision) {
        (Presence::Locked, _) => return "may not be read".to_owned(),
        (Presence::Deleted, _) => return "soft-deleted".to_owned(),
        (Presence::Tombstoned, _) => return "tombstoned".to_owned(),
        (Presence::Unknown, _) => return "its events of that time are gone".to_owned(),
        (Presence::Live, Some(newest)) if row.is_truncated() => format!("revisions {}–{newest}", row.first),
        (Presence::Live, _) => format::plural(row.events, "event"),
    };
    let leading = list.leading(false).and_then(|column| row.cell(&column.path));
    let mut texts = list.columns().iter().filter(|column| !column.numeric);
    match leading.or_else(|| texts.find_map(|column| row.cell(&column.path))) {
        Some(cell) if is_narrow => json::one_line(cell.text.as_bytes(), 80),
        Some(cell) => format!("{} · {what}", json::one_line(cell.text.as_bytes(), 80)),
        None => what,
    }
}

fn pill<'a>(row: &'a StreamRow, p: &Palette) -> Option<(&'a str, Color32, Color32)> {
    let (label, (color, fill)) = match (row.presence, &row.status) {
        (Presence::Locked, _) => ("Locked", p.tone(Tone::Warning)),
        (Presence::Deleted, _) => ("Deleted", p.tone(Tone::Bad)),
        (Presence::Tombstoned, _) => ("Tombstoned", p.tone(Tone::Bad)),
        (Presence::Unknown, _) => ("Unknown", p.tone(Tone::Warning)),
        (Presence::Live, _) if row.is_truncated() => ("Truncated", p.tone(Tone::Warning)),
        (Presence::Live, Some(status)) => (&*status.label, p.tone(status.tone)),
        (Presence::Live, None) => return None,
    };
    Some((label, color, fill))
}

/// All of what the row says, uncut.
fn hover_ui(ui: &mut Ui, p: &Palette, list: &List, row: &StreamRow, now: Created) {
    ui.set_max_width(440.0);
    ui.label(RichText::new(&*json::safe(row.stream.as_str())).font(theme::mono(theme::SMALL)));
    let mut say = |text: String| ui.label(RichText::new(text).size(theme::SMALL).color(p.dim));
    for column in list.columns() {
        if let Some(cell) = row.cell(&column.path) {
            let label = json::one_line(column.label.as_bytes(), 80);
            say(format!("{label} {}", json::one_line(cell.text.as_bytes(), VALUE)));
        }
    }
    if row.is_live()
        && let Some(newest) = row.revision
    {
        let revisions = if row.first == newest {
            format!("revision {newest}")
        } else {
            format!("revisions {}–{newest}", row.first)
        };
        say(format!("{}, {revisions}", format::plural(row.events, "event")));
    }
    if row.problems > 0 {
        say(format::plural(row.problems.into(), "problem"));
    }
    if let Some(last) = row.last_event {
        let age = u64::try_from(now.millis() - last.millis()).map(format::span);
        let age = age.map_or_else(|_| "in the future".to_owned(), |age| format!("{age} ago"));
        say(format!("Last event {age}"));
        let (local, utc) = (last.date_time_offset(&TimeZone::system()), last.date_time(&TimeZone::UTC));
        say(format!("{local} local\n{utc} UTC"));
    }
}

fn menu_lines(menu: &mut Menu<'_>, app: &App, row: &StreamRow) {
    menu.stream(app, &row.stream);
    menu.copy("Copy id", || row.stream.id().to_owned());
    menu.separator();
    let list = app.list();
    if row.problems > 0 {
        let text = format!("Problems of this stream ({})", format::count(row.problems.into()));
        menu.item_unless(&text, None, || {
            let words = ProblemsIntent::Words(row.stream.as_str().to_owned());
            [ViewIntent::Open(Dialog::Problems), ViewIntent::Problems(words)].map(Intent::View).into()
        });
    }
    let facet = facet_of(list, row);
    if let Some(facet) = facet {
        menu.item(&format!("Show only {}", list.facet_label(facet).to_lowercase()), || {
            Intent::List(ListIntent::Facet(facet))
        });
    }
    for column in list.columns().iter().take(FIELDS) {
        let Some(cell) = row.cell(&column.path).filter(|cell| !cell.text.is_empty()) else { continue };
        let (label, value) =
            (json::one_line(column.label.as_bytes(), 24), json::one_line(cell.text.as_bytes(), 24));
        menu.item(&format!("Filter by {label} {value}"), || {
            let text = if cell.is_text {
                serde_json::Value::from(&*cell.text).to_string()
            } else {
                cell.text.to_string()
            };
            Intent::List(ListIntent::Filter(format!("{} == {text}", column.path)))
        });
    }
}

/// The facet that holds such rows.
fn facet_of(list: &List, row: &StreamRow) -> Option<Facet> {
    match row.presence {
        Presence::Live if row.is_truncated() => Some(Facet::Truncated),
        Presence::Live => {
            let at = list.statuses().iter().position(|status| row.status.as_ref() == Some(status))?;
            Some(Facet::Status(at))
        }
        presence => Some(Facet::Presence(presence)),
    }
}
