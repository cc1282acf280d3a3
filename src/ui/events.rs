//! The event table, and the note that explains a problem.

use super::condition_band;
use super::format;
use super::ids::events_bar_id;
use super::scroll::{Place, Rows, height_of};
use super::theme::{self, Palette};
use super::widgets::{elided, empty, named, note};
use crate::aggregate::{Schema, Tone};
use crate::app::{App, AskIntent, EventRow, Intent, Opened, Pinned, TimeIntent};
use crate::history::{Cursor, Mark};
use crate::record::{Revision, json};
use crate::store::{Life, Ticket};
use egui::{Color32, Rect, Response, Role, Sense, Stroke, Ui, Vec2, pos2};
use jiff::tz::TimeZone;

const ROW: f32 = 31.0;
/// Left of the widest revision.
const LEFT: f32 = 14.0;

/// Left edges of the columns Rev (its right edge), Time, After (its right edge), Type; Data takes the rest.
#[derive(Clone, Copy)]
struct Columns {
    rev: f32,
    time: f32,
    after: f32,
    kind: f32,
    data: f32,
}

impl Columns {
    /// In a table of this width; the first column is as wide as the widest revision needs.
    fn of(ui: &Ui, width: f32, opened: &Opened) -> Self {
        let last = opened.last_shown().map_or(0, |revision| revision.0);
        let galley =
            ui.painter().layout_no_wrap(format::count(last), theme::mono(theme::SMALL), Color32::PLACEHOLDER);
        let narrowest = if width < 700.0 {
            Self { rev: 36.0, time: 48.0, after: 218.0, kind: 230.0, data: 376.0 }
        } else {
            Self { rev: 44.0, time: 58.0, after: 258.0, kind: 272.0, data: 450.0 }
        };
        narrowest.moved((LEFT + galley.size().x - narrowest.rev).max(0.0).ceil())
    }

    fn moved(self, by: f32) -> Self {
        let Self { rev, time, after, kind, data } = self;
        Self { rev: rev + by, time: time + by, after: after + by, kind: kind + by, data: data + by }
    }
}

const MARK: f32 = 84.0;
/// Height of the table beside which the condition is told.
const BANDED: f32 = 150.0;

/// Which place of which history the table last brought into view; following the newest event is one place.
pub type Shown = Rows<(Ticket, Cursor)>;

pub fn events_ui(ui: &mut Ui, app: &App, shown: &mut Shown, out: &mut Vec<Intent>) {
    let p = theme::palette(ui);
    let Some(opened) = app.opened() else {
        return empty(
            ui,
            "No stream is open",
            "Select one on the left, or press Ctrl+K and type a stream's name. Its events appear here, and each step of its state on the right.",
        );
    };
    if opened.row_count() == 0 {
        let (title, text) = nothing(opened);
        return empty(ui, title, text);
    }
    ui.spacing_mut().item_spacing.y = 0.0;
    let columns = Columns::of(ui, ui.available_width(), opened);
    head_ui(ui, p, columns);
    let explained = explained(opened);
    // A low window has no room for it.
    let is_told = app.asking().condition().is_some() && ui.available_height() > BANDED;
    let band = if is_told { condition_band::HEIGHT } else { 0.0 };
    let height = ui.available_height() - if explained.is_some() { 86.0 } else { 0.0 } - band;
    let rows = height_of(opened.row_count(), ROW);
    let (row, bar) = (opened.row_at_cursor(), events_bar_id());
    let height = height.min(rows).max(ROW * 2.0);
    table_ui(ui, height);
    let place = Place {
        key: (opened.ticket(), opened.cursor()),
        row,
        keep: true,
        row_height: ROW,
        height,
        bar,
        name: "Scroll events",
    };
    shown.keep_end(opened.row_count() - opened.timeline().len(), opened.row_count());
    let shown_row = |ui: &mut Ui, row| match opened.row(row) {
        Some(EventRow::NotRead(from, to)) => not_read_ui(ui, p, opened, columns, (from, to)),
        Some(EventRow::Read(_) | EventRow::Newest(..)) => row_ui(ui, p, app, opened, columns, row, out),
        None => ui.response(),
    };
    shown.show(ui, place, opened.row_count(), shown_row);
    if is_told {
        condition_band::condition_band_ui(ui, p, app, opened, out);
    }
    if let Some((title, text)) = explained {
        egui::Frame::new()
            .inner_margin(egui::Margin::symmetric(16, 10))
            .show(ui, |ui| note(ui, p, &title, &text));
    }
}

