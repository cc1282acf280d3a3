//! Numbers and ages as they are shown.

pub use crate::record::{count, number, plural};

use crate::record::{Created, Revision};

/// `812,331`
pub fn rev(revision: Revision) -> String {
    count(revision.0)
}

/// At most so many characters of a text.
pub fn elided(text: &str, most: usize) -> std::borrow::Cow<'_, str> {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]).into(),
        None => text.into(),
    }
}

/// In units of 1000: `5.2 MB`.
pub fn size(bytes: u64) -> String {
    let unit = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")];
    let Some((unit, name)) = unit.into_iter().find(|(unit, _)| bytes >= *unit) else {
        return plural(bytes, "byte");
    };
    format!("{}.{} {name}", bytes / unit, bytes % unit * 10 / unit)
}

/// How long ago: `2 s`, `1 m`, `3 h`, `2 d`.
pub fn age(then: Created, now: Created) -> String {
    let seconds = (now.0 - then.0).max(0) / 10_000_000;
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3600 => format!("{} m", seconds / 60),
        3600..86400 => format!("{} h", seconds / 3600),
        _ => format!("{} d", count(u64::try_from(seconds / 86400).unwrap_or(0))),
    }
}

/// `+94 ms`, `+36.6 s`, `+2 m 15 s`, `+3 h 4 m`, `+2 d 5 h`: the time since the event before.
pub fn since(before: Created, after: Created) -> String {
    let millis = after.millis() - before.millis();
    let sign = if millis < 0 { "−" } else { "+" };
    format!("{sign}{}", span(millis.unsigned_abs()))
}

/// `94 ms`, `36.6 s`, `2 m 15 s`, `3 h 4 m`, `2 d 5 h`.
pub fn span(millis: u64) -> String {
    let seconds = millis / 1000;
    match seconds {
        0 => format!("{millis} ms"),
        1..60 => format!("{seconds}.{} s", millis % 1000 / 100),
        60..3_600 => format!("{} m {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} m", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test that cannot unwrap should fail")]
    use super::*;

    #[test]
    fn numbers_read_well_and_large_totals_stay_verbatim() {
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(number("1250.00"), "1,250.00");
        assert_eq!(number("9007199254740993.25"), "9007199254740993.25");
        assert_eq!(number("1e3"), "1e3");
        assert_eq!(age(Created(0), Created(7_200 * 10_000_000)), "2 h");
    }
}
