//! The track: what it shows of the history, and what the pointer does on it.

use super::condition_bands::Bands;
use super::histogram::{Columned, Columns};
use super::places::{FOOT, Places};
use super::{hover, ruler};
use crate::app::{App, Intent, LoopRange, Opened, TimeIntent, TimeScale};
use crate::ui::theme::Palette;
use crate::ui::widgets::named;
use egui::accesskit::Action;
use egui::{PointerButton, Pos2, Rangef, Rect, Response, Role, Sense, Shape, Stroke, Ui, pos2, vec2};

/// Points of the wheel that double what is shown.
const DOUBLES: f32 = 160.0;

/// What of the track is kept between frames.
#[derive(Default)]
pub struct Kept {
    columns: Columns,
    bands: Bands,
    /// The event at which a person began to select a range.
    begun: Option<usize>,
}

pub fn track_ui(
    ui: &mut Ui,
    p: &Palette,
    app: &App,
    opened: &Opened,
    kept: &mut Kept,
    out: &mut Vec<Intent>,
) {
    let Some(scale) = app.time_scale() else { return };
    let size = vec2(ui.available_width(), ui.available_height().clamp(20.0, 70.0));
    let (_, whole) = ui.allocate_space(size);
    let places = Places::new(whole);
    let track = ui.interact(
        whole.with_max_y(places.ruler.top()),
        ui.scope_id().with("track"),
        Sense::click_and_drag(),
    );
    pointer_ui(&track, &places, &scale, opened, kept, out);
    pan(&track, &places, out);
    wheel(ui, &places, out);
    by_screen_reader(ui, &track, opened, out);
    let timeline = opened.timeline();
    let head = opened.index().map(|index| scale.place(timeline.density(), index));
    let painter = ui.painter_at(whole);
    painter.rect_filled(places.bar, 4.0, p.bg);
    loop_ui(ui, p, app, opened, &scale, &places);
    let columned = Columned { p, opened, scale: &scale, places: &places, head };
    kept.columns.show(&painter, &columned);
    kept.bands.show(&painter, p, app, opened, &scale, &places);
    bands_said(ui, &track, kept.bands.len());
    head_ui(ui, p, &places, head);
    if places.ruler.height() > 0.0 {
        let below = ui.interact(places.ruler, ui.scope_id().with("ruler"), Sense::drag());
        pan(&below, &places, out);
        let said = ruler::ruler_ui(ui, p, timeline, &scale, &places);
        named(&below, Role::Group, "Ruler");
        ui.ctx().accesskit_node_builder(below.id, |node| node.set_value(said));
    }
    if let Some(at) = track.hover_pos().filter(|_| !track.dragged()) {
        hover::hover_ui(ui, p, timeline, &scale, &places, at, kept.columns.events_at(at.x, &places, &scale));
    }
}

/// A click or a drag moves the playhead; with Shift it selects the range of a loop.
fn pointer_ui(
    track: &Response,
    places: &Places,
    scale: &TimeScale,
    opened: &Opened,
    kept: &mut Kept,
    out: &mut Vec<Intent>,
) {
    let density = opened.timeline().density();
    let shift = track.ctx.input(|input| input.modifiers.shift);
    let Some(at) = track.interact_pointer_pos() else {
        kept.begun = None;
        return;
    };
    let place = places.place(at.x).clamp(0.0, 1.0);
    if track.drag_started_by(PointerButton::Primary) && shift {
        let begun = track.ctx.input(|input| input.pointer.press_origin()).unwrap_or(at);
        kept.begun = Some(scale.nearest(density, places.place(begun.x).clamp(0.0, 1.0)));
    }
    let revision = |index| opened.timeline().get(index).map(|record| record.revision);
    if let Some(begun) = kept.begun {
        let ends = revision(begun).zip(revision(scale.nearest(density, place)));
        out.extend(ends.map(|(a, b)| Intent::Time(TimeIntent::Loop(Some(LoopRange::between(a, b))))));
    } else if track.clicked() || track.dragged_by(PointerButton::Primary) {
        let to = revision(scale.index(density, place));
        out.extend(to.map(|revision| Intent::Time(TimeIntent::GoTo(revision))));
    }
}

/// The ruler is dragged with any button, the track with any but the first.
fn pan(response: &Response, places: &Places, out: &mut Vec<Intent>) {
    let is_track = response.sense.senses_click();
    let is_panned = response.dragged() && !(is_track && response.dragged_by(PointerButton::Primary));
    let by = f64::from(response.drag_delta().x / places.x.span().max(1.0));
    if is_panned && by != 0.0 {
        out.push(Intent::Time(TimeIntent::Pan(-by)));
    }
}

