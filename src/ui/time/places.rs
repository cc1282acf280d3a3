//! Where the parts of the track are.

use egui::{Rangef, Rect, pos2};

/// Heights above the bar, of problems; below it, of the loop and the playhead's foot; and of the ruler.
const PROBLEMS: f32 = 9.0;
pub const FOOT: f32 = 7.0;
const RULER: f32 = 15.0;
/// A lower track has no ruler, and less room for problems.
const LOW: f32 = 40.0;
const LOW_PROBLEMS: f32 = 8.0;
/// Beside the outermost events.
const INSET: f32 = 5.0;

#[derive(Clone, Copy)]
pub struct Places {
    pub whole: Rect,
    pub bar: Rect,
    pub ruler: Rect,
    /// From the place 0 to the place 1 of the scale.
    pub x: Rangef,
}

impl Places {
    pub fn new(whole: Rect) -> Self {
        let is_low = whole.height() < LOW;
        let ruler = whole.with_min_y(whole.bottom() - if is_low { 0.0 } else { RULER });
        let bar = Rect::from_min_max(
            pos2(whole.left(), whole.top() + if is_low { LOW_PROBLEMS } else { PROBLEMS }),
            pos2(whole.right(), ruler.top() - FOOT),
        );
        Self { whole, bar, ruler, x: Rangef::new(bar.left() + INSET, bar.right() - INSET) }
    }

    /// Where a place of the scale is drawn; far away it saturates.
    #[expect(clippy::cast_possible_truncation, reason = "points on screen")]
    pub fn x(&self, place: f64) -> f32 {
        self.x.min + (place.clamp(-10.0, 10.0) * f64::from(self.x.span())) as f32
    }

    /// The place of the scale at a point.
    pub fn place(&self, x: f32) -> f64 {
        f64::from((x - self.x.min) / self.x.span().max(1.0))
    }

    pub fn shows(&self, x: f32) -> bool {
        self.bar.x_range().contains(x)
    }
}
