//! A moment as people write it.

use super::Created;
use jiff::civil::{Date, DateTime, Time};
use jiff::{Span, Timestamp, tz::TimeZone};

/// `2026-03-01`, `2026-03-01 14:00`, `2026-03-01 14:00:05.910`, `14:00` and `yesterday 12:00` in the zone, RFC 3339, or
/// `2 h ago`.
pub fn moment(text: &str, now: Created, zone: &TimeZone) -> Option<Created> {
    let created = |stamp: Timestamp| i64::try_from(stamp.as_nanosecond() / 100).ok().map(Created);
    let now = Timestamp::from_nanosecond(i128::from(now.0) * 100).ok()?;
    let text = text.trim();
    if let Some(ago) = text.to_lowercase().strip_suffix("ago") {
        return created(now - seconds(ago)?);
    }
    if let Ok(stamp) = text.parse::<Timestamp>() {
        return created(stamp);
    }
    let today = now.to_zoned_datetime(zone.clone()).date();
    let starts_like_a_date = text.len() >= 10 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit);
    let local: DateTime = match named_day(text, today) {
        Some(local) => local,
        None => text.parse().ok().filter(|_| starts_like_a_date)?,
    };
    created(zone.to_timestamp(local).ok()?)
}

/// `yesterday`, `today`, either with a time of day, or that alone.
fn named_day(text: &str, today: Date) -> Option<DateTime> {
    let low = text.to_lowercase();
    let (day, clock) = match (low.strip_prefix("yesterday"), low.strip_prefix("today")) {
        (Some(rest), _) => (today.checked_sub(Span::new().days(1)).ok()?, rest.trim()),
        (_, Some(rest)) => (today, rest.trim()),
        (None, None) => (today, Some(&*low).filter(|low| low.contains(':') && low.len() <= 12)?),
    };
    let clock = if clock.is_empty() { Time::midnight() } else { clock.parse().ok()? };
    Some(day.to_datetime(clock))
}

fn seconds(text: &str) -> Option<jiff::SignedDuration> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit())?;
    let count: i64 = text[..split].parse().ok()?;
    let unit = match text[split..].trim() {
        "s" | "sec" | "second" | "seconds" => 1,
        "m" | "min" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 3_600,
        "d" | "day" | "days" => 86_400,
        _ => return None,
    };
    // A thousand years: later arithmetic on times stays in range.
    count.checked_mul(unit).filter(|&s| s < 31_536_000_000).map(jiff::SignedDuration::from_secs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Option<String> {
        let now: Timestamp = "2026-03-02T10:00:00Z".parse().ok()?;
        let now = Created(i64::try_from(now.as_nanosecond() / 100).ok()?);
        moment(text, now, &TimeZone::UTC).map(Created::rfc3339)
    }

    #[test]
    fn reads_dates_and_times_ago() {
        assert_eq!(at("2026-03-01 14:00").as_deref(), Some("2026-03-01T14:00:00.0000000Z"));
        assert_eq!(at("2026-03-01").as_deref(), Some("2026-03-01T00:00:00.0000000Z"));
        assert_eq!(at("2 h ago").as_deref(), Some("2026-03-02T08:00:00.0000000Z"));
        assert_eq!(at("yesterday 12:00").as_deref(), Some("2026-03-01T12:00:00.0000000Z"));
        assert_eq!(at("09:30:05").as_deref(), Some("2026-03-02T09:30:05.0000000Z"));
        assert_eq!(at("99999999999999999999 h ago"), None);
        assert_eq!(at("7f3c21d8"), None);
        assert_eq!(at("12"), None);
    }
}
