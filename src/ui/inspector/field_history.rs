//! Below the state: every revision that changed the field that was chosen, with a chart where its values are numbers.

use super::parts::{SHOWN, SIDE};
use crate::app::{App, AskIntent, FieldHistory, Intent, Opened, TimeIntent};
use crate::record::json;
use crate::store::Ticket;
use crate::ui::context_menu::context_menu;
use crate::ui::format;
use crate::ui::scroll::{Place, Rows, height_of};
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{elided, named, text_width, whole_on_hover};
use egui::{
    Align2, FontId, Frame, Margin, Pos2, Rect, Response, RichText, Role, Sense, Shape, Stroke, Ui, pos2, vec2,
};
use std::ops::Range;
use std::sync::Arc;

const ROW: f32 = 26.0;
/// Rows that are in view at once.
const ROWS: usize = 7;
const CHART: f32 = 56.0;
/// How much of the width the event types take at most.
const TYPE: f32 = 0.32;

/// Which change of which field was last brought into view.
pub type Shown = Rows<(Ticket, Arc<str>, Option<usize>)>;

pub fn field_history_ui(
    ui: &mut Ui,
    p: &Palette,
    app: &App,
    opened: &Opened,
    shown: &mut Shown,
    out: &mut Vec<Intent>,
) {
    let Some(field) = app.asking().field() else { return };
    head_ui(ui, p, opened, field);
    chart_ui(ui, p, opened, field);
    let count = field.len();
    let here = field.place_until(opened.index());
    // The newest first, as far as they are known.
    let row_of = |place: usize| count - 1 - place;
    let place = Place {
        key: (opened.ticket(), field.path().clone(), here),
        row: here.map(row_of),
        keep: true,
        row_height: ROW,
        height: height_of(count.min(ROWS), ROW),
        bar: ui.scope_id().with("changes"),
        name: "Scroll the changes",
    };
    let mut seen: Option<Range<usize>> = None;
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        shown.show(ui, place, count, |ui, row| {
            let place = row_of(row);
            let around =
                seen.take().map_or(place..place + 1, |seen| seen.start.min(place)..seen.end.max(place + 1));
            seen = Some(around);
            row_ui(ui, p, (app, opened, field), place, here == Some(place), out)
        });
    });
    if let Some(places) = seen.filter(|places| !field.shows(places)) {
        out.push(Intent::Ask(AskIntent::InView(places)));
    }
}

fn head_ui(ui: &mut Ui, p: &Palette, opened: &Opened, field: &FieldHistory) {
    let path = json::one_line(field.path().as_bytes(), 60);
    let count = format::plural(field.len() as u64, "change");
    let is_known = field.scanned() >= opened.timeline().len();
    let count = if is_known { count } else { format!("{count} so far") };
    Frame::new().inner_margin(Margin { left: 16, right: 16, top: 14, bottom: 2 }).show(ui, |ui| {
        ui.horizontal(|ui| {
            ui.label(RichText::new(format!("History of {path}")).font(theme::strong(theme::BODY)));
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                ui.label(RichText::new(count).size(theme::SMALL).color(p.dim));
            });
        });
    });
}

