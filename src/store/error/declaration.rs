//! Whether the database is production, and why it is treated as such.

use super::StoreError;
use crate::record::Revision;

/// Why a database is treated as production.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guarded {
    /// It declares itself production, under this name.
    Declared(String),
    Unreadable(Undeclared),
}

/// What the database says of itself in the newest `$ServerInfo` event of `$server-info`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declaration {
    Production(String),
    NotProduction,
    /// It could not be read, for this reason: guarded as production.
    Unreadable(Undeclared),
}

/// Why it is not known whether a database is production.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Undeclared {
    NotRead(StoreError),
    /// The stream has events, and none of so many newest ones is a `$ServerInfo`.
    NotAmong(usize),
    /// The event at this revision cannot be understood; with what the JSON parser says of it.
    Malformed(Revision, String),
}

impl Declaration {
    /// Why writes are guarded; `None` where they need not be.
    pub fn guarded(&self) -> Option<Guarded> {
        match self {
            Self::Production(name) => Some(Guarded::Declared(name.clone())),
            Self::Unreadable(why) => Some(Guarded::Unreadable(why.clone())),
            Self::NotProduction => None,
        }
    }

    /// Nobody could be asked, and somebody can be soon.
    pub fn is_away(&self) -> bool {
        matches!(self, Self::Unreadable(Undeclared::NotRead(why)) if why.passes())
    }

    /// A production database stays one while it cannot be asked.
    #[must_use]
    pub fn after(self, before: Option<&Self>) -> Self {
        match (&self, before) {
            (Self::Unreadable(_), Some(Self::Production(name))) => Self::Production(name.clone()),
            _ => self,
        }
    }
}
