//! Exclusive use of a file, and where its holder can be reached.

use crate::node::error::NodeError;
use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

/// Tries to get the lock, 4 ms apart.
const PATIENCE: u32 = 12;

/// Held while the file is served.
#[derive(Debug)]
pub struct Lock {
    held: fs::File,
    address: PathBuf,
}

fn beside(file: &Path, what: &str) -> PathBuf {
    let mut name: OsString = file.as_os_str().into();
    name.push(what);
    name.into()
}

/// Opened for its owner alone.
fn owned(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

impl Lock {
    pub fn take(file: &Path) -> Result<Lock, NodeError> {
        let held = owned(&beside(file, ".lock")).map_err(|e| refused(file, e))?;
        let address = beside(file, ".address");
        // Whoever asks for the running address holds the lock for a moment.
        for _ in 0..PATIENCE {
            match held.try_lock() {
                Ok(()) => {
                    // Left by a process that was killed.
                    if fs::remove_file(&address).is_ok() {
                        tracing::info!(file = %file.display(), "the last run did not end well; all it acknowledged is there");
                    }
                    return Ok(Lock { held, address });
                }
                Err(fs::TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(4)),
                Err(fs::TryLockError::Error(e)) => return Err(refused(file, e)),
            }
        }
        Err(NodeError::InUse { file: file.into(), address: fs::read_to_string(address).ok() })
    }

    /// Tells others where this file is served.
    pub fn announce(&self, address: &str) -> io::Result<()> {
        let mut file = owned(&self.address)?;
        file.set_len(0)?;
        io::Write::write_all(&mut file, address.as_bytes())
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.address).and_then(|()| self.held.unlock()) {
            tracing::debug!(%error, "the address file stays; without the lock nobody believes it");
        }
    }
}

/// What a failed file operation means.
pub fn refused(file: &Path, error: io::Error) -> NodeError {
    match error.kind() {
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
            NodeError::ReadOnly(file.into())
        }
        io::ErrorKind::StorageFull => NodeError::DiskFull(file.into()),
        _ => NodeError::Io { file: file.into(), why: error },
    }
}

/// Connection string of the node that holds the file now; none when nobody does.
pub fn running_address(file: &Path) -> Option<String> {
    let address = beside(file, ".address");
    // Who asks again and again does not keep the lock from a node that starts.
    address.exists().then_some(())?;
    let lock = fs::OpenOptions::new().write(true).open(beside(file, ".lock")).ok()?;
    if lock.try_lock().is_ok() {
        // Left by a process that was killed.
        drop(fs::remove_file(address));
        return None;
    }
    fs::read_to_string(address).ok().filter(|text| !text.is_empty())
}
