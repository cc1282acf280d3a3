//! A day and a time of day, word by word, in whatever order they are written.

use super::calendar::{self, Day, Which};
use super::clock::{self, Clock};
use super::error::{MomentError, shown};
use super::words::{day_number, is_filler, month, number, weekday};
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

/// What was written; what is left out is today, its beginning, and the zone of the window.
#[derive(Debug, Default)]
pub struct Written {
    pub day: Option<Day>,
    /// Beside a date, to be checked against it.
    pub weekday: Option<Weekday>,
    pub clock: Option<Clock>,
    pub zone: Option<TimeZone>,
    /// Parts of a date that are words of their own.
    day_number: Option<u32>,
    month: Option<i8>,
    year: Option<u32>,
    which: Option<Which>,
    /// The weekday is written in full.
    is_whole_weekday: bool,
}

impl Written {
    pub fn parse(plain: &str, text: &str) -> Result<Self, MomentError> {
        let mut written = Self::default();
        let words: Vec<&str> = plain.split(' ').map(|word| word.trim_end_matches(',')).collect();
        let mut unknown = None;
        let mut known = 0;
        let mut words = words.into_iter().filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.next() {
            if is_filler(word) {
                continue;
            }
            let is_number = word.starts_with(|c: char| c.is_ascii_digit());
            if let Some(half) = words.peek().filter(|half| is_number && is_half(half)).copied() {
                words.next();
                written.half(word, half, text)?;
                known += 1;
                continue;
            }
            if written.take(word, text)? {
                known += 1;
            } else {
                unknown = unknown.or(Some(word));
            }
        }
        written.join(text, known, unknown)
    }

    /// Whether the word is part of a moment.
    fn take(&mut self, word: &str, text: &str) -> Result<bool, MomentError> {
        if let Some(days) = relative(word) {
            return self.set_day(Day::Relative(days), text);
        }
        if matches!(word, "last" | "next") {
            let which = if word == "last" { Which::Last } else { Which::Next };
            return set(&mut self.which, which, "“last” or “next”", text);
        }
        match word {
            "noon" | "midday" => return self.set_clock(Clock::NOON, text),
            "midnight" => return self.set_clock(Clock::MIDNIGHT, text),
            _ => {}
        }
        if let Some((day, is_whole)) = weekday(word) {
            self.is_whole_weekday = is_whole;
            return set(&mut self.weekday, day, "weekday", text);
        }
        if let Some(found) = month(word) {
            return Ok(set_first(&mut self.month, found));
        }
        if let Some(day) = calendar::date(word)? {
            return self.set_day(day, text);
        }
        if word.starts_with(|c: char| c.is_ascii_digit()) && word.contains(':') {
            return self.take_time(word, text);
        }
        if let Some(half) = ["am", "pm"]
            .into_iter()
            .find(|half| word.strip_suffix(half).is_some_and(|hour| number(hour, 1, 2).is_some()))
        {
            self.half(&word[..word.len() - 2], half, text)?;
            return Ok(true);
        }
        if let Some(year) = number(word, 4, 4) {
            return Ok(set_first(&mut self.year, year));
        }
        if let Some(day) = day_number(word) {
            return Ok(set_first(&mut self.day_number, day));
        }
        // An offset alone is a length, or nothing.
        let is_behind = self.clock.is_some() || self.day.is_some() || self.day_number.is_some();
        match clock::place(word, &TimeZone::UTC) {
            Ok(None) => Ok(false),
            Err(_) if !is_behind => Ok(false),
            Err(why) => Err(why),
            Ok(Some(_)) if word == "local" => Ok(true),
            Ok(Some(zone)) => set(&mut self.zone, zone, "zone", text),
        }
    }

    /// `18:55:30`, with what may stick to it: `18:55z`, `6:55pm`, `18:55+01:00`.
    fn take_time(&mut self, word: &str, text: &str) -> Result<bool, MomentError> {
        let end = word.find(|c: char| !matches!(c, '0'..='9' | ':' | '.' | ',')).unwrap_or(word.len());
        let (time, behind) = word.split_at(end);
        let Some(clock) = Clock::parse(time.trim_end_matches('.'), time)? else { return Ok(false) };
        if is_half(behind) {
            return self.set_clock(clock.half(is_afternoon(behind), word)?, text);
        }
        if !behind.is_empty() {
            let Some(zone) = clock::place(behind, &TimeZone::UTC)? else { return Ok(false) };
            set(&mut self.zone, zone, "zone", text)?;
        }
        self.set_clock(clock, text)
    }

