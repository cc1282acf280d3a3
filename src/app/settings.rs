//! What is remembered between runs; never a password. The field names are a stored format.

use crate::store::{display_address, without_userinfo};
use serde::{Deserialize, Serialize};

const MAX_RECENT: usize = 8;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Theme {
    #[default]
    System,
    Dark,
    Light,
}

/// How freely this program may write to the connected database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum WriteMode {
    ReadOnly,
    Confirm,
    Free,
}

impl WriteMode {
    pub const ALL: [Self; 3] = [Self::ReadOnly, Self::Confirm, Self::Free];

    pub fn label(self) -> &'static str {
        match self {
            Self::ReadOnly => "Read-only",
            Self::Confirm => "Confirm writes",
            Self::Free => "Write freely",
        }
    }
}

/// A connection used before, without its credentials.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    /// The connection string with user and password taken out.
    pub url: String,
    pub write_mode: Option<WriteMode>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: Theme,
    pub recent: Vec<Recent>,
    pub sandbox_mode: Option<WriteMode>,
    /// The stream that was open, and the database it was open on.
    pub last_stream: Option<String>,
    pub last_place: Option<String>,
    /// Who writes and where; the session's user and machine without.
    pub who: Option<String>,
    pub place: Option<String>,
}

impl Settings {
    /// The connection goes to the front of the list.
    pub fn remember(&mut self, url: &str) {
        let url = without_credentials(url);
        let known = self.recent.iter().position(|r| r.url == url).map(|at| self.recent.remove(at));
        self.recent.insert(0, known.unwrap_or(Recent { url, write_mode: None }));
        self.recent.truncate(MAX_RECENT);
    }

    pub fn mode_of(&mut self, url: &str) -> &mut Option<WriteMode> {
        self.remember(url);
        &mut self.recent[0].write_mode
    }
}

/// The connection string without `user:password@`.
pub fn without_credentials(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return display_address(url) };
    format!("{scheme}://{}", without_userinfo(rest))
}
