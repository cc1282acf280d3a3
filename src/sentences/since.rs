//! Since when something is as it is, and how long that is.

use std::fmt;
use std::time::Duration;

/// A moment of the past, shown as `14:02:11 (3 m 20 s)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// On the clock, as it is shown.
    pub clock: String,
    pub age: Duration,
}

impl Since {
    /// Of what is still shown although it may have changed.
    pub fn as_of(&self) -> String {
        format!("as of {}, {} ago", self.clock, span(self.age))
    }
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{} ({})", self.clock, span(self.age))
    }
}

/// `12 s`, `3 m 20 s`, `2 h 4 m`, `2 d 5 h`.
pub fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds} s"),
        60..3_600 => format!("{} m {} s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{} h {} m", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{} d {} h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}
