//! The rows of the table: an event, the day that begins, and events that are not read.

use super::columns::{Columns, is_right, place};
use super::hover::hover_ui;
use super::row_menu;
use super::type_color::type_color;
use crate::app::{App, AskIntent, EventColumn, EventRow, Intent, Opened, Pinned, TimeIntent};
use crate::history::Mark;
use crate::record::{Created, RecordRef, Revision, json};
use crate::ui::context_menu::{is_key_pressed, menu};
use crate::ui::format;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{elided, named};
use egui::{Align2, Color32, FontId, Rect, Response, Role, Sense, Stroke, Ui, pos2, vec2};
use jiff::tz::TimeZone;

/// Characters of the data that are laid out.
const SHOWN: usize = 300;
/// In larger metadata nobody is looked for, in bytes.
const LARGE: usize = 4 * 1024;

/// How high each row is, and where the columns stand.
#[derive(Clone, Copy)]
pub struct Layout<'a> {
    pub columns: &'a Columns,
    pub height: f32,
}

fn line_ui(ui: &mut Ui, p: &Palette, height: f32, sense: Sense) -> (Rect, Response) {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height), sense);
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, p.line));
    (rect, response)
}

/// The local day that the next event begins.
pub fn day_ui(ui: &mut Ui, p: &Palette, layout: Layout<'_>, created: Created) -> Response {
    let (rect, response) = line_ui(ui, p, layout.height, Sense::hover());
    let text = created.date(&TimeZone::system());
    named(&response, Role::Label, &text);
    ui.painter().rect_filled(rect.with_max_y(rect.bottom() - 1.0), 0.0, p.panel);
    let at = pos2(rect.left() + layout.columns.text_left(), rect.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, text, FontId::proportional(theme::SMALL), p.dim);
    response
}

/// The row that stands for events that are not read.
pub fn not_read_ui(
    ui: &mut Ui,
    p: &Palette,
    opened: &Opened,
    layout: Layout<'_>,
    (from, to): (Option<Revision>, Revision),
) -> Response {
    let (rect, response) = line_ui(ui, p, layout.height, Sense::hover());
    let to = format::count(to.0);
    let events = from.map_or_else(
        || format!("Events up to {to}"),
        |from| format!("Events {}–{to}", format::count(from.0)),
    );
    let (is, color) = if opened.is_being_read() { ("being read", p.dim) } else { ("not read", p.amber) };
    let text = format!("{events} are {is}");
    named(&response, Role::Label, &text);
    ui.painter().rect_filled(rect.with_max_y(rect.bottom() - 1.0), 0.0, p.panel);
    let at = pos2(rect.left() + layout.columns.text_left(), rect.center().y);
    ui.painter().text(at, Align2::LEFT_CENTER, text, FontId::proportional(theme::BODY), color);
    response
}

/// An event in its row.
struct Shown<'a> {
    record: RecordRef<'a>,
    before: Option<RecordRef<'a>>,
    mark: Option<Mark>,
    /// What the condition turns to there.
    turn: Option<bool>,
}

fn shown<'a>(app: &App, opened: &'a Opened, row: usize) -> Option<Shown<'a>> {
    let timeline = opened.timeline();
    match opened.row(row)? {
        EventRow::Read(index) => Some(Shown {
            record: timeline.get(index)?,
            before: index.checked_sub(1).and_then(|before| timeline.get(before)),
            mark: timeline.mark(index),
            turn: app.asking().turns().turn_at(index),
        }),
        EventRow::Newest(record, before) => Some(Shown { record, before, mark: None, turn: None }),
        EventRow::Day(_) | EventRow::NotRead(..) => None,
    }
}

pub fn event_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, opened): (&App, &Opened),
    layout: Layout<'_>,
    row: usize,
    out: &mut Vec<Intent>,
) -> Response {
    let Some(shown) = shown(app, opened, row) else { return ui.response() };
    let Shown { record, turn, .. } = shown;
    let (rect, response) = line_ui(ui, p, layout.height, Sense::click());
    let turns = match turn {
        Some(true) => "◆ turns true",
        Some(false) => "◇ turns false",
        None => "",
    };
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
    let is_current = at == Some(row);
    let inside = rect.with_max_y(rect.bottom() - 1.0);
    if is_current {
        ui.painter().rect_filled(inside, 0.0, p.accent_bg);
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(inside, 0.0, p.raise);
    }
    // One that is pointed at is read.
    let is_read = response.hovered() || response.has_focus();
    let look = Look { p, is_current, is_ahead: !is_read && at.is_none_or(|at| row > at) };
    cells_ui(ui, &look, opened, layout, rect, &shown);
    mark_ui(ui, &look, place(rect, layout.columns.mark), &shown, turns);
    // The row that is stood on is asked by the key without having the focus.
    let is_free = is_current && app.dialog().is_none() && ui.memory(|memory| memory.focused().is_none());
    let is_asked = (response.has_focus() || is_free) && is_key_pressed(&response);
    let name = "Event menu";
    menu((&response, &response), name, is_asked, out, |menu| row_menu::lines(menu, app, record));
    response.on_hover_ui(|ui| hover_ui(ui, p, record))
}

