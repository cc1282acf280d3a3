//! Where the events of a history lie on the time panel's track, by their order or by their times, and which part it shows.

use crate::history::Density;
use crate::record::Created;

/// Fewest events, and fewest ticks of 100 ns, that fill the track.
const FEWEST_EVENTS: f64 = 4.0;
const FEWEST_TICKS: f64 = 100_000.0;

/// A part of a scale: indexes of events, or ticks of 100 ns since the first event; exact to 28 years of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Span {
    pub from: f64,
    pub to: f64,
}

impl Span {
    fn width(self) -> f64 {
        self.to - self.from
    }

    fn moved(self, by: f64) -> Self {
        Self { from: self.from + by, to: self.to + by }
    }
}

/// The part of each scale that a person zoomed to; `None` shows all, with what arrives.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Zoom {
    events: Option<Span>,
    times: Option<Span>,
}

impl Zoom {
    pub(super) fn of(&self, by_time: bool) -> Option<Span> {
        if by_time { self.times } else { self.events }
    }

    pub(super) fn set(&mut self, by_time: bool, span: Option<Span>) {
        *(if by_time { &mut self.times } else { &mut self.events }) = span;
    }
}

/// Places from 0, the left end of the track, to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TimeScale {
    by_time: bool,
    /// When the first event was stored.
    base: i64,
    whole: Span,
    shown: Span,
}

impl TimeScale {
    /// Where all events have one time, they lie by their order.
    pub fn new(density: &Density, by_time: bool, zoom: Zoom) -> Self {
        let base = density.created(0).map_or(0, |Created(at)| at);
        let bounds = density.bounds().filter(|(first, last)| by_time && first < last);
        let whole = match bounds {
            Some((first, last)) => {
                Span { from: ticks(first.0.saturating_sub(base)), to: ticks(last.0.saturating_sub(base)) }
            }
            None => Span { from: 0.0, to: count(density.len()).max(2.0) - 1.0 },
        };
        let by_time = bounds.is_some();
        let scale = Self { by_time, base, whole, shown: whole };
        zoom.of(by_time).map_or(scale, |span| Self { shown: scale.bounded(span), ..scale })
    }

    pub fn is_by_time(&self) -> bool {
        self.by_time
    }

    pub fn shows_all(&self) -> bool {
        self.shown == self.whole
    }

    /// How much of the whole is shown, from 0 to 1.
    pub fn part(&self) -> f64 {
        self.shown.width() / self.whole.width()
    }

    /// The place of an event, which may lie beside the track.
    pub fn place(&self, density: &Density, index: usize) -> f64 {
        if self.by_time {
            return density.created(index).map_or(0.0, |at| self.place_of_time(at));
        }
        (count(index) - self.shown.from) / self.shown.width()
    }

    pub fn place_of_time(&self, Created(at): Created) -> f64 {
        (ticks(at.saturating_sub(self.base)) - self.shown.from) / self.shown.width()
    }

    /// The time at a place.
    #[expect(clippy::cast_possible_truncation, reason = "it saturates")]
    pub fn time(&self, place: f64) -> Created {
        Created(self.base.saturating_add((self.shown.from + place * self.shown.width()).round() as i64))
    }

    /// The index at a place of the scale of events, which may lie beside the history.
    pub fn event(&self, place: f64) -> f64 {
        self.shown.from + place * self.shown.width()
    }

    /// The event at a place: by its time the last one, in the order of the stream, that was stored until then.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
    pub fn index(&self, density: &Density, place: f64) -> usize {
        let last = density.len().saturating_sub(1);
        if self.by_time {
            return density.last_until(self.time(place)).unwrap_or(0);
        }
        (self.event(place).round().max(0.0) as usize).min(last)
    }

    /// The event that is drawn nearest to a place.
    pub fn nearest(&self, density: &Density, place: f64) -> usize {
        let index = self.index(density, place);
        if !self.by_time {
            return index;
        }
        let next = density.first_from(self.time(place)).min(density.len().saturating_sub(1));
        let away = |index: usize| (self.place(density, index) - place).abs();
        if away(next) < away(index) { next } else { index }
    }

    /// The part that is this many times as wide, with the same event or time at the place; `None` for all.
    pub(super) fn zoomed(&self, times: f64, around: f64) -> Option<Span> {
        let fewest = if self.by_time { FEWEST_TICKS } else { FEWEST_EVENTS };
        let width = (self.shown.width() * times).max(fewest.min(self.whole.width()));
        let fixed = self.shown.from + around * self.shown.width();
        let from = fixed - around * width;
        self.kept(Span { from, to: from + width })
    }

    /// The part that lies so many of its widths further on.
    pub(super) fn panned(&self, by: f64) -> Option<Span> {
        self.kept(self.shown.moved(by * self.shown.width()))
    }

    fn kept(&self, span: Span) -> Option<Span> {
        let span = self.bounded(span);
        (span != self.whole).then_some(span)
    }

    /// Moved and cut so that it lies in the whole.
    fn bounded(&self, span: Span) -> Span {
        if span.width() >= self.whole.width() {
            return self.whole;
        }
        let too_far = (span.to - self.whole.to).max(0.0);
        let too_near = (self.whole.from - span.from).max(0.0);
        span.moved(too_near - too_far)
    }
}

#[expect(clippy::cast_precision_loss, reason = "exact to 2^53")]
fn ticks(ticks: i64) -> f64 {
    ticks as f64
}

#[expect(clippy::cast_precision_loss, reason = "exact to 2^53")]
fn count(count: usize) -> f64 {
    count as f64
}
