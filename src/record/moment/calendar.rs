//! Days of the calendar, as they are written.

use super::error::{MomentError, shown};
use super::words::{month, month_name, number};
use jiff::civil::{Date, Weekday};

/// A day that is written; the year that is left out is the newest one whose day is not in the future.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Day {
    /// So many days after today.
    Relative(i64),
    Weekday(Weekday, Which),
    Date(Written),
    /// Day and month, or month and day.
    Either(Written, Written),
}

/// Which of a weekday's days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Today too, where that is not in the future.
    Newest,
    /// Before today.
    Last,
    /// After today.
    Next,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Written {
    pub year: Option<i16>,
    pub month: i8,
    pub day: u32,
}

impl Written {
    /// The day, checked; `text` is what an error repeats.
    pub fn checked(year: Option<u32>, month: u32, day: u32, text: &str) -> Result<Self, MomentError> {
        let wrong = || MomentError::NoSuchDate { text: shown(text) };
        let month = i8::try_from(month).ok().filter(|month| (1..=12).contains(month)).ok_or_else(wrong)?;
        let year = year.map(|year| i16::try_from(year).ok().filter(|year| (1..=9998).contains(year)));
        let year = match year {
            Some(None) => return Err(MomentError::OutOfRange { text: shown(text) }),
            Some(year) => year,
            None => None,
        };
        if day == 0 {
            return Err(wrong());
        }
        // Without a year, the 29th of February is a day.
        let of = year.unwrap_or(2000);
        let last = Date::new(of, month, 1).map_err(|_| wrong())?.days_in_month();
        if day > u32::from(last.unsigned_abs()) {
            return Err(MomentError::NoSuchDay { day, month: month_name(month), year: of, last });
        }
        Ok(Self { year, month, day })
    }

    pub fn in_year(self, year: i16) -> Option<Date> {
        Date::new(year, self.month, i8::try_from(self.day).ok()?).ok()
    }
}

/// `2026-11-21`, `2026/11/21`, `2026-11`, `21.11.2026`, `21.11.`, `21-Nov-2026`, `11/21/2026`: `Ok(None)` where it is no date.
pub fn date(word: &str) -> Result<Option<Day>, MomentError> {
    let Some(sign) = word.chars().find(|c| matches!(c, '-' | '/' | '.')) else { return Ok(None) };
    let parts: Vec<&str> = word.split(sign).collect();
    let one_sign = parts.iter().all(|part| part.chars().all(char::is_alphanumeric));
    if !one_sign || parts.len() > 3 {
        return Ok(None);
    }
    let (first, second, third) = (parts[0], parts[1], parts.get(2).copied());
    let year = |text: &str| number(text, 4, 4);
    let small = |text: &str| number(text, 1, 2);
    let date = |year, month, day| Written::checked(year, month, day, word).map(|date| Some(Day::Date(date)));
    if let (Some(year), Some(month), true) = (year(first), small(second), sign != '.') {
        return match third {
            None if sign == '-' && second.len() == 2 => date(Some(year), month, 1),
            Some(third) => small(third).map_or(Ok(None), |day| date(Some(year), month, day)),
            None => Ok(None),
        };
    }
    let Some(day) = small(first) else { return Ok(None) };
    if let Some(month) = month(second).and_then(|month| u32::try_from(month).ok()) {
        let year = third.and_then(year);
        return if third.is_some() && year.is_none() { Ok(None) } else { date(year, month, day) };
    }
    let Some(month) = small(second) else { return Ok(None) };
    match (sign, third) {
        // `21.11` may be a number.
        ('.' | '-', None) => Ok(None),
        ('.', Some("")) => date(None, month, day),
        (_, Some(third)) => match (year(third), small(third)) {
            (Some(year), _) if sign == '.' => date(Some(year), month, day),
            (Some(year), _) => either(Some(year), day, month, word),
            (None, Some(_)) => Err(MomentError::ShortYear { text: shown(word) }),
            (None, None) => Ok(None),
        },
        (_, None) => either(None, day, month, word),
    }
}

/// Where both numbers may be the month, both are meant.
fn either(year: Option<u32>, first: u32, second: u32, word: &str) -> Result<Option<Day>, MomentError> {
    let day_first = Written::checked(year, second, first, word);
    let month_first = Written::checked(year, first, second, word);
    match (day_first, month_first) {
        (Ok(one), Ok(other)) if one == other => Ok(Some(Day::Date(one))),
        (Ok(one), Ok(other)) => Ok(Some(Day::Either(one, other))),
        (Ok(one), Err(_)) | (Err(_), Ok(one)) => Ok(Some(Day::Date(one))),
        (Err(why), Err(_)) => Err(why),
    }
}
