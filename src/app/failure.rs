//! Why something that was asked for failed, as data: the window words it.

use super::connections::ConnectionFault;
use crate::aggregate::Fault;
use crate::record::StreamName;
use crate::record::history_file::HistoryFileFault;
use crate::store::{AppendError, ExportFault, JournalUnreadable, SandboxFault, StoreError};
use std::path::PathBuf;
use std::sync::Arc;

/// Why something that was asked for failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    Store(StoreError),
    Sandbox(SandboxFault),
    Journal(JournalUnreadable),
    /// The server holds another database than the one that was shown.
    AnotherDatabase,
    /// A write whose fate was not known was not done; with the type of its event.
    NotWritten {
        event_type: Option<Arc<str>>,
        stream: StreamName,
        error: Box<AppendError>,
    },
    /// A password could not be read from the keyring, or not be kept there.
    Keyring(KeyringFault),
    /// The list of connections was not changed, or not carried to a file.
    Connections(ConnectionFault),
    /// A definition file cannot be used; whether it counts as it was before.
    Definition {
        file: Arc<str>,
        fault: Arc<Fault>,
        counts: bool,
    },
    /// A history file was not opened.
    HistoryFile(PathBuf, HistoryFileFault),
    /// A stream was not written into a file.
    Export {
        stream: StreamName,
        file: PathBuf,
        fault: Box<ExportFault>,
    },
    /// A picture was not written into a file.
    Picture {
        file: PathBuf,
        why: String,
    },
    /// Nothing can be written now; the sentence says why.
    Blocked(String),
    /// A panic; with what failed by it, where that is known.
    Panicked {
        report: PanicReport,
        during: Option<&'static str>,
    },
    /// The settings could not be read, for this reason, and were renamed.
    SettingsSetAside {
        file: PathBuf,
        kept: PathBuf,
        why: String,
    },
}

/// What the keyring says; a `String` is its own text, without what was to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyringFault {
    /// This system has none, or it does not open.
    Absent(String),
    Failed(String),
}

impl From<KeyringFault> for Failure {
    fn from(fault: KeyringFault) -> Self {
        Self::Keyring(fault)
    }
}

/// Where a panic was, and the file that tells more of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PanicReport {
    /// File, line and column in the source.
    pub place: String,
    /// Or why it was not written.
    pub file: Result<PathBuf, String>,
    /// It was the main thread, so the program ends.
    pub ends: bool,
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<SandboxFault> for Failure {
    fn from(fault: SandboxFault) -> Self {
        Self::Sandbox(fault)
    }
}

impl From<ConnectionFault> for Failure {
    fn from(fault: ConnectionFault) -> Self {
        Self::Connections(fault)
    }
}

impl From<JournalUnreadable> for Failure {
    fn from(why: JournalUnreadable) -> Self {
        Self::Journal(why)
    }
}
