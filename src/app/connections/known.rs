//! A server that was used or named. The field names are a stored format.

use crate::store::ConnectionString;
use serde::{Deserialize, Serialize};

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

/// Tells connections apart at a glance; the theme has its own shade of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum ConnectionColor {
    Grey,
    Blue,
    Green,
    Amber,
    Red,
    Violet,
}

impl ConnectionColor {
    pub const ALL: [Self; 6] = [Self::Grey, Self::Blue, Self::Green, Self::Amber, Self::Red, Self::Violet];

    pub fn label(self) -> &'static str {
        match self {
            Self::Grey => "Grey",
            Self::Blue => "Blue",
            Self::Green => "Green",
            Self::Amber => "Amber",
            Self::Red => "Red",
            Self::Violet => "Violet",
        }
    }

    /// In any case.
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|color| color.label().eq_ignore_ascii_case(text))
    }
}

/// What makes one connection another: where it leads, and as whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionKey {
    /// The connection string with user and password taken out.
    pub url: String,
    pub user: Option<String>,
}

impl From<&ConnectionString> for ConnectionKey {
    fn from(string: &ConnectionString) -> Self {
        Self { url: string.to_string(), user: string.user() }
    }
}

/// A connection used before or named, without its password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownConnection {
    /// The connection string with user and password taken out.
    pub url: String,
    pub write_mode: Option<WriteMode>,
    /// A person said so, where the database does not.
    #[serde(default)]
    pub not_production: bool,
    /// The category that was last listed.
    #[serde(default)]
    pub category: Option<String>,
    #[serde(default)]
    pub user: Option<String>,
    #[serde(default)]
    pub name: Option<String>,
    #[serde(default)]
    pub color: Option<ConnectionColor>,
    /// Seconds since 1970; `None` where it was not used since this is kept.
    #[serde(default)]
    pub last_used: Option<i64>,
}

impl KnownConnection {
    pub fn new(key: ConnectionKey) -> Self {
        let ConnectionKey { url, user } = key;
        Self {
            url,
            write_mode: None,
            not_production: false,
            category: None,
            user,
            name: None,
            color: None,
            last_used: None,
        }
    }

    pub fn key(&self) -> ConnectionKey {
        ConnectionKey { url: self.url.clone(), user: self.user.clone() }
    }

    /// What it connects with: the user without a password.
    pub fn string(&self) -> ConnectionString {
        let string = ConnectionString::from(&self.url);
        match &self.user {
            Some(user) => string.with_user(user),
            None => string,
        }
    }

    /// How lists call it.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or(&self.url)
    }
}
