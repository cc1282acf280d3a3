//! Why a stream was not exported.

use super::StoreError;
use std::io;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ExportFault {
    Store(StoreError),
    Missing,
    /// Its last events went away while it was read.
    Changed,
    /// What the system says of the file.
    File(String),
}

impl From<StoreError> for ExportFault {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<io::Error> for ExportFault {
    fn from(error: io::Error) -> Self {
        Self::File(error.to_string())
    }
}
