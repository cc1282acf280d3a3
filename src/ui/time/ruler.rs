//! The ruler below the track: round revisions, or round times of the local zone.

use super::places::Places;
use super::ticks::{revision_ticks, time_ticks};
use crate::app::TimeScale;
use crate::history::Timeline;
use crate::ui::{format, theme, theme::Palette};
use egui::{Stroke, Ui, pos2};
use jiff::tz::TimeZone;

/// Points that a revision and a time need, and that are between two labels.
const REVISION: f32 = 80.0;
const TIME: f32 = 100.0;
const BETWEEN: f32 = 10.0;

/// Draws it; what it says, for a screen reader.
pub fn ruler_ui(ui: &Ui, p: &Palette, timeline: &Timeline, scale: &TimeScale, places: &Places) -> String {
    let ticks = if scale.is_by_time() { times(scale, places) } else { revisions(timeline, scale, places) };
    let (painter, ruler) = (ui.painter_at(places.whole), places.ruler);
    let mut end = f32::NEG_INFINITY;
    let mut said = String::new();
    for (place, text) in ticks {
        let x = places.x(place);
        painter.vline(x, ruler.top() - 3.0..=ruler.top(), Stroke::new(1.0, p.faint));
        let galley = painter.layout_no_wrap(text, theme::mono(10.0), p.dim);
        let size = galley.size();
        let from = (x - size.x / 2.0).clamp(ruler.left(), ruler.right() - size.x);
        if from > end + BETWEEN {
            said =
                if said.is_empty() { galley.text().to_owned() } else { format!("{said}, {}", galley.text()) };
            painter.galley(pos2(from, ruler.bottom() - size.y + 1.0), galley, p.dim);
            end = from + size.x;
        }
    }
    said
}

/// Each with its place; as many as have room.
fn times(scale: &TimeScale, places: &Places) -> Vec<(f64, String)> {
    let most = whole(places.x.span() / TIME);
    let ticks = time_ticks(scale.time(0.0), scale.time(1.0), most, &TimeZone::system());
    ticks.into_iter().map(|tick| (scale.place_of_time(tick.at), tick.text)).collect()
}

fn revisions(timeline: &Timeline, scale: &TimeScale, places: &Places) -> Vec<(f64, String)> {
    let density = timeline.density();
    let revision = |place| timeline.get(scale.index(density, place)).map_or(0, |record| record.revision.0);
    let most = whole(places.x.span() / REVISION);
    let ticks = revision_ticks(revision(0.0), revision(1.0), most).into_iter().filter_map(|tick| {
        let index = timeline.index_at(crate::record::Revision(tick))?;
        // One that is gone has no place.
        timeline.get(index).filter(|record| record.revision.0 == tick)?;
        Some((scale.place(density, index), format::count(tick)))
    });
    ticks.collect()
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "labels on screen")]
fn whole(count: f32) -> usize {
    count.max(1.0) as usize
}
