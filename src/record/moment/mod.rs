//! Moments as people write them: dates, times of day, ages, and every form in which the program shows a time.

mod calendar;
mod clock;
mod error;
mod length;
mod meaning;
mod resolve;
mod words;
mod written;

pub use error::MomentError;
pub use meaning::Moment;

use super::time::Created;
use jiff::tz::TimeZone;
use resolve::Resolver;

/// Longest text that is looked at, in bytes.
const MAX_TEXT: usize = 120;

/// What the text means at this time in this zone: more than one moment where it can mean several, the most likely first.
pub fn moment(text: &str, now: Created, zone: &TimeZone) -> Result<Vec<Moment>, MomentError> {
    if text.len() > MAX_TEXT {
        return Err(MomentError::unknown(text));
    }
    let resolver = Resolver::new(text, now, zone)?;
    let plain = plain(text);
    // The time panel writes the same moment twice: local, then in UTC.
    let plain = plain.split(" · ").next().unwrap_or_default();
    if plain == "now" {
        return resolver.now();
    }
    if let Some(length) = length::shift(plain, text)? {
        return resolver.shifted(length);
    }
    if let Some((ticks, digits)) = clock::unix(plain) {
        return resolver.unix(ticks, digits);
    }
    resolver.written(&written::Written::parse(plain, text)?)
}

/// A length of time like `5s` or `2 min`, in ticks of 100 ns; months and years are none.
pub fn length_in_ticks(text: &str) -> Option<i64> {
    if text.len() > MAX_TEXT {
        return None;
    }
    length::ticks(&plain(text))
}

/// The one moment that the text means, for those who cannot choose among several.
pub fn only(text: &str, now: Created, zone: &TimeZone) -> Result<Moment, MomentError> {
    let mut found = moment(text, now, zone)?.into_iter();
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (Some(one), Some(other)) => {
            Err(MomentError::Several { text: error::shown(text), one: one.about, other: other.about })
        }
        (None, _) => Err(MomentError::unknown(text)),
    }
}

/// In lower case, with one kind of minus sign and one blank between words; `T` between digits is a blank, too.
fn plain(text: &str) -> String {
    let lower = text.to_lowercase().replace('−', "-");
    let chars: Vec<char> = lower.chars().map(|c| if matches!(c, '[' | ']') { ' ' } else { c }).collect();
    let digit = |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(char::is_ascii_digit);
    let separates = |at: usize| chars[at] == 't' && digit(at.checked_sub(1)) && digit(Some(at + 1));
    let split: String = (0..chars.len()).map(|at| if separates(at) { ' ' } else { chars[at] }).collect();
    split.split_whitespace().collect::<Vec<_>>().join(" ")
}