fn nothing(opened: &Opened) -> (&'static str, &'static str) {
    let can_begin = !opened.timeline().aggregate().schema().commands.is_empty();
    match opened.life() {
        Life::Reading => ("Reading…", "The events of this stream are on their way."),
        Life::Missing if can_begin => (
            "This stream does not exist",
            "It holds no event. Create it below, or check the name. It appears here once it is written.",
        ),
        Life::Missing => (
            "This stream does not exist",
            "It holds no event. Check the name. It appears here once it is written.",
        ),
        Life::SoftDeleted => (
            "This stream is soft-deleted",
            "Its events can no longer be read. Writing to it again recreates it, with the next revision.",
        ),
        Life::Tombstoned if can_begin => (
            "This stream is tombstoned",
            "It was deleted for good and never takes events again. Use another id.",
        ),
        Life::Tombstoned => {
            ("This stream is tombstoned", "It was deleted for good and never takes events again.")
        }
        Life::Failed(_) => ("This stream cannot be read", "The line above says why."),
        Life::Live => {
            ("No events can be read", "All events of this stream are truncated. New ones appear here.")
        }
    }
}

/// The problem under the playhead, or right ahead of it.
fn explained(opened: &Opened) -> Option<(String, String)> {
    // What lies behind events that are not read is not known.
    let index = opened.index().filter(|_| !opened.frame().is_not_read_to());
    let here = index.filter(|&i| opened.timeline().mark(i) == Some(Mark::Problem));
    let ahead = index.map_or(0, |i| i + 1);
    let ahead = Some(ahead).filter(|&i| opened.timeline().mark(i) == Some(Mark::Problem));
    let (at, prefix) = here.map(|i| (i, "")).or(ahead.map(|i| (i, "Ahead: ")))?;
    let revision = opened.timeline().get(at)?.revision;
    let noun = if prefix.is_empty() { "Revision" } else { "revision" };
    let title = format!("{prefix}{noun} {} does not follow from the state before it.", format::rev(revision));
    Some((title, json::safe(&opened.timeline().problem_text(at)?).into_owned()))
}

fn head_ui(ui: &mut Ui, p: &Palette, c: Columns) {
    let (rect, _) = ui.allocate_exact_size(Vec2::new(ui.available_width(), 30.0), Sense::hover());
    let font = egui::FontId::proportional(theme::SMALL);
    for (text, x, right) in [
        ("Rev", c.rev, true),
        ("Time", c.time, false),
        ("After", c.after, true),
        ("Type", c.kind, false),
        ("Data", c.data, false),
    ] {
        let align = if right { egui::Align2::RIGHT_CENTER } else { egui::Align2::LEFT_CENTER };
        ui.painter().text(pos2(rect.left() + x, rect.center().y), align, text, font.clone(), p.faint);
    }
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, p.line));
}

fn table_ui(ui: &Ui, height: f32) {
    let whole = Rect::from_min_size(ui.cursor().min, Vec2::new(ui.available_width(), height));
    let whole = ui.interact(whole, ui.scope_id().with("table"), Sense::hover());
    named(&whole, Role::Table, "Event table");
}

/// The row that stands for events that are not read.
fn not_read_ui(
    ui: &mut Ui,
    p: &Palette,
    opened: &Opened,
    c: Columns,
    (from, to): (Option<Revision>, Revision),
) -> Response {
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::hover());
    let to = format::count(to.0);
    let events = from.map_or_else(
        || format!("Events up to {to}"),
        |from| format!("Events {}–{to}", format::count(from.0)),
    );
    let (is, color) = if opened.is_being_read() { ("being read", p.dim) } else { ("not read", p.amber) };
    let text = format!("{events} are {is}");
    named(&response, Role::Label, &text);
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, p.panel);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, p.line));
    let font = egui::FontId::proportional(theme::BODY);
    let at = pos2(rect.left() + c.time, rect.center().y);
    painter.text(at, egui::Align2::LEFT_CENTER, text, font, color);
    response
}

