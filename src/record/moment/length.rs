//! Lengths of time: `2 h ago`, `-90m`, `1 h 30 m ago`, `in 3 days`, and the ages that the program shows.

use super::error::{MomentError, shown};

/// Ticks of 100 ns.
const SECOND: i64 = 10_000_000;

/// So much later, or earlier where it is below zero; months and days are those of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Length {
    pub months: i64,
    pub days: i64,
    pub ticks: i64,
}

impl Length {
    fn plus(self, other: Self) -> Option<Self> {
        Some(Self {
            months: self.months.checked_add(other.months)?,
            days: self.days.checked_add(other.days)?,
            ticks: self.ticks.checked_add(other.ticks)?,
        })
    }

    fn negative(self) -> Self {
        Self { months: -self.months, days: -self.days, ticks: -self.ticks }
    }
}

/// What the text says from now: an age or a length before it, `in` or `+` after it. `None` where it says none.
pub fn shift(plain: &str, text: &str) -> Result<Option<Length>, MomentError> {
    let age = plain.strip_suffix(" ago").or_else(|| plain.strip_suffix(" earlier"));
    let ahead = plain.strip_suffix(" from now").or_else(|| plain.strip_prefix("in "));
    if let Some(said) = age.or(ahead) {
        let found = length(said.trim_start_matches('-').trim());
        let is_near = said.contains(|c: char| c.is_ascii_digit());
        if found.is_none() && is_near {
            return Err(MomentError::NoLength { text: shown(text) });
        }
        return Ok(found.map(|found| if age.is_some() { found.negative() } else { found }));
    }
    if let Some(unit) = plain.strip_prefix("last ").and_then(unit) {
        return Ok(Some(unit.negative()));
    }
    if let Some(ahead) = plain.strip_prefix('+') {
        return Ok(length(ahead.trim_start()));
    }
    let age = plain.strip_prefix('-').unwrap_or(plain);
    Ok(length(age.trim_start()).map(Length::negative))
}

/// The length in ticks, where it is one by the clock; a day is 24 hours.
pub fn ticks(text: &str) -> Option<i64> {
    let Length { months: 0, days, ticks } = length(text)? else { return None };
    days.checked_mul(86_400 * SECOND)?.checked_add(ticks)
}

/// Numbers with units: `1 h 30 m`, `90min`, `2.5 h`, `1,234 d`, `an hour`, `half an hour`.
fn length(text: &str) -> Option<Length> {
    if text == "half an hour" {
        return Some(Length { ticks: 1_800 * SECOND, ..Length::default() });
    }
    let mut rest = text;
    let mut sum = None;
    while !rest.is_empty() {
        let (one, after) = part(rest)?;
        sum = Some(sum.unwrap_or(Length::default()).plus(one)?);
        rest = after.trim_start_matches([' ', ',']);
        rest = rest.strip_prefix("and ").unwrap_or(rest);
    }
    sum
}

/// The first number with its unit, and what follows.
fn part(text: &str) -> Option<(Length, &str)> {
    let end = text.find(|c: char| !matches!(c, '0'..='9' | '.' | ',')).filter(|&end| end > 0);
    let (count, rest) = if let Some(end) = end {
        (count(&text[..end])?, text[end..].trim_start())
    } else {
        let (word, rest) = text.split_once(' ')?;
        ((count_word(word)?, 0), rest)
    };
    let end = rest.find(|c: char| !c.is_alphabetic()).unwrap_or(rest.len());
    let unit = unit(&rest[..end])?;
    Some((times(unit, count)?, &rest[end..]))
}

/// A whole number, with separators as the program writes them, and thousandths.
fn count(text: &str) -> Option<(i64, i64)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let mut groups = whole.split(',');
    let first = groups.next()?;
    let has_groups = whole.contains(',');
    if (has_groups && first.len() > 3) || groups.any(|group| group.len() != 3) || fraction.contains(',') {
        return None;
    }
    let whole = whole.replace(',', "").parse().ok()?;
    if fraction.is_empty() {
        return (!text.ends_with('.')).then_some((whole, 0));
    }
    let thousandths = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    fraction.bytes().all(|b| b.is_ascii_digit()).then_some((whole, thousandths))
}

fn count_word(word: &str) -> Option<i64> {
    let words =
        ["a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    let word = if matches!(word, "an" | "one") { "a" } else { word };
    words.iter().position(|known| *known == word).and_then(|at| i64::try_from(at + 1).ok())
}

/// Parts of a day, a week, a month or a year are not counted.
fn times(unit: Length, (whole, thousandths): (i64, i64)) -> Option<Length> {
    let is_fine = unit.months == 0 && unit.days == 0;
    let ticks = unit.ticks.checked_mul(whole)?.checked_add(unit.ticks.checked_mul(thousandths)? / 1_000)?;
    let length =
        Length { months: unit.months.checked_mul(whole)?, days: unit.days.checked_mul(whole)?, ticks };
    (is_fine || thousandths == 0).then_some(length)
}

fn unit(word: &str) -> Option<Length> {
    let ticks = |ticks| Some(Length { ticks, ..Length::default() });
    let days = |days| Some(Length { days, ..Length::default() });
    let months = |months| Some(Length { months, ..Length::default() });
    match word {
        "ms" | "millisecond" | "milliseconds" => ticks(SECOND / 1_000),
        "s" | "sec" | "secs" | "second" | "seconds" => ticks(SECOND),
        "m" | "min" | "mins" | "minute" | "minutes" => ticks(60 * SECOND),
        "h" | "hr" | "hrs" | "hour" | "hours" => ticks(3_600 * SECOND),
        "d" | "day" | "days" => days(1),
        "w" | "wk" | "week" | "weeks" => days(7),
        "month" | "months" => months(1),
        "y" | "year" | "years" => months(12),
        _ => None,
    }
}
