//! Why a verb failed, and the number that scripts read.

use crate::app::ConnectionFault;
use crate::sentences::{append_error, connection_fault, journal_unreadable, store_error};
use crate::store::{AppendError, JournalUnreadable, StoreError};

/// Why a verb did not do what it was asked; each text is one sentence and the fix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    Usage(String),
    Refused(String),
    Conflict(String),
    Server(String),
    /// Not written, because the database is or may be production, or a person set the connection read-only.
    Production(String),
    /// The answer to a write was lost, and its fate could not be found out.
    Unknown(String),
    /// What was looked for was found, and is told.
    Found,
    /// What was looked for is not there, and that is told.
    NotFound,
    /// Nobody reads our output any more, as under `head`.
    ClosedPipe,
}

impl Failure {
    /// The number that scripts read.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::ClosedPipe => 0,
            Self::Found | Self::NotFound => 1,
            Self::Usage(_) => 2,
            Self::Refused(_) => 3,
            Self::Conflict(_) => 4,
            Self::Server(_) => 5,
            Self::Production(_) => 6,
            Self::Unknown(_) => 7,
        }
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Self::ClosedPipe | Self::Found | Self::NotFound => None,
            Self::Usage(text)
            | Self::Refused(text)
            | Self::Conflict(text)
            | Self::Server(text)
            | Self::Production(text)
            | Self::Unknown(text) => Some(text),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let text = store_error(&error);
        if matches!(error, StoreError::ConnectionString(_)) { Self::Usage(text) } else { Self::Server(text) }
    }
}

impl From<AppendError> for Failure {
    fn from(error: AppendError) -> Self {
        let text = append_error(&error);
        match error {
            AppendError::Conflict { .. } => Self::Conflict(text),
            AppendError::Tombstoned(_) => Self::Refused(text),
            AppendError::Production(_) => Self::Production(text),
            AppendError::Unknown(_) => Self::Unknown(format!("{text} `hindsight journal` has the event id.")),
            AppendError::Failed(_) | AppendError::Withdrawn => Self::Server(text),
        }
    }
}

impl From<ConnectionFault> for Failure {
    fn from(fault: ConnectionFault) -> Self {
        Self::Usage(connection_fault(&fault))
    }
}

impl From<JournalUnreadable> for Failure {
    fn from(why: JournalUnreadable) -> Self {
        Self::Usage(journal_unreadable(&why))
    }
}
