//! Why the node does not start or goes on.

use std::{io, net::SocketAddr, path::PathBuf};

/// Each text is one sentence that names the file or address and what helps.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    #[error("{} is served by another Hindsight{}; connect to that one or name another file", file.display(), at(address.as_deref()))]
    InUse { file: PathBuf, address: Option<String> },
    #[error("{0} is taken by another program; name another address, or port 0 for any free one")]
    PortInUse(SocketAddr),
    #[error("cannot listen on {0}: {1}; name an address of this machine")]
    Listen(SocketAddr, io::Error),
    #[error("{} is not a sandbox of Hindsight; name another file", .0.display())]
    Foreign(PathBuf),
    #[error("{} is damaged ({why}); move it away to start with an empty sandbox", file.display())]
    Damaged { file: PathBuf, why: String },
    #[error("{} was written by a newer Hindsight (format {format}); update Hindsight or name another file", file.display())]
    Newer { file: PathBuf, format: i64 },
    #[error("{} cannot be written; make the file and its folder writable or name another file", .0.display())]
    ReadOnly(PathBuf),
    #[error("the disk of {} is full; free some space", .0.display())]
    DiskFull(PathBuf),
    #[error("{} cannot be opened: {why}; check the path", file.display())]
    Io { file: PathBuf, why: io::Error },
    #[error("{} does not work: {why}; try again or name another file", file.display())]
    Database { file: PathBuf, why: rusqlite::Error },
    #[error("{} cannot be used for TLS: {why}; name a PEM file", file.display())]
    Certificate { file: PathBuf, why: String },
    #[error("the sandbox node has stopped; start Hindsight again")]
    Stopped,
}

fn at(address: Option<&str>) -> String {
    address.map(|a| format!(" at {a}")).unwrap_or_default()
}

impl NodeError {
    /// What an error of `SQLite` about this file means for its owner.
    pub(super) fn of(file: &std::path::Path, error: rusqlite::Error) -> NodeError {
        use rusqlite::ErrorCode as C;
        let file = file.to_path_buf();
        match error.sqlite_error_code() {
            Some(C::NotADatabase) => NodeError::Foreign(file),
            Some(C::DatabaseCorrupt) => NodeError::Damaged { why: error.to_string(), file },
            Some(C::ReadOnly | C::CannotOpen | C::PermissionDenied) => NodeError::ReadOnly(file),
            Some(C::DiskFull) => NodeError::DiskFull(file),
            Some(C::DatabaseBusy | C::DatabaseLocked) => NodeError::InUse { file, address: None },
            _ => NodeError::Database { file, why: error },
        }
    }
}
