//! The ticks below the track: round revisions, and round times of a zone, each true at its place.

use crate::record::Created;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp};

const MILLI: i64 = 10_000;
const SECOND: i64 = 1_000 * MILLI;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// A round time and what is written below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    pub at: Created,
    pub text: String,
}

/// From one tick to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    /// At most half an hour, which divides the offset of every zone of today.
    Ticks(i64),
    /// Hours of the zone's clock, which skips some and repeats some.
    Hours(i8),
    Days(i64),
    Months(i64),
}

impl Step {
    fn all() -> impl Iterator<Item = Self> {
        let fine = [1, 2, 5, 10, 20, 50, 100, 200, 500].map(|millis| Self::Ticks(millis * MILLI));
        let seconds = [1, 2, 5, 10, 15, 30].map(|seconds| Self::Ticks(seconds * SECOND));
        let minutes = [1, 2, 5, 10, 15, 30].map(|minutes| Self::Ticks(minutes * MINUTE));
        let hours = [1, 2, 3, 6, 12].map(Self::Hours);
        let days = [1, 2, 7, 14].map(Self::Days);
        let months = [1, 2, 3, 6].map(Self::Months);
        let years = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000].map(|years| Self::Months(12 * years));
        fine.into_iter().chain(seconds).chain(minutes).chain(hours).chain(days).chain(months).chain(years)
    }

    /// Its shortest length.
    fn length(self) -> i64 {
        match self {
            Self::Ticks(ticks) => ticks,
            Self::Hours(hours) => i64::from(hours) * HOUR,
            Self::Days(days) => days * DAY,
            Self::Months(months) => months * 28 * DAY,
        }
    }

    fn is_shorter_than_a_day(self) -> bool {
        matches!(self, Self::Ticks(_) | Self::Hours(_))
    }

    fn format(self) -> &'static str {
        match self {
            Self::Ticks(ticks) if ticks < SECOND => "%H:%M:%S%.3f",
            Self::Ticks(ticks) if ticks < MINUTE => "%H:%M:%S",
            Self::Ticks(_) | Self::Hours(_) => "%H:%M",
            Self::Days(_) => "%Y-%m-%d",
            Self::Months(months) if months < 12 => "%Y-%m",
            Self::Months(_) => "%Y",
        }
    }
}

/// The round times from one time to another, as many as there can be and no more than so many; the first of each day, and the
/// first after the clock was changed, say so.
pub fn time_ticks(from: Created, to: Created, most: usize, zone: &TimeZone) -> Vec<Tick> {
    let most = i64::try_from(most.max(1)).unwrap_or(i64::MAX);
    let span = to.0.saturating_sub(from.0);
    let Some(step) = Step::all().find(|step| span / step.length() < most) else { return Vec::new() };
    let times = match step {
        Step::Ticks(step) => even(from, step, zone, most),
        Step::Hours(hours) => of_clock(from, to, hours, zone),
        Step::Days(days) => of_days(from, to, days, zone),
        Step::Months(months) => of_months(from, to, months, zone),
    };
    let mut before: Option<DateTime> = None;
    let mut offset = None;
    let within = times.into_iter().filter(|at| (from..=to).contains(at));
    let tick = |at: Created| {
        let stamp = stamp(at)?;
        let (local, here) = (zone.to_datetime(stamp), zone.to_offset(stamp));
        let is_new_day = before.is_none_or(|before| before.date() != local.date());
        let date = if step.is_shorter_than_a_day() && is_new_day { "%Y-%m-%d " } else { "" };
        let is_changed = step.is_shorter_than_a_day() && offset.is_some_and(|offset| offset != here);
        let changed = if is_changed { format!(" UTC{here}") } else { String::new() };
        (before, offset) = (Some(local), Some(here));
        let text = format!("{}{changed}", local.strftime(&format!("{date}{}", step.format())));
        Some(Tick { at, text })
    };
    within.filter_map(tick).collect()
}

