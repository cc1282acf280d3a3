//! Moments as the window says them, in this system's time zone.

use super::format;
use crate::record::Created;
use jiff::tz::TimeZone;

/// `today 12:00:00`, `yesterday 12:00:00`, `2026-11-24 12:00:00`.
pub fn moment(at: Created, now: Created) -> String {
    let zone = TimeZone::system();
    let day = |at: Created| at.date_time(&zone).split(' ').next().map(str::to_owned);
    let clock = at.clock(&zone);
    // Milliseconds where there are any.
    let clock = clock.strip_suffix(".000").unwrap_or(&clock);
    // The day before began less than two days ago, whatever the clocks did.
    let day_before = Created(now.0.saturating_sub(DAY));
    match day(at) {
        of if of == day(now) => format!("today {clock}"),
        of if of == day(day_before) => format!("yesterday {clock}"),
        of => format!("{} {clock}", of.unwrap_or_default()),
    }
}

/// Local time with its offset, and UTC: what hovering over a time says everywhere.
pub fn local_and_utc(at: Created) -> String {
    format!("{} local\n{} UTC", at.date_time_offset(&TimeZone::system()), at.date_time(&TimeZone::UTC))
}

/// `22 h ago`.
pub fn ago(at: Created, now: Created) -> String {
    format!("{} ago", format::age(at, now))
}

/// Ticks of 100 ns.
const DAY: i64 = 24 * 3600 * 10_000_000;
