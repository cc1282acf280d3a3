//! What is drawn of the events on the track: each by itself where there are few, else columns by type.

use super::places::Places;
use crate::app::{Opened, TimeScale};
use crate::history::{Histogram, Mark, Shape};
use crate::store::Ticket;
use crate::ui::events::type_color;
use crate::ui::theme::Palette;
use egui::{Color32, Painter, Rangef, Rect, pos2, vec2};

/// Points from one column to the next, and between them.
const COLUMN: f32 = 5.0;
const GAP: f32 = 1.0;
/// Points that each event needs to be drawn by itself.
const SINGLE: f64 = 12.0;
/// Height of a column that is not empty.
const LEAST: f32 = 2.0;
/// What is ahead of the playhead is fainter.
const AHEAD: f32 = 0.4;
/// Columns of types without a meaning.
const QUIET: f32 = 0.55;

/// The columns of the open stream, counted where what is shown is another.
#[derive(Default)]
pub struct Columns {
    of: Option<Ticket>,
    histogram: Histogram,
    shape: Option<Shape>,
}

/// What columns are drawn of, and where.
pub struct Columned<'a> {
    pub p: &'a Palette,
    pub opened: &'a Opened,
    pub scale: &'a TimeScale,
    pub places: &'a Places,
    /// The place of the playhead.
    pub head: Option<f64>,
}

impl Columns {
    pub fn show(&mut self, painter: &Painter, drawn: &Columned<'_>) {
        let ticket = drawn.opened.ticket();
        if self.of != Some(ticket) {
            *self = Self { of: Some(ticket), ..Self::default() };
        }
        let density = drawn.opened.timeline().density();
        self.shape = None;
        if let Some((from, to)) = drawn.few() {
            return drawn.marks(painter, from, to);
        }
        let shape = drawn.shape();
        self.histogram.update(density, shape);
        self.shape = Some(shape);
        drawn.columns(painter, &self.histogram, shape);
        drawn.problems(painter, &self.histogram, shape);
    }

    /// How many events the column under a point holds, where columns are drawn.
    pub fn events_at(&self, x: f32, places: &Places, scale: &TimeScale) -> Option<usize> {
        let shape = self.shape?;
        (0..shape.columns())
            .find(|&column| column_x(shape, column, places, scale).contains(x))
            .and_then(|column| self.histogram.events().get(column).copied())
    }
}

/// The x range of a column, which may begin and end beside the bar.
fn column_x(shape: Shape, column: usize, places: &Places, scale: &TimeScale) -> Rangef {
    let at = |column: usize| match shape {
        Shape::Events { from, step, .. } => {
            // Each event is in the middle of its place.
            let index = real(from + step * column) - 0.5;
            let (first, end) = (scale.event(0.0), scale.event(1.0));
            places.x((index - first) / (end - first))
        }
        Shape::Times { from, step, .. } => {
            let ticks = step.saturating_mul(i64::try_from(column).unwrap_or(i64::MAX));
            places.x(scale.place_of_time(crate::record::Created(from.0.saturating_add(ticks))))
        }
    };
    Rangef::new(at(column), at(column + 1))
}

