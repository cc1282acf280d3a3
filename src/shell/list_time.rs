//! The time, told to a list whose filter asks how long ago the last event was.

use crate::app::{App, Intent, ListIntent};
use crate::record::Created;
use std::time::Duration;

/// What to tell the list now; else it is woken when a stream comes of an age that is asked for.
pub fn due(ctx: &egui::Context, app: &App) -> Option<Intent> {
    let (due, now) = (app.clock_due()?, Created::now());
    if due <= now {
        return Some(Intent::List(ListIntent::Clock(now)));
    }
    let micros = u64::try_from((due.0 - now.0) / 10).unwrap_or(0);
    ctx.request_repaint_after(Duration::from_micros(micros));
    None
}