fn row_ui(
    ui: &mut Ui,
    p: &Palette,
    app: &App,
    opened: &Opened,
    c: Columns,
    row: usize,
    out: &mut Vec<Intent>,
) -> Response {
    let timeline = opened.timeline();
    let (record, before, mark) = match opened.row(row) {
        Some(EventRow::Read(index)) => {
            let before = index.checked_sub(1).and_then(|before| timeline.get(before));
            (timeline.get(index), before, timeline.mark(index))
        }
        Some(EventRow::Newest(record, before)) => (Some(record), before, None),
        Some(EventRow::NotRead(..)) | None => (None, None, None),
    };
    let turn =
        Some(row).filter(|&row| row < timeline.len()).and_then(|row| app.asking().turns().turn_at(row));
    let turns = match turn {
        Some(true) => "◆ turns true",
        Some(false) => "◇ turns false",
        None => "",
    };
    let Some(record) = record else { return ui.response() };
    let (rect, response) = ui.allocate_exact_size(Vec2::new(ui.available_width(), ROW), Sense::click());
    let name = format!("Revision {} {} {turns}", record.revision, record.event_type);
    named(&response, Role::Row, name.trim_end());
    if response.clicked() {
        let pins = ui.input(|input| input.modifiers.shift);
        out.push(if pins {
            Intent::Ask(AskIntent::Pin(Pinned::Revision(record.revision)))
        } else {
            Intent::Time(TimeIntent::GoTo(record.revision))
        });
    }
    let at = opened.row_at_cursor();
    let current = at == Some(row);
    let ahead = at.is_none_or(|at| row > at);
    // One that is pointed at is read.
    let fades = ahead && !response.hovered() && !response.has_focus();
    let fade = |color: Color32| if fades { p.future(color) } else { color };
    let painter = ui.painter_at(rect);
    if current {
        painter.rect_filled(rect, 0.0, p.accent_bg);
    } else if response.hovered() || response.has_focus() {
        painter.rect_filled(rect, 0.0, p.raise);
    }
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, p.line));
    let y = rect.center().y;
    let text = fade(if current { p.text } else { p.dim });
    let faint = if current { p.dim } else { p.faint };
    let put = |text: &str, x: f32, right: bool, color: Color32, width: f32, mono: bool| {
        let font = if mono { theme::mono(theme::SMALL) } else { egui::FontId::proportional(theme::BODY) };
        let galley = elided(ui, text, font, color, width);
        let x = rect.left() + if right { x - galley.size().x } else { x };
        painter.galley(pos2(x, y - galley.size().y / 2.0), galley, color);
    };
    put(&format::count(record.revision.0), c.rev, true, text, c.rev, true);
    put(&record.created.clock(&TimeZone::system()), c.time, false, text, 100.0, true);
    if let Some(before) = before {
        put(&format::since(before.created, record.created), c.after, true, fade(faint), 92.0, true);
    }
    painter.circle_filled(
        pos2(rect.left() + c.kind + 4.0, y),
        3.5,
        fade(type_color(p, opened.timeline().aggregate().schema(), record.event_type)),
    );
    put(&json::safe(record.event_type), c.kind + 16.0, false, fade(p.text), c.data - c.kind - 24.0, false);
    let marked = turn.is_some() || matches!(mark, Some(Mark::NotFolded | Mark::Problem));
    let room = rect.width() - c.data - if marked { MARK } else { 0.0 } - 16.0;
    put(&json::one_line(record.data, 300), c.data, false, text, room, true);
    let right = rect.width() - 12.0;
    match mark {
        Some(Mark::Problem) if turn.is_some() => put("▲ problem ◆", right, true, fade(p.red), MARK, false),
        _ if turn.is_some() => put(turns, right, true, fade(p.amber), MARK, false),
        Some(Mark::NotFolded) => put("not folded", right, true, fade(faint), MARK, false),
        Some(Mark::Problem) => put("▲ problem", right, true, fade(p.red), MARK, false),
        _ => {}
    }
    response
}

/// The colour of an event type's mark: what its aggregate says, else one that the name always gets.
pub fn type_color(p: &Palette, schema: &Schema, event_type: &str) -> Color32 {
    match schema.event_tone(event_type) {
        Some(tone) => tone_color(p, tone),
        None if schema.events.is_empty() => {
            let hash = event_type
                .bytes()
                .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
            p.types[hash as usize % p.types.len()]
        }
        None => p.faint,
    }
}

pub fn tone_color(p: &Palette, tone: Tone) -> Color32 {
    match tone {
        Tone::Neutral => p.dim,
        Tone::Begun => p.accent,
        Tone::Good => p.green,
        Tone::Warning => p.amber,
        Tone::Bad => p.red,
    }
}