/// The multiples of 1, 2 or 5 times a power of ten from one revision to another, no more than so many.
pub fn revision_ticks(from: u64, to: u64, most: usize) -> Vec<u64> {
    let most = u64::try_from(most.max(1)).unwrap_or(u64::MAX);
    let span = to.saturating_sub(from);
    let mut powers = (0..=19)
        .filter_map(|power| 10_u64.checked_pow(power))
        .flat_map(|power| [Some(power), power.checked_mul(2), power.checked_mul(5)].into_iter().flatten());
    let Some(step) = powers.find(|step| span / step < most) else { return Vec::new() };
    let first = from.div_ceil(step);
    (first..=to / step).map(|multiple| multiple * step).collect()
}

fn stamp(Created(at): Created) -> Option<Timestamp> {
    Timestamp::from_nanosecond(i128::from(at) * 100).ok()
}

fn created(stamp: Timestamp) -> Option<Created> {
    i64::try_from(stamp.as_nanosecond() / 100).ok().map(Created)
}

fn local(at: Created, zone: &TimeZone) -> Option<DateTime> {
    stamp(at).map(|stamp| zone.to_datetime(stamp))
}

/// Even steps that are round on the clock of the zone.
fn even(from: Created, step: i64, zone: &TimeZone, most: i64) -> Vec<Created> {
    let offset = stamp(from).map_or(0, |stamp| i64::from(zone.to_offset(stamp).seconds()) * SECOND);
    let first = from.0.saturating_add(offset).div_euclid(step).saturating_mul(step).saturating_sub(offset);
    (0..=most + 1).map(|place| Created(first.saturating_add(place.saturating_mul(step)))).collect()
}

/// Hours that the clock shows: none that it skips, and twice those that it repeats.
fn of_clock(from: Created, to: Created, hours: i8, zone: &TimeZone) -> Vec<Created> {
    let mut all = Vec::new();
    for date in dates(from, to, 1, zone) {
        for hour in (0..24).step_by(usize::from(hours.unsigned_abs().max(1))) {
            let time = zone.to_ambiguous_timestamp(date.at(hour, 0, 0, 0));
            let stamps = match time.offset() {
                AmbiguousOffset::Unambiguous { .. } => [time.unambiguous().ok(), None],
                AmbiguousOffset::Gap { .. } => [None, None],
                AmbiguousOffset::Fold { .. } => [time.earlier().ok(), time.later().ok()],
            };
            all.extend(stamps.into_iter().flatten().filter_map(created));
        }
    }
    all.sort_unstable();
    all
}

/// When each of these days begins; where the clock skips midnight, that is later.
fn of_days(from: Created, to: Created, days: i64, zone: &TimeZone) -> Vec<Created> {
    let begin = |date: Date| zone.to_timestamp(date.at(0, 0, 0, 0)).ok().and_then(created);
    dates(from, to, days, zone).filter_map(begin).collect()
}

/// Every so many days, weeks from their Mondays.
fn dates(from: Created, to: Created, days: i64, zone: &TimeZone) -> impl Iterator<Item = Date> {
    // A Monday, so that seven days are a week.
    let monday = Date::constant(1970, 1, 5);
    let bounds = local(from, zone).zip(local(to, zone));
    let since = |at: DateTime| monday.duration_until(at.date()).as_hours() / 24;
    let (first, last) = bounds.map_or((1, 0), |(from, to)| (since(from), since(to)));
    let (first, last) = (first.div_euclid(days), last.div_euclid(days));
    (first..=last)
        .filter_map(move |step| monday.checked_add(Span::new().try_days(step.checked_mul(days)?).ok()?).ok())
}

fn of_months(from: Created, to: Created, months: i64, zone: &TimeZone) -> Vec<Created> {
    let Some((from, to)) = local(from, zone).zip(local(to, zone)) else { return Vec::new() };
    let month = |at: DateTime| i64::from(at.year()) * 12 + i64::from(at.month()) - 1;
    let begin = |step: i64| {
        let month = step * months;
        let year = i16::try_from(month.div_euclid(12)).ok()?;
        let date = Date::new(year, i8::try_from(month.rem_euclid(12) + 1).ok()?, 1).ok()?;
        zone.to_timestamp(date.at(0, 0, 0, 0)).ok().and_then(created)
    };
    (month(from).div_euclid(months)..=month(to).div_euclid(months)).filter_map(begin).collect()
}