/// The wheel and two fingers zoom around the pointer; sideways they pan.
fn wheel(ui: &Ui, places: &Places, out: &mut Vec<Intent>) {
    if !ui.rect_contains_pointer(places.whole) {
        return;
    }
    let Some(at) = ui.input(|input| input.pointer.hover_pos()) else { return };
    let (turned, pinched) =
        ui.input_mut(|input| (std::mem::take(&mut input.smooth_scroll_delta), input.zoom_delta()));
    let times = (-turned.y / DOUBLES).exp2() / pinched;
    if (times - 1.0).abs() > 1e-6 {
        let around = Some(places.place(at.x).clamp(0.0, 1.0));
        out.push(Intent::Time(TimeIntent::Zoom { times: f64::from(times), around }));
    }
    if turned.x != 0.0 {
        out.push(Intent::Time(TimeIntent::Pan(f64::from(-turned.x / places.x.span().max(1.0)))));
    }
}

/// It is a slider whose value is the revision.
fn by_screen_reader(ui: &Ui, track: &Response, opened: &Opened, out: &mut Vec<Intent>) {
    named(track, Role::Slider, "Timeline");
    let timeline = opened.timeline();
    let at = opened.index().and_then(|index| timeline.get(index));
    let (first, last) = (timeline.first_revision(), timeline.last_revision());
    ui.ctx().accesskit_node_builder(track.id, |node| {
        let number =
            |revision: crate::record::Revision| u32::try_from(revision.0).map_or(f64::MAX, f64::from);
        node.set_min_numeric_value(first.map_or(0.0, number));
        node.set_max_numeric_value(last.map_or(0.0, number));
        if let Some(record) = at {
            node.set_numeric_value(number(record.revision));
        }
        node.add_action(Action::Increment);
        node.add_action(Action::Decrement);
    });
    let asked = |action| ui.input(|input| input.num_accesskit_action_requests(track.id, action));
    let steps = i64::try_from(asked(Action::Increment)).unwrap_or(0)
        - i64::try_from(asked(Action::Decrement)).unwrap_or(0);
    if steps != 0 {
        out.push(Intent::Time(TimeIntent::Step(steps)));
    }
}

/// How many stretches of the track the condition marks.
fn bands_said(ui: &Ui, track: &Response, bands: usize) {
    if bands > 0 {
        let said = format!("the condition is true in {}", crate::ui::format::plural(bands as u64, "part"));
        ui.ctx().accesskit_node_builder(track.id, |node| node.set_description(said));
    }
}

/// The range in which playback goes round, on the bar and below it.
fn loop_ui(ui: &Ui, p: &Palette, app: &App, opened: &Opened, scale: &TimeScale, places: &Places) {
    let Some(range) = app.loop_range() else { return };
    let timeline = opened.timeline();
    let x = |index: Option<usize>| index.map(|index| places.x(scale.place(timeline.density(), index)));
    let (Some(from), Some(to)) = (x(timeline.index_at(range.first)), x(timeline.index_at(range.last))) else {
        return;
    };
    let bar = places.bar;
    // One event, too, is seen.
    let looped = Rangef::new(from.min(to) - 1.5, from.max(to) + 1.5);
    let painter = ui.painter_at(places.whole);
    painter.rect_filled(Rect::from_x_y_ranges(looped, bar.y_range()), 0.0, p.accent_bg);
    let below = Rangef::new(bar.bottom() + 1.0, bar.bottom() + 4.0);
    painter.rect_filled(Rect::from_x_y_ranges(looped, below), 1.0, p.accent);
}

/// The playhead; where it is beside what is shown, an arrow points to it.
fn head_ui(ui: &Ui, p: &Palette, places: &Places, head: Option<f64>) {
    let x = places.x(head.unwrap_or(0.0));
    let painter = ui.painter_at(places.whole);
    let triangle = |tip: Pos2, a: Pos2, b: Pos2| Shape::convex_polygon(vec![tip, a, b], p.text, Stroke::NONE);
    let bar = places.bar;
    if places.shows(x) {
        let tip = pos2(x, bar.bottom() - 1.0);
        painter.vline(x, bar.y_range().expand(2.0), Stroke::new(2.0, p.text));
        painter.add(triangle(tip, tip + vec2(5.0, FOOT), tip + vec2(-5.0, FOOT)));
        return;
    }
    let (edge, inwards) = if x < bar.left() { (bar.left(), 6.0) } else { (bar.right(), -6.0) };
    let tip = pos2(edge, bar.center().y);
    painter.add(triangle(tip, tip + vec2(inwards, -5.0), tip + vec2(inwards, 5.0)));
}
