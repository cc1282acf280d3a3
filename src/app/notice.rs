//! What the person is told beside the panels, and how long it stays.

use super::Failure;
use std::time::Duration;

/// Time to notice a sentence at all, and to read each character of it.
const SEEN: Duration = Duration::from_secs(6);
const READ: Duration = Duration::from_millis(60);

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    said: Said,
    /// Time until it goes by itself; `None` for a failure, which stays until it is dismissed or replaced.
    left: Option<Duration>,
}

/// What a notice says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Text(String),
    Failure(Failure),
}

impl Notice {
    pub fn said(&self) -> &Said {
        &self.said
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
        Self { left: Some(SEEN + READ.saturating_mul(characters)), said: Said::Text(text) }
    }
}

impl From<Failure> for Notice {
    fn from(failure: Failure) -> Self {
        Self { said: Said::Failure(failure), left: None }
    }
}