impl Columned<'_> {
    /// The events in view from one index to another, where they are so few that each is drawn by itself.
    fn few(&self) -> Option<(usize, usize)> {
        let density = self.opened.timeline().density();
        let room = f64::from(self.places.x.span()) / SINGLE;
        let (from, to) = if self.scale.is_by_time() {
            let last = density.last_until(self.scale.time(1.0)).unwrap_or(0);
            (density.first_from(self.scale.time(0.0)).min(last), last)
        } else {
            (self.scale.index(density, 0.0), self.scale.index(density, 1.0))
        };
        (real(to - from) < room).then_some((from, to))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        clippy::cast_sign_loss,
        reason = "columns on screen"
    )]
    fn shape(&self) -> Shape {
        let room = f64::from(self.places.x.span());
        let columns = (room / f64::from(COLUMN)).max(1.0);
        if self.scale.is_by_time() {
            let (from, to) = (self.scale.time(0.0).0, self.scale.time(1.0).0);
            let step = (((to - from) as f64 / columns).ceil() as i64).max(1);
            // At multiples of its width, so that a column stays the same while it is moved.
            let first = from.div_euclid(step) * step;
            let columns = (to - first) / step + 1;
            let (from, columns) = (crate::record::Created(first), usize::try_from(columns).unwrap_or(1));
            return Shape::Times { from, step, columns };
        }
        let (from, to) = (self.scale.event(0.0).max(0.0), self.scale.event(1.0).max(0.0));
        let step = (((to - from + 1.0) / columns).ceil() as usize).max(1);
        let first = from as usize / step * step;
        Shape::Events { from: first, step, columns: (to.ceil() as usize - first) / step + 1 }
    }

    fn marks(&self, painter: &Painter, from: usize, to: usize) {
        let (p, bar) = (self.p, self.places.bar);
        let timeline = self.opened.timeline();
        let past = bar.with_max_x(self.places.x(self.head.unwrap_or(0.0)).clamp(bar.left(), bar.right()));
        painter.rect_filled(past.shrink2(vec2(0.0, (bar.height() - 16.0).max(0.0) / 2.0)), 4.0, p.accent_bg);
        for index in from..=to {
            let Some(record) = timeline.get(index) else { continue };
            let place = self.scale.place(timeline.density(), index);
            let x = self.places.x(place);
            let color = type_color(p, timeline.aggregate().schema(), record.event_type);
            let color = self.faded(color, self.head.is_some_and(|head| place <= head));
            let size = vec2(3.0, (bar.height() - 4.0).min(24.0));
            painter.rect_filled(Rect::from_center_size(pos2(x, bar.center().y), size), 0.0, color);
            if timeline.mark(index) == Some(Mark::Problem) {
                painter.circle_filled(pos2(x, bar.top() - 4.5), 4.0, p.red);
            }
        }
    }

    fn faded(&self, color: Color32, is_past: bool) -> Color32 {
        if is_past { color } else { self.p.bg.lerp_to_gamma(color, AHEAD) }
    }

    /// Side by side, the many that mean nothing would outshine the few that do.
    fn quiet(&self, color: Color32) -> Color32 {
        if color == self.p.faint { self.p.bg.lerp_to_gamma(color, QUIET) } else { color }
    }

    fn columns(&self, painter: &Painter, histogram: &Histogram, shape: Shape) {
        let (p, bar, timeline) = (self.p, self.places.bar, self.opened.timeline());
        let schema = timeline.aggregate().schema();
        let colors: Vec<Color32> =
            timeline.density().common().map(|kind| self.quiet(type_color(p, schema, kind))).collect();
        let most = match shape {
            // The last one may not be full.
            Shape::Events { step, .. } => step,
            Shape::Times { .. } => histogram.most(),
        };
        let head = self.head.map_or(f32::NEG_INFINITY, |head| self.places.x(head));
        for (column, &events) in histogram.events().iter().enumerate().filter(|(_, events)| **events > 0) {
            let x = column_x(shape, column, self.places, self.scale);
            let x = Rangef::new(x.min, (x.max - GAP).max(x.min + 1.0));
            let height = (bar.height() * ratio(events, most)).max(LEAST);
            let mut from = bar.bottom();
            let mut segment = |count: usize, color: Color32| {
                let to = from - height * ratio(count, events);
                self.segment(painter, x, Rangef::new(to, from), head, color);
                from = to;
            };
            let kinds = histogram.kinds(column);
            for (&count, &color) in kinds.iter().zip(&colors).filter(|(count, _)| **count > 0) {
                segment(count, color);
            }
            let rest = events.saturating_sub(kinds.iter().sum());
            if rest > 0 {
                segment(rest, self.quiet(p.faint));
            }
        }
    }

    /// What of it is ahead of the playhead is fainter.
    fn segment(&self, painter: &Painter, x: Rangef, y: Rangef, head: f32, color: Color32) {
        for (x, is_past) in
            [(Rangef::new(x.min, x.max.min(head)), true), (Rangef::new(x.min.max(head), x.max), false)]
        {
            if x.span() > 0.0 {
                painter.rect_filled(Rect::from_x_y_ranges(x, y), 0.0, self.faded(color, is_past));
            }
        }
    }

    /// A dot above a column with a problem, and a band where such columns join.
    fn problems(&self, painter: &Painter, histogram: &Histogram, shape: Shape) {
        let y = self.places.bar.top() - 4.5;
        for band in bands(histogram.problems()) {
            let from = column_x(shape, band.start, self.places, self.scale).min;
            let to = column_x(shape, band.end - 1, self.places, self.scale).max;
            if band.len() == 1 {
                painter.circle_filled(pos2(f32::midpoint(from, to), y), 3.5, self.p.red);
            } else {
                let y = Rangef::new(y - 2.0, y + 2.0);
                painter.rect_filled(Rect::from_x_y_ranges(Rangef::new(from, to), y), 2.0, self.p.red);
            }
        }
    }
}

/// The stretches of neighbours that are not 0.
pub fn bands(counts: &[usize]) -> Vec<std::ops::Range<usize>> {
    let mut bands: Vec<std::ops::Range<usize>> = Vec::new();
    for (place, _) in counts.iter().enumerate().filter(|(_, count)| **count > 0) {
        match bands.last_mut() {
            Some(band) if band.end == place => band.end += 1,
            _ => bands.push(place..place + 1),
        }
    }
    bands
}

#[expect(clippy::cast_precision_loss, reason = "exact to 2^53")]
fn real(count: usize) -> f64 {
    count as f64
}

#[expect(clippy::cast_possible_truncation, reason = "a share of what is on screen")]
fn ratio(part: usize, of: usize) -> f32 {
    (real(part) / real(of.max(1))).min(1.0) as f32
}
