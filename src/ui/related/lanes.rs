//! A lane for each stream, its events as dots where they are in time, and curves from cause to effect.

use super::{described, marked};
use crate::app::{App, Intent, RelatedEvents, RelatedIntent};
use crate::history::Lanes;
use crate::record::{Created, json};
use crate::ui::events::type_color;
use crate::ui::format::plural;
use crate::ui::theme::{self, Palette};
use crate::ui::widgets::{elided, named, whole_on_hover};
use egui::epaint::CubicBezierShape;
use egui::{Align2, Color32, CursorIcon, Pos2, Rect, RichText, Role, Sense, Shape, Stroke, Ui, pos2, vec2};
use jiff::tz::TimeZone;

const LANE: f32 = 26.0;
/// Below the lanes, for the times.
const FOOT: f32 = 20.0;
const DOT: f32 = 4.5;
/// How much of the width the names take at most.
const NAMES: f32 = 0.26;
/// Longest name of a stream, in characters.
const NAME: usize = 60;
/// How far the mouse may be from a dot.
const NEAR: f32 = 9.0;

/// Where everything is on the screen.
struct Chart<'a> {
    lanes: &'a Lanes,
    /// Which of the lanes are drawn, in their order.
    shown: Vec<usize>,
    track: Rect,
    times: (Created, Created),
}

impl Chart<'_> {
    fn y(&self, lane: usize) -> Option<f32> {
        let row = self.shown.iter().position(|shown| *shown == lane)?;
        Some(self.track.top() + (f32::from(u16::try_from(row).unwrap_or(u16::MAX)) + 0.5) * LANE)
    }

    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "a share of the span")]
    fn x(&self, at: Created) -> f32 {
        let (from, to) = self.times;
        let span = to.0.saturating_sub(from.0);
        let share = if span > 0 { at.0.saturating_sub(from.0) as f64 / span as f64 } else { 0.5 };
        self.track.left() + self.track.width() * share as f32
    }

    /// Where an event is, if its lane is drawn.
    fn dot(&self, place: usize) -> Option<Pos2> {
        let event = self.lanes.events().get(place)?;
        Some(pos2(self.x(event.created), self.y(self.lanes.lane_of(place)?)?))
    }

    /// The event at the mouse.
    fn near(&self, at: Pos2) -> Option<usize> {
        let dots = (0..self.lanes.events().len()).filter_map(|place| Some((place, self.dot(place)?)));
        let near = dots.map(|(place, dot)| (place, dot.distance(at))).filter(|(_, far)| *far <= NEAR);
        near.min_by(|(_, one), (_, other)| one.total_cmp(other)).map(|(place, _)| place)
    }
}

/// At most so many lanes; the one of the marked event is among them.
pub fn lanes_ui(
    ui: &mut Ui,
    p: &Palette,
    app: &App,
    related: &RelatedEvents,
    most: usize,
    out: &mut Vec<Intent>,
) {
    let lanes = related.lanes();
    let Some(times) = lanes.times() else { return };
    let marked = marked(app, related);
    let shown = shown(lanes, marked, most);
    let height = shown.iter().fold(0.0, |height, _| height + LANE);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), height + FOOT), Sense::click());
    let (events, streams) = (lanes.events().len() as u64, lanes.lanes().len() as u64);
    let name = format!("{} in {} on one time axis", plural(events, "event"), plural(streams, "stream"));
    named(&response, Role::Image, &name);
    let names = rect.width() * NAMES;
    let track = Rect::from_min_max(
        pos2(rect.left() + names + DOT * 2.0, rect.top()),
        pos2(rect.right() - DOT * 2.0, rect.top() + height),
    );
    let chart = Chart { lanes, shown, track, times };
    names_ui(ui, p, &chart, names - 6.0, rect.left());
    curves_ui(ui, p, &chart);
    dots_ui(ui, p, app, &chart, marked);
    times_ui(ui, p, &chart);
    let near = response.hover_pos().and_then(|at| chart.near(at));
    if let Some(event) = near.and_then(|place| lanes.events().get(place)) {
        ui.set_cursor_icon(CursorIcon::PointingHand);
        if response.clicked() {
            let open = RelatedIntent::Open(event.stream.clone(), event.revision);
            out.push(Intent::Related(open));
        }
        response.on_hover_text_at_pointer(described(event));
    }
    let hidden = lanes.lanes().len() - chart.shown.len();
    if hidden > 0 {
        let text = format!("and {} more below", plural(hidden as u64, "stream"));
        ui.label(RichText::new(text).size(theme::SMALL).color(p.dim));
    }
}

