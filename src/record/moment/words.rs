//! The words of moments, in lower case.

use jiff::civil::Weekday;

pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Words that say nothing.
pub fn is_filler(word: &str) -> bool {
    matches!(word, "at" | "on" | "of" | "the")
}

/// The name of a month, or its beginning of three letters or more: `nov`, `sept`.
pub fn month(word: &str) -> Option<i8> {
    let word = word.trim_end_matches('.');
    let at = MONTHS.iter().position(|name| is_short_for(word, name))?;
    i8::try_from(at + 1).ok()
}

pub fn month_name(month: i8) -> &'static str {
    let at = usize::try_from(month - 1).unwrap_or(0);
    MONTHS.get(at).copied().unwrap_or_default()
}

/// A weekday, and whether its whole name is written.
pub fn weekday(word: &str) -> Option<(Weekday, bool)> {
    let word = word.trim_end_matches('.');
    let at = WEEKDAYS.iter().position(|name| is_short_for(word, name))?;
    let day = Weekday::from_monday_zero_offset(i8::try_from(at).ok()?).ok()?;
    Some((day, word.len() == WEEKDAYS[at].len()))
}

pub fn weekday_name(day: Weekday) -> &'static str {
    let at = usize::try_from(day.to_monday_zero_offset()).unwrap_or(0);
    WEEKDAYS.get(at).copied().unwrap_or_default()
}

fn is_short_for(word: &str, name: &str) -> bool {
    word.len() >= 3 && name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// `21`, `21.`, `21st`: a day of the month, not checked.
pub fn day_number(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| !c.is_ascii_digit());
    let is_day = matches!(&word[digits.len()..], "" | "." | "st" | "nd" | "rd" | "th");
    number(digits, 1, 2).filter(|_| is_day)
}

/// A number of so many digits and nothing else.
pub fn number(text: &str, least: usize, most: usize) -> Option<u32> {
    let is_number = (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}
