//! Why a text is no moment, with an example of one that is.

/// Longest part of a text that an error repeats, in characters.
const SHOWN: usize = 60;

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MomentError {
    /// Nothing in it looks like a moment.
    #[error("“{0}” is no moment. Write, for example, “yesterday 12:00”, “2026-11-21 18:00” or “2 h ago”.")]
    Unknown(String),
    #[error(
        "“{part}” is not understood in “{text}”. Write, for example, “yesterday 12:00”, “2026-11-21 18:00” or “2 h ago”."
    )]
    Part { text: String, part: String },
    #[error(
        "There is no {day} {month} {year}: that month has {last} days. Write, for example, “{last} {month} {year}”."
    )]
    NoSuchDay { day: u32, month: &'static str, year: i16, last: i8 },
    #[error(
        "“{text}” is no date: a year has months 1 to 12, a month has days from 1. Write, for example, “2026-11-21”."
    )]
    NoSuchDate { text: String },
    #[error(
        "“{text}” is no time of day: hours go from 0 to 23, minutes and seconds from 00 to 59. Write, for example, “18:55:30”."
    )]
    NoSuchTime { text: String },
    #[error(
        "“{text}” is no time of day: before “am” and “pm” hours go from 1 to 12. Write, for example, “6:55 pm” or “18:55”."
    )]
    NoSuchHour { text: String },
    #[error("“{text}” is no offset from UTC. Write, for example, “+01:00”, “UTC” or “Europe/Berlin”.")]
    NoSuchOffset { text: String },
    #[error("“{text}” needs a year of four digits. Write, for example, “21.11.2026” or “2026-11-21”.")]
    ShortYear { text: String },
    #[error("{date} is a {is}, not a {said}. Leave out the weekday, or write “{is}”.")]
    OtherWeekday { date: String, is: &'static str, said: &'static str },
    #[error("“{text}” names more than one {what}. Name one, for example “yesterday 12:00”.")]
    Twice { text: String, what: &'static str },
    #[error("“{text}” lacks the day of the month. Write, for example, “21 Nov” or “21 Nov 2026”.")]
    NoDay { text: String },
    #[error("“{text}” lacks the month. Write, for example, “21 Nov” or “2026-11-21”.")]
    NoMonth { text: String },
    #[error("“{text}” is no length of time. Write, for example, “90 min ago”, “2 h ago” or “3 days ago”.")]
    NoLength { text: String },
    #[error("“{text}” can mean {one} or {other}. Write the one that is meant, for example “{one}”.")]
    Several { text: String, one: String, other: String },
    #[error("“{text}” lies outside the years 1 to 9998. Write, for example, “2026-11-21”.")]
    OutOfRange { text: String },
}

impl MomentError {
    pub(super) fn unknown(text: &str) -> Self {
        Self::Unknown(shown(text))
    }

    /// Whether the text was meant as a moment, as far as one can tell.
    pub fn is_near(&self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

pub fn shown(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
