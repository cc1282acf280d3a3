//! Events that belong together: lanes on one time axis, and the same events as a list.

mod lanes;
mod rows;
mod state;

pub use lanes::lanes_ui;
pub use rows::{Shown, rows_ui};
pub use state::{counts, state_ui};

use crate::app::{App, RelatedEvents};
use crate::history::RelatedEvent;
use crate::record::json;
use crate::ui::format;
use jiff::tz::TimeZone;

/// Longest stream or type in a name, in characters.
const SHOWN: usize = 80;

/// The event that is marked: the one around which was looked, or the one at the playhead.
pub fn marked(app: &App, related: &RelatedEvents) -> Option<usize> {
    let around = || related.stands().and_then(|(stream, at)| related.lanes().place(stream, at));
    let playhead = || {
        let record = app.opened()?.frame().record()?;
        related.lanes().place(record.stream, record.revision)
    };
    if related.correlation().is_some() { playhead() } else { around() }
}

/// `OrderPaid in order-1, revision 3, 2026-03-01 14:05:02.910`.
fn described(event: &RelatedEvent) -> String {
    let shown = |text: &str| json::one_line(text.as_bytes(), SHOWN);
    let (event_type, stream) = (shown(&event.event_type), shown(event.stream.as_str()));
    let time = event.created.date_time(&TimeZone::system());
    format!("{event_type} in {stream}, revision {}, {time}", format::rev(event.revision))
}
