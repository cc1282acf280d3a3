//! Times of day, offsets from UTC, and seconds since 1970.

use super::error::{MomentError, shown};
use super::words::number;
use jiff::tz::{Offset, TimeZone};

/// Ticks of 100 ns in a second, and their digits.
const SECOND: i64 = 10_000_000;
const DIGITS: usize = 7;

/// A time of day, checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Clock {
    pub hour: i8,
    pub minute: i8,
    pub second: i8,
    pub ticks: i64,
    /// Digits of the second's fraction that are written.
    pub digits: usize,
}

/// How many ticks are written alike, but one: from the first of them to the last.
pub fn extent(digits: usize) -> i64 {
    let missing = DIGITS.saturating_sub(digits);
    if digits == 0 { 0 } else { 10_i64.pow(u32::try_from(missing).unwrap_or(0)) - 1 }
}

impl Clock {
    pub const NOON: Self = Self { hour: 12, minute: 0, second: 0, ticks: 0, digits: 0 };
    pub const MIDNIGHT: Self = Self { hour: 0, minute: 0, second: 0, ticks: 0, digits: 0 };

    /// `18:55`, `18:55:30`, `18:55:30.123`; `None` where it is nothing like that.
    pub fn parse(text: &str, whole: &str) -> Result<Option<Self>, MomentError> {
        let mut parts = text.splitn(3, ':');
        let (Some(hour), Some(minute)) = (parts.next(), parts.next()) else { return Ok(None) };
        let (second, fraction) = match parts.next() {
            Some(second) => second.split_once(['.', ',']).map_or((second, None), |(s, f)| (s, Some(f))),
            None => ("00", None),
        };
        let Some((ticks, digits)) = fraction.map_or(Some((0, 0)), self::fraction) else { return Ok(None) };
        let numbers = (number(hour, 1, 2), number(minute, 2, 2), number(second, 2, 2));
        let (Some(hour), Some(minute), Some(second)) = numbers else { return Ok(None) };
        if hour > 23 || minute > 59 || second > 59 {
            return Err(MomentError::NoSuchTime { text: shown(whole) });
        }
        let small = |number: u32| i8::try_from(number).unwrap_or(0);
        Ok(Some(Self { hour: small(hour), minute: small(minute), second: small(second), ticks, digits }))
    }

    /// The time after `am` or `pm` is written behind it; `whole` is what an error repeats.
    pub fn half(self, is_afternoon: bool, whole: &str) -> Result<Self, MomentError> {
        if !(1..=12).contains(&self.hour) {
            return Err(MomentError::NoSuchHour { text: shown(whole) });
        }
        Ok(Self { hour: self.hour % 12 + if is_afternoon { 12 } else { 0 }, ..self })
    }
}

/// Ticks and the number of digits.
fn fraction(text: &str) -> Option<(i64, usize)> {
    let is_fraction = (1..=9).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    let ticks = is_fraction.then(|| format!("{text:0<DIGITS$}"))?;
    Some((ticks.get(..DIGITS)?.parse().ok()?, text.len()))
}

/// `@1764201600`, `@1764201600.5`, or the 10 digits of seconds and the 13 of milliseconds: ticks, and digits of the fraction.
pub fn unix(text: &str) -> Option<(i64, usize)> {
    let Some(text) = text.strip_prefix('@') else {
        let is_number = text.bytes().all(|b| b.is_ascii_digit());
        let count: i64 = text.parse().ok().filter(|_| is_number)?;
        return match text.len() {
            10 => Some((count * SECOND, 0)),
            13 => Some((count * (SECOND / 1_000), 3)),
            _ => None,
        };
    };
    let (seconds, (ticks, digits)) = match text.split_once('.') {
        Some((seconds, rest)) => (seconds, fraction(rest)?),
        None => (text, (0, 0)),
    };
    let is_number = (1..=12).contains(&seconds.len()) && seconds.bytes().all(|b| b.is_ascii_digit());
    let seconds: i64 = seconds.parse().ok().filter(|_| is_number)?;
    Some((seconds.checked_mul(SECOND)?.checked_add(ticks)?, digits))
}

/// `z`, `utc`, `gmt`, `utc+02`, `+01:00`, `-0530`, `local`, `europe/berlin`: `Ok(None)` where it is no place at all.
pub fn place(word: &str, local: &TimeZone) -> Result<Option<TimeZone>, MomentError> {
    let wrong = || MomentError::NoSuchOffset { text: shown(word) };
    match word {
        "z" | "utc" | "gmt" => return Ok(Some(TimeZone::UTC)),
        "local" => return Ok(Some(local.clone())),
        _ => {}
    }
    let offset = word.strip_prefix("utc").or_else(|| word.strip_prefix("gmt")).unwrap_or(word);
    if offset.starts_with(['+', '-']) {
        let seconds = seconds_of(&offset[1..]).ok_or_else(wrong)?;
        let seconds = if offset.starts_with('-') { -seconds } else { seconds };
        return Offset::from_seconds(seconds)
            .map(|offset| Some(TimeZone::fixed(offset)))
            .map_err(|_| wrong());
    }
    let is_name = word.contains('/') && word.starts_with(|c: char| c.is_ascii_alphabetic());
    if is_name { TimeZone::get(word).map(Some).map_err(|_| wrong()) } else { Ok(None) }
}

/// `1`, `01`, `0100`, `01:00`.
fn seconds_of(text: &str) -> Option<i32> {
    let (hours, minutes) = match text.split_once(':') {
        Some(parts) => parts,
        None if text.len() == 4 => text.split_at_checked(2)?,
        None => (text, "00"),
    };
    let (hours, minutes) = (number(hours, 1, 2)?, number(minutes, 2, 2)?);
    let seconds = (hours * 60 + minutes) * 60;
    i32::try_from(seconds).ok().filter(|_| hours <= 18 && minutes < 60)
}
