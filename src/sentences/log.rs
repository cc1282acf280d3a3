//! What is said of the database itself: scans of it, projections and parked messages.

use super::{denial, span, store_error};
use crate::record::{Created, plural};
use crate::store::{Denial, Lag, ParkedMessage, ScanStart, StoreError};
use std::time::Duration;

/// `$all` may not be read.
pub fn no_log(why: &Denial) -> String {
    format!(
        "All events together are read from $all, which this user may not read. {} A single stream that the user may read can be shown by its name.",
        denial(why)
    )
}

pub fn scan_start(start: &ScanStart) -> String {
    match start {
        ScanStart::Beginning => "Looks at all events from the beginning of $all.".to_owned(),
        ScanStart::GoesOn(at) => format!("Goes on after {}.", at.typed()),
        ScanStart::Near { stream } => format!(
            "Begins near that moment, found by the times of the links in {stream}; where a clock went back by more than a minute, earlier events are missed."
        ),
    }
}

pub fn projections_untold(why: &StoreError) -> String {
    format!(
        "The server does not tell the state of its projections: {} What $all shows of them is listed.",
        store_error(why)
    )
}

pub fn results_unlisted(why: &StoreError) -> String {
    format!("The result streams cannot be looked for: {}", store_error(why))
}

/// How far a projection is behind.
pub fn lag(lag: Lag, now: Created) -> String {
    match lag {
        Lag::None => "not behind".to_owned(),
        Lag::Unknown => "not known".to_owned(),
        Lag::Behind { events, more, positions, since } => {
            let events = plural(events, "event");
            let events = if more { format!("more than {events}") } else { events };
            let positions = positions.map(|n| format!(", {} of $all", plural(n, "position")));
            let age =
                |since: Created| u64::try_from(now.millis().saturating_sub(since.millis())).unwrap_or(0);
            let since = since.map(|at| format!(", read until {} ago", span(Duration::from_millis(age(at)))));
            [Some(events), positions, since].into_iter().flatten().collect()
        }
    }
}

pub fn reason(message: &ParkedMessage) -> String {
    message.reason.clone().unwrap_or_else(|| "not noted".to_owned())
}

pub fn retries(message: &ParkedMessage) -> String {
    message.retries.map_or_else(|| "not noted by this server".to_owned(), |retries| retries.to_string())
}