    /// A time with `am` or `pm` behind it.
    fn half(&mut self, time: &str, half: &str, text: &str) -> Result<(), MomentError> {
        let whole = format!("{time} {half}");
        let clock = match number(time, 1, 2) {
            Some(hour) => Clock { hour: i8::try_from(hour).unwrap_or(i8::MAX), ..Clock::default() },
            None => Clock::parse(time, &whole)?
                .ok_or_else(|| MomentError::Part { text: shown(text), part: shown(&whole) })?,
        };
        self.set_clock(clock.half(is_afternoon(half), &whole)?, text).map(|_| ())
    }

    fn set_day(&mut self, day: Day, text: &str) -> Result<bool, MomentError> {
        set(&mut self.day, day, "day", text)
    }

    fn set_clock(&mut self, clock: Clock, text: &str) -> Result<bool, MomentError> {
        set(&mut self.clock, clock, "time of day", text)
    }

    /// Puts the parts of a date together, and decides what a text is that holds words which are no part of a moment.
    fn join(mut self, text: &str, known: usize, unknown: Option<&str>) -> Result<Self, MomentError> {
        if let Some(part) = unknown {
            // Numbers and names alone may be of anything.
            let is_near = self.clock.is_some() || self.day.is_some() || (known > 1 && self.has_date());
            let near = MomentError::Part { text: shown(text), part: shown(part) };
            return Err(if is_near { near } else { MomentError::unknown(text) });
        }
        if self.has_date() {
            self.join_date(text, known)?;
        }
        if let Some(weekday) = self.weekday.filter(|_| self.day.is_none()) {
            if known == 1 && !self.is_whole_weekday {
                return Err(MomentError::unknown(text));
            }
            self.day = Some(Day::Weekday(weekday, self.which.take().unwrap_or(Which::Newest)));
            self.weekday = None;
        }
        if self.weekday.is_some() && matches!(self.day, Some(Day::Relative(_))) {
            return Err(MomentError::Twice { text: shown(text), what: "day" });
        }
        if self.which.is_some() || (self.day.is_none() && self.clock.is_none()) {
            return Err(MomentError::unknown(text));
        }
        Ok(self)
    }

    fn has_date(&self) -> bool {
        self.day_number.is_some() || self.month.is_some() || self.year.is_some()
    }

    fn join_date(&mut self, text: &str, known: usize) -> Result<(), MomentError> {
        if self.day.is_some() {
            return Err(MomentError::Twice { text: shown(text), what: "day" });
        }
        let month = self.month.and_then(|month| u32::try_from(month).ok());
        let (month, day) = match (month, self.day_number, self.year) {
            (Some(month), Some(day), _) => (month, day),
            (Some(month), None, Some(_)) => (month, 1),
            // A year by itself begins with January; a number with other words is one that lacks its month.
            (None, None, Some(1970..2200)) if known == 1 => (1, 1),
            (None, None | Some(_), _) if self.clock.is_none() && self.weekday.is_none() => {
                return Err(MomentError::unknown(text));
            }
            (None, _, _) => return Err(MomentError::NoMonth { text: shown(text) }),
            (Some(_), None, None) if known == 1 => return Err(MomentError::unknown(text)),
            (Some(_), None, None) => return Err(MomentError::NoDay { text: shown(text) }),
        };
        self.day = Some(Day::Date(calendar::Written::checked(self.year, month, day, text)?));
        Ok(())
    }
}

/// Takes a part that may stand once.
fn set<T>(part: &mut Option<T>, value: T, what: &'static str, text: &str) -> Result<bool, MomentError> {
    if part.replace(value).is_some() {
        return Err(MomentError::Twice { text: shown(text), what });
    }
    Ok(true)
}

/// Takes a part that may be of something else where it stands twice.
fn set_first<T>(part: &mut Option<T>, value: T) -> bool {
    let is_first = part.is_none();
    part.get_or_insert(value);
    is_first
}

fn relative(word: &str) -> Option<i64> {
    match word {
        "today" => Some(0),
        "yesterday" => Some(-1),
        "tomorrow" => Some(1),
        _ => None,
    }
}

fn is_half(word: &str) -> bool {
    matches!(word, "am" | "pm" | "a.m." | "p.m.")
}

fn is_afternoon(half: &str) -> bool {
    half.starts_with('p')
}
