//! What the list was at another moment.

use crate::record::Created;
use crate::store::ChangeKind;
use jiff::tz::TimeZone;

/// The events of a category are more than may be held.
pub fn past_too_large(category: &str, budget: u64) -> String {
    let streams = match category {
        "" | "*" => "all streams".to_owned(),
        category => format!("{category}-*"),
    };
    let mebibytes = budget >> 20;
    let size =
        if mebibytes >= 1024 { format!("{} GiB", mebibytes >> 10) } else { format!("{mebibytes} MiB") };
    format!(
        "The events of {streams} take more than {size}, so their past is not read. Ask for a smaller category, or open one stream and go to the time in it."
    )
}

/// A moment as it is said back, with its offset.
pub fn at_moment(at: Created) -> String {
    at.date_time_offset(&TimeZone::system())
}

/// A moment that is still to come.
pub fn not_there_yet(at: Created) -> String {
    format!("{} is still to come. Give an earlier moment.", at_moment(at))
}

/// Streams of which nobody knows what they were.
pub fn unknown_streams(count: u64) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 stream is unknown: its events of that time are gone.".to_owned()),
        _ => Some(format!("{count} streams are unknown: their events of that time are gone.")),
    }
}

pub fn change_kind(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::New => "new",
        ChangeKind::Gone => "gone",
        ChangeKind::Changed => "changed",
        ChangeKind::Unknown => "unknown before",
    }
}
