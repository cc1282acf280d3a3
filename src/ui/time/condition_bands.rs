//! Where the condition is true, below the bar of the track.

use super::places::Places;
use crate::app::{App, Opened, TimeScale};
use crate::history::Density;
use crate::store::Ticket;
use crate::ui::theme::Palette;
use egui::{Painter, Rangef, Rect};

/// Points from one judgement to the next, and the narrowest band.
const STEP: f32 = 2.0;
const NARROWEST: f32 = 3.0;

/// The bands of what is shown, found again where that is another.
#[derive(Default)]
pub struct Bands {
    of: Option<(Ticket, usize, usize, TimeScale, Rangef)>,
    bands: Vec<Rangef>,
}

impl Bands {
    pub fn show(
        &mut self,
        painter: &Painter,
        p: &Palette,
        app: &App,
        opened: &Opened,
        scale: &TimeScale,
        places: &Places,
    ) {
        let turns = app.asking().turns();
        let of = Some((opened.ticket(), turns.len(), turns.judged(), *scale, places.x));
        if self.of != of {
            self.of = of;
            self.bands = bands(app, opened, scale, places);
        }
        let below = Rangef::new(places.bar.bottom() + 3.0, places.bar.bottom() + 6.0);
        for band in &self.bands {
            painter.rect_filled(Rect::from_x_y_ranges(*band, below), 1.0, p.amber);
        }
    }

    pub fn len(&self) -> usize {
        self.bands.len()
    }
}

/// The last event at or before a place of the track.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
fn last_until(density: &Density, scale: &TimeScale, place: f64) -> usize {
    if scale.is_by_time() {
        return scale.index(density, place);
    }
    // A part of a point, so that an event counts where it is drawn.
    let event = scale.event(place + 1e-4).floor().max(0.0);
    (event as usize).min(density.len().saturating_sub(1))
}

fn bands(app: &App, opened: &Opened, scale: &TimeScale, places: &Places) -> Vec<Rangef> {
    let (turns, density) = (app.asking().turns(), opened.timeline().density());
    let mut bands: Vec<Rangef> = Vec::new();
    if turns.is_empty() {
        return bands;
    }
    let index = |x: f32| last_until(density, scale, places.place(x));
    let (mut x, mut from) = (places.x.min, index(places.x.min));
    while x < places.x.max {
        let next = x + STEP;
        // The last step holds the last event, too.
        let to = if next < places.x.max { index(next) } else { index(places.x.max) + 1 };
        if turns.holds_within(from..to.max(from + 1)) {
            match bands.last_mut().filter(|band| band.max >= x) {
                Some(band) => band.max = next,
                None => bands.push(Rangef::new(x, next.max(x + NARROWEST))),
            }
        }
        (x, from) = (next, to);
    }
    bands
}