/// The values over the events; nothing where none is a number.
fn chart_ui(ui: &mut Ui, p: &Palette, opened: &Opened, field: &FieldHistory) {
    let value = |(place, value): (usize, f64)| Some((field.record(place)?, value));
    let points: Vec<(usize, f64)> = field.chart().points().filter_map(value).collect();
    if points.len() < 2 {
        return;
    }
    let bounds = points.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), (_, value)| {
        (low.min(*value), high.max(*value))
    });
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), CHART), Sense::hover());
    let path = json::one_line(field.path().as_bytes(), 60);
    named(&response, Role::Image, &format!("Chart of {path} from {} to {}", bounds.0, bounds.1));
    let inside = rect.shrink2(vec2(SIDE, 4.0));
    ui.painter().rect_filled(inside, 3.0, p.bg);
    let last = opened.timeline().len().max(2) - 1;
    let at =
        |(index, value): (usize, f64)| place(inside.shrink2(vec2(0.0, 5.0)), (index, last), value, bounds);
    let mut line: Vec<Pos2> = Vec::with_capacity(points.len() * 2);
    for point in points {
        let point = at(point);
        // A value stays until the next one.
        line.extend(line.last().map(|before| pos2(point.x, before.y)));
        line.push(point);
    }
    line.extend(line.last().map(|end| pos2(inside.right(), end.y)));
    let painter = ui.painter_at(inside);
    if bounds.0 < 0.0 && bounds.1 > 0.0 {
        painter.hline(inside.x_range(), at((0, 0.0)).y, Stroke::new(1.0, p.line));
    }
    painter.add(Shape::line(line, Stroke::new(1.5, p.accent)));
    if let Some(index) = opened.index() {
        painter.vline(at((index, bounds.0)).x, inside.y_range(), Stroke::new(1.0, p.text));
    }
}

#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "points on screen")]
fn place(inside: Rect, (index, last): (usize, usize), value: f64, (low, high): (f64, f64)) -> Pos2 {
    let x = index as f64 / last as f64;
    // Halves, so that no difference of two numbers is infinite.
    let span = high / 2.0 - low / 2.0;
    let y = if span > 0.0 { (value / 2.0 - low / 2.0) / span } else { 0.5 };
    pos2(inside.left() + inside.width() * x as f32, inside.bottom() - inside.height() * y as f32)
}

fn row_ui(
    ui: &mut Ui,
    p: &Palette,
    (app, opened, field): (&App, &Opened, &FieldHistory),
    place: usize,
    is_here: bool,
    out: &mut Vec<Intent>,
) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let record = field.record(place).and_then(|index| opened.timeline().get(index));
    let Some(record) = record else { return response };
    let token = |token: &Option<Arc<str>>| {
        token.as_ref().map_or_else(|| "none".to_owned(), |token| json::one_line(token.as_bytes(), SHOWN))
    };
    let values = field.values(place).map(|values| (token(&values.before), token(&values.after)));
    let said = values.as_ref().map_or_else(String::new, |(before, after)| format!(": {before} to {after}"));
    named(&response, Role::Button, &format!("Change at revision {}{said}", record.revision));
    if is_here {
        ui.painter().rect_filled(rect, 0.0, p.accent_bg);
    } else if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, 0.0, p.raise);
    }
    ui.painter().hline(rect.x_range(), rect.bottom() - 0.5, (1.0, p.line));
    let painter = ui.painter_at(rect);
    let (mono, small) = (theme::mono(theme::SMALL), FontId::proportional(theme::SMALL));
    let y = rect.center().y;
    let faint = if is_here { p.dim } else { p.faint };
    // As wide as the widest that there is.
    let last = opened.last_shown().unwrap_or(record.revision);
    let widest = text_width(ui, &format::count(last.0), mono.clone());
    let from = rect.left() + SIDE + widest;
    let place = pos2(from, y);
    painter.text(place, Align2::RIGHT_CENTER, format::count(record.revision.0), mono.clone(), faint);
    let kind = elided(ui, &json::safe(record.event_type), small, faint, rect.width() * TYPE);
    let end = rect.right() - SIDE - kind.size().x;
    painter.galley(pos2(end, y - kind.size().y / 2.0), kind.clone(), faint);
    let mut response = whole_on_hover(response, rect.with_min_x(end), &kind);
    if let Some((before, after)) = values {
        let values = elided(ui, &format!("{before} → {after}"), mono, p.text, end - from - 24.0);
        painter.galley(pos2(from + 12.0, y - values.size().y / 2.0), values.clone(), p.text);
        response = whole_on_hover(response, rect.with_max_x(end), &values);
    }
    if response.clicked() {
        out.push(Intent::Time(TimeIntent::GoTo(record.revision)));
    }
    context_menu(&response, "Event menu", out, |menu| menu.event(app, opened.stream(), record.revision));
    response
}
