//! "Go to anything": a stream, a revision, a date, a time ago, or a command, from one line of text.

use super::actions;
use super::categories::{ALL_STREAMS, named_category};
use super::intent::{Intent, ListIntent, TimeIntent};
use super::list::List;
use crate::aggregate::CommandForm;
use crate::record::{Created, Revision, StreamName};
use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

/// Where the text is understood.
pub(super) struct Place<'a> {
    pub category: &'a str,
    pub list: &'a List,
    /// The commands that are offered.
    pub forms: &'a [CommandForm],
    /// Whether a stream is open.
    pub is_open: bool,
}

impl Place<'_> {
    /// What the text asks for; `None` where it holds nothing.
    pub fn intent(&self, text: &str) -> Option<Intent> {
        let select = |stream| Some(Intent::List(ListIntent::Select(stream)));
        // What is there is named to the byte, before the text is understood in other ways.
        if let Some(stream) = self.listed_as(text) {
            return select(stream);
        }
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        if let Some(intent) = actions::named(text, self.forms) {
            return Some(intent);
        }
        if let Some(category) = text.strip_prefix("category ").and_then(named_category) {
            return Some(Intent::List(ListIntent::Category(category.to_owned())));
        }
        if let Some(revision) = named_revision(text).filter(|_| self.is_open && !self.is_listed(text)) {
            return Some(Intent::Time(TimeIntent::GoTo(revision)));
        }
        if let Some(time) = time(text, Timestamp::now(), &TimeZone::system()) {
            return Some(Intent::Time(TimeIntent::GoToTime(time)));
        }
        let named = text.contains('-') && !self.is_listed(text);
        let by_name = named || text.starts_with('$');
        select(if by_name { StreamName::new(text) } else { self.in_category(text) })
    }

    /// The stream of this id in the category that is listed.
    fn in_category(&self, id: &str) -> StreamName {
        match self.category {
            "" | ALL_STREAMS => StreamName::new(id),
            category => StreamName::new(&format!("{category}-{id}")),
        }
    }

    /// The listed stream of this very name, or of this very id where blanks stand around it.
    fn listed_as(&self, text: &str) -> Option<StreamName> {
        let own = self.in_category(text);
        let exact = Some(StreamName::new(text)).filter(|name| self.list.find(name).is_some());
        exact.or_else(|| Some(own).filter(|name| text.trim() != text && self.list.find(name).is_some()))
    }

    /// An id of a listed stream.
    fn is_listed(&self, id: &str) -> bool {
        self.list.find(&self.in_category(id)).is_some()
    }
}

/// `12`, `rev 12`, `revision 812,331`, as the window writes it.
pub fn named_revision(text: &str) -> Option<Revision> {
    let lower = text.to_lowercase();
    let digits = lower.strip_prefix("revision").or_else(|| lower.strip_prefix("rev")).unwrap_or(&lower);
    let digits = digits.trim();
    let (first, groups) = digits.split_once(',').map_or((digits, None), |(first, rest)| (first, Some(rest)));
    let is_grouped = |groups: &str| first.len() <= 3 && groups.split(',').all(|group| group.len() == 3);
    let is_number = groups.is_none_or(is_grouped);
    is_number.then(|| digits.replace(',', "").parse().ok().map(Revision))?
}

/// `2026-03-01`, `2026-03-01 14:00`, `2026-03-01 14:00:05.910` in the zone, or `2 h ago`.
fn time(text: &str, now: Timestamp, zone: &TimeZone) -> Option<Created> {
    let created = |stamp: Timestamp| i64::try_from(stamp.as_nanosecond() / 100).ok().map(Created);
    if let Some(ago) = text.to_lowercase().strip_suffix("ago") {
        return created(now - seconds(ago)?);
    }
    if let Ok(stamp) = text.parse::<Timestamp>() {
        return created(stamp);
    }
    let starts_like_a_date = text.len() >= 10 && text.as_bytes()[..4].iter().all(u8::is_ascii_digit);
    let local: DateTime = text.parse().ok().filter(|_| starts_like_a_date)?;
    created(zone.to_timestamp(local).ok()?)
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
        let now = "2026-03-02T10:00:00Z".parse().ok()?;
        time(text, now, &TimeZone::UTC).map(Created::rfc3339)
    }

    #[test]
    fn reads_dates_and_times_ago() {
        assert_eq!(at("2026-03-01 14:00").as_deref(), Some("2026-03-01T14:00:00.0000000Z"));
        assert_eq!(at("2026-03-01").as_deref(), Some("2026-03-01T00:00:00.0000000Z"));
        assert_eq!(at("2 h ago").as_deref(), Some("2026-03-02T08:00:00.0000000Z"));
        assert_eq!(at("99999999999999999999 h ago"), None);
        assert_eq!(at("7f3c21d8"), None);
    }

    #[test]
    fn reads_revisions() {
        assert_eq!(named_revision("rev 12"), Some(Revision(12)));
        assert_eq!(named_revision("12"), Some(Revision(12)));
        assert_eq!(named_revision("Rev 1,812,331"), Some(Revision(1_812_331)));
        assert_eq!(named_revision("1,2"), None);
        assert_eq!(named_revision("1812,331"), None);
        assert_eq!(named_revision("7f3c"), None);
    }
}
