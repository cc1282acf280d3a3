//! Which instants of a zone are meant.

use super::calendar::{self, Day, Which};
use super::clock::{Clock, extent};
use super::error::{MomentError, shown};
use super::length::Length;
use super::meaning::Moment;
use super::words::{month_name, weekday_name};
use super::written::Written;
use crate::record::time::Created;
use jiff::civil::{Date, DateTime};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Span, Timestamp};

/// Years back in which each day of the calendar comes on each weekday, but for the 29th of February.
const YEARS: i16 = 12;
const WEEK: i64 = 7;

pub struct Resolver<'a> {
    text: &'a str,
    now: Timestamp,
    zone: &'a TimeZone,
}

/// One instant of a day and time, and what is to be said of it.
struct Instant {
    stamp: Timestamp,
    note: String,
}

impl<'a> Resolver<'a> {
    pub fn new(text: &'a str, now: Created, zone: &'a TimeZone) -> Result<Self, MomentError> {
        let stamp = Timestamp::from_nanosecond(i128::from(now.0) * 100);
        let now = stamp.map_err(|_| MomentError::OutOfRange { text: shown(text) })?;
        Ok(Self { text, now, zone })
    }

    fn out_of_range(&self) -> MomentError {
        MomentError::OutOfRange { text: shown(self.text) }
    }

    pub fn now(&self) -> Result<Vec<Moment>, MomentError> {
        self.moment(self.now, 0, 0, String::new()).map(|moment| vec![moment])
    }

    /// So much from now; days and months by the calendar of the zone.
    pub fn shifted(&self, length: Length) -> Result<Vec<Moment>, MomentError> {
        let span = || -> Option<Timestamp> {
            let days = Span::new().try_months(length.months).ok()?.try_days(length.days).ok()?;
            let by_days = self.now.to_zoned_datetime(self.zone.clone()).checked_add(days).ok()?;
            let nanos = by_days.timestamp().as_nanosecond().checked_add(i128::from(length.ticks) * 100)?;
            Timestamp::from_nanosecond(nanos).ok()
        };
        let stamp = span().ok_or_else(|| self.out_of_range())?;
        self.moment(stamp, 0, 0, String::new()).map(|moment| vec![moment])
    }

    pub fn unix(&self, ticks: i64, digits: usize) -> Result<Vec<Moment>, MomentError> {
        let stamp = Timestamp::from_nanosecond(i128::from(ticks) * 100).map_err(|_| self.out_of_range())?;
        self.moment(stamp, extent(digits), digits, String::new()).map(|moment| vec![moment])
    }

    pub fn written(&self, written: &Written) -> Result<Vec<Moment>, MomentError> {
        let zone = written.zone.as_ref().unwrap_or(self.zone);
        let clock = written.clock.unwrap_or(Clock::MIDNIGHT);
        let today = self.now.to_zoned_datetime(zone.clone()).date();
        let mut instants = Vec::new();
        match &written.day {
            None => instants = self.newest(self.days_back(today, 1), clock, zone)?,
            Some(Day::Relative(days)) => {
                instants = instants_of(self.after(today, *days)?, clock, zone);
            }
            Some(Day::Weekday(weekday, which)) => {
                let since = i64::from(today.weekday().since(*weekday));
                match which {
                    Which::Newest => {
                        let days = [since, since + WEEK].map(|days| self.after(today, -days));
                        instants = self.newest(days.into_iter().flatten(), clock, zone)?;
                    }
                    Which::Last | Which::Next => {
                        let back = if since == 0 { WEEK } else { since };
                        let days = if *which == Which::Last { -back } else { WEEK - since };
                        instants = instants_of(self.after(today, days)?, clock, zone);
                    }
                }
            }
            Some(Day::Date(date)) => instants = self.of_date(*date, written, today, (clock, zone))?,
            Some(Day::Either(one, other)) => {
                let of = |date: &calendar::Written| self.of_date(*date, written, today, (clock, zone));
                for (found, first) in [(of(one), "day"), (of(other), "month")] {
                    for mut instant in found.into_iter().flatten() {
                        add(&mut instant.note, &format!("read with the {first} first"));
                        instants.push(instant);
                    }
                }
                if instants.is_empty() {
                    of(one)?;
                }
            }
        }
        let moment = |instant: Instant| {
            let start = instant.stamp.as_nanosecond() + i128::from(clock.ticks) * 100;
            let start = Timestamp::from_nanosecond(start).map_err(|_| self.out_of_range())?;
            self.moment(start, extent(clock.digits), clock.digits, instant.note)
        };
        instants.into_iter().map(moment).collect()
    }