fn shown(lanes: &Lanes, marked: Option<usize>, most: usize) -> Vec<usize> {
    let mut shown: Vec<usize> = (0..lanes.lanes().len().min(most)).collect();
    let own = marked.and_then(|place| lanes.lane_of(place));
    if let (Some(own), Some(last)) = (own, shown.last_mut()) {
        *last = own.max(*last);
    }
    shown
}

fn names_ui(ui: &Ui, p: &Palette, chart: &Chart<'_>, width: f32, left: f32) {
    for &lane in &chart.shown {
        let (Some(y), Some(lane)) = (chart.y(lane), chart.lanes.lanes().get(lane)) else { continue };
        let name = json::one_line(lane.stream.as_str().as_bytes(), NAME);
        let text = elided(ui, &name, theme::mono(11.0), p.dim, width);
        ui.painter().galley(pos2(left, y - text.size().y / 2.0), text.clone(), p.dim);
        let place = Rect::from_center_size(pos2(left + width / 2.0, y), vec2(width, LANE));
        let response = ui.interact(place, ui.scope_id().with(("lane", name)), Sense::hover());
        whole_on_hover(response, place, &text);
        ui.painter().hline(chart.track.x_range().expand(DOT * 2.0), y, Stroke::new(1.0, p.line));
    }
}

/// From the cause to the effect, with a head at the effect.
fn curves_ui(ui: &Ui, p: &Palette, chart: &Chart<'_>) {
    for &(cause, effect) in chart.lanes.causes() {
        let (Some(from), Some(to)) = (chart.dot(cause), chart.dot(effect)) else { continue };
        let stroke = Stroke::new(1.0, p.faint);
        let bend = ((to.x - from.x) / 2.0).abs().max(14.0);
        // In one lane the curve goes over the line, so that it can be told from it.
        let lift = if (to.y - from.y).abs() < 1.0 { vec2(0.0, -LANE * 0.6) } else { vec2(0.0, 0.0) };
        let points = [from, from + vec2(bend, 0.0) + lift, to - vec2(bend, 0.0) + lift, to];
        let curve = CubicBezierShape::from_points_stroke(points, false, Color32::TRANSPARENT, stroke);
        ui.painter().add(curve);
        let towards = (to - points[2]).normalized();
        let tip = to - towards * (DOT + 1.0);
        let side = towards.rot90() * 3.0;
        let head = vec![tip, tip - towards * 6.0 + side, tip - towards * 6.0 - side];
        ui.painter().add(Shape::convex_polygon(head, p.faint, Stroke::NONE));
    }
}

fn dots_ui(ui: &Ui, p: &Palette, app: &App, chart: &Chart<'_>, marked: Option<usize>) {
    for (place, event) in chart.lanes.events().iter().enumerate() {
        let Some(dot) = chart.dot(place) else { continue };
        let schema = app.registry().for_stream(&event.stream).schema();
        ui.painter().circle_filled(dot, DOT, type_color(p, schema, &event.event_type));
        if marked == Some(place) {
            ui.painter().circle_stroke(dot, DOT + 2.0, Stroke::new(1.5, p.text));
        }
    }
}

/// The first and the last time.
fn times_ui(ui: &Ui, p: &Palette, chart: &Chart<'_>) {
    let (zone, (from, to)) = (TimeZone::system(), chart.times);
    let is_one_day = from.date_time(&zone).get(..10) == to.date_time(&zone).get(..10);
    let text = |at: Created| if is_one_day { at.clock(&zone) } else { at.date_time(&zone) };
    let y = chart.track.bottom() + FOOT / 2.0;
    let put = |x: f32, align, at| {
        ui.painter().text(pos2(x, y), align, text(at), theme::mono(11.0), p.faint);
    };
    if from == to {
        return put(chart.track.center().x, Align2::CENTER_CENTER, from);
    }
    put(chart.track.left(), Align2::LEFT_CENTER, from);
    put(chart.track.right(), Align2::RIGHT_CENTER, to);
}
