//! One sentence for the person, and how long it stays.

use std::ops::Deref;
use std::time::Duration;

/// Time to notice a sentence at all, and to read each character of it.
const SEEN: Duration = Duration::from_secs(6);
const READ: Duration = Duration::from_millis(60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    text: String,
    /// Time until it goes by itself; `None` for a failure, which stays until it is dismissed or replaced.
    left: Option<Duration>,
}

impl Notice {
    /// Something that went wrong.
    pub fn failure(text: impl Into<String>) -> Self {
        Self { text: text.into(), left: None }
    }

    pub fn stays(&self) -> bool {
        self.left.is_none()
    }

    /// Whether so much time was the last in which it could be read.
    pub(super) fn pass(&mut self, time: Duration) -> bool {
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(time);
        }
        self.left.is_some_and(|left| left.is_zero())
    }

    /// Until it goes by itself.
    pub fn left(&self) -> Option<Duration> {
        self.left
    }
}

impl From<String> for Notice {
    fn from(text: String) -> Self {
        let characters = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        Self { left: Some(SEEN + READ.saturating_mul(characters)), text }
    }
}

impl Deref for Notice {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}