/// How a row is coloured: what lies ahead of the playhead is fainter.
struct Look<'a> {
    p: &'a Palette,
    is_current: bool,
    is_ahead: bool,
}

impl Look<'_> {
    fn fade(&self, color: Color32) -> Color32 {
        if self.is_ahead { self.p.future(color) } else { color }
    }

    fn text(&self) -> Color32 {
        self.fade(if self.is_current { self.p.text } else { self.p.dim })
    }

    fn faint(&self) -> Color32 {
        self.fade(if self.is_current { self.p.dim } else { self.p.faint })
    }
}

/// A text in its cell, cut where it is longer.
fn put(ui: &Ui, cell: Rect, text: &str, font: FontId, color: Color32, is_right: bool) {
    let galley = elided(ui, text, font, color, cell.width());
    let x = if is_right { cell.right() - galley.size().x } else { cell.left() };
    ui.painter().galley(pos2(x, cell.center().y - galley.size().y / 2.0), galley, color);
}

fn cells_ui(ui: &Ui, look: &Look<'_>, opened: &Opened, layout: Layout<'_>, row: Rect, shown: &Shown<'_>) {
    let (p, record) = (look.p, shown.record);
    for cell in &layout.columns.cells {
        let at = place(row, cell.x);
        let mono = |text: &str, color| {
            put(ui, at, text, theme::mono(theme::SMALL), color, is_right(cell.column));
        };
        match cell.column {
            EventColumn::Revision => mono(&format::count(record.revision.0), look.text()),
            EventColumn::Time => mono(&record.created.clock(&TimeZone::system()), look.text()),
            EventColumn::After => {
                if let Some(before) = shown.before {
                    mono(&format::since(before.created, record.created), look.faint());
                }
            }
            EventColumn::Type => {
                let schema = opened.timeline().aggregate().schema();
                let color = look.fade(type_color(p, schema, record.event_type));
                ui.painter().circle_filled(pos2(at.left() + 4.0, at.center().y), 3.5, color);
                let at = at.with_min_x(at.left() + 15.0);
                let text = json::one_line(record.event_type.as_bytes(), SHOWN);
                put(ui, at, &text, FontId::proportional(theme::BODY), look.fade(p.text), false);
            }
            EventColumn::Data => mono(&json::one_line(record.data, SHOWN), look.text()),
            EventColumn::Id => mono(&record.id.to_string(), look.faint()),
            EventColumn::Size => mono(&format::size(record.data.len() as u64), look.faint()),
            EventColumn::Position => mono(&record.position.to_string(), look.faint()),
            EventColumn::Who => mono(&who(record.metadata), look.text()),
        }
    }
}

/// Who wrote the event, where its metadata says so.
fn who(metadata: &[u8]) -> String {
    #[derive(serde::Deserialize)]
    struct Written {
        who: Option<String>,
    }
    let small = Some(metadata).filter(|metadata| metadata.len() <= LARGE);
    let written = small.and_then(|metadata| serde_json::from_slice::<Written>(metadata).ok());
    json::one_line(written.and_then(|written| written.who).unwrap_or_default().as_bytes(), 40)
}

fn mark_ui(ui: &Ui, look: &Look<'_>, at: Rect, shown: &Shown<'_>, turns: &str) {
    let p = look.p;
    let (text, color) = match shown.mark {
        Some(Mark::Problem) if shown.turn.is_some() => ("▲ problem ◆", look.fade(p.red)),
        _ if shown.turn.is_some() => (turns, look.fade(p.amber)),
        Some(Mark::NotFolded) => ("not folded", look.faint()),
        Some(Mark::Problem) => ("▲ problem", look.fade(p.red)),
        _ => return,
    };
    put(ui, at, text, FontId::proportional(theme::BODY), color, true);
}