    fn of_date(
        &self,
        date: calendar::Written,
        written: &Written,
        today: Date,
        (clock, zone): (Clock, &TimeZone),
    ) -> Result<Vec<Instant>, MomentError> {
        let Some(year) = date.year else {
            let years = (0..YEARS).filter_map(|back| date.in_year(today.year() - back));
            let is_meant = |day: &Date| written.weekday.is_none_or(|said| said == day.weekday());
            return self.newest(years.filter(is_meant), clock, zone);
        };
        let day = date.in_year(year).ok_or_else(|| self.out_of_range())?;
        if let Some(said) = written.weekday.filter(|said| *said != day.weekday()) {
            let date = format!("{} {} {year}", date.day, month_name(date.month));
            let (is, said) = (weekday_name(day.weekday()), weekday_name(said));
            return Err(MomentError::OtherWeekday { date, is, said });
        }
        Ok(instants_of(day, clock, zone))
    }

    fn after(&self, day: Date, days: i64) -> Result<Date, MomentError> {
        let span = Span::new().try_days(days).map_err(|_| self.out_of_range())?;
        day.checked_add(span).map_err(|_| self.out_of_range())
    }

    fn days_back(&self, today: Date, most: i64) -> impl Iterator<Item = Date> {
        (0..=most).filter_map(move |back| self.after(today, -back).ok())
    }

    /// Of the first day with an instant that is not in the future; days come newest first.
    fn newest(
        &self,
        days: impl Iterator<Item = Date>,
        clock: Clock,
        zone: &TimeZone,
    ) -> Result<Vec<Instant>, MomentError> {
        let mut is_first = true;
        for day in days {
            let mut instants = instants_of(day, clock, zone);
            instants.retain(|instant| instant.stamp <= self.now);
            if !instants.is_empty() {
                if !is_first {
                    for instant in &mut instants {
                        add(&mut instant.note, "the last one that was");
                    }
                }
                return Ok(instants);
            }
            is_first = false;
        }
        Err(self.out_of_range())
    }

    fn moment(
        &self,
        start: Timestamp,
        extent: i64,
        digits: usize,
        mut note: String,
    ) -> Result<Moment, MomentError> {
        let ticks = i64::try_from(start.as_nanosecond().div_euclid(100)).map_err(|_| self.out_of_range())?;
        let at = Created(ticks.checked_add(extent).ok_or_else(|| self.out_of_range())?);
        if start > self.now {
            add(&mut note, "has not come yet");
        }
        let local = start.to_zoned_datetime(self.zone.clone());
        let mut fraction = local.strftime("%.9f").to_string();
        fraction.truncate(if digits == 0 { 0 } else { digits + 1 });
        let about = format!("{}{fraction} {}", local.strftime("%Y-%m-%d %H:%M:%S"), local.strftime("%:z"));
        Ok(Moment { at, about, note })
    }
}

fn add(note: &mut String, text: &str) {
    if !note.is_empty() {
        note.push_str(", ");
    }
    note.push_str(text);
}

/// The instants at which the clock shows this time of this day, without the fraction of the second: two where it is turned
/// back; where it is turned forward over it, the one that as much time after midnight leads to.
fn instants_of(day: Date, clock: Clock, zone: &TimeZone) -> Vec<Instant> {
    let time: DateTime = day.at(clock.hour, clock.minute, clock.second, 0);
    let ambiguous = zone.to_ambiguous_timestamp(time);
    let shows = time.strftime("%H:%M:%S").to_string();
    let instant = |stamp: Option<Timestamp>, note: String| stamp.map(|stamp| Instant { stamp, note });
    let found = match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { .. } => [instant(ambiguous.compatible().ok(), String::new()), None],
        AmbiguousOffset::Gap { before, after } => {
            let note = format!(
                "there is no {shows} on {}: the clock goes from UTC{before} to UTC{after}",
                day.strftime("%Y-%m-%d")
            );
            [instant(ambiguous.compatible().ok(), note), None]
        }
        AmbiguousOffset::Fold { .. } => [
            instant(ambiguous.earlier().ok(), format!("the first of two {shows}")),
            instant(ambiguous.later().ok(), format!("the second of two {shows}")),
        ],
    };
    found.into_iter().flatten().collect()
}
