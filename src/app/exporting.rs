//! An export under way.

use crate::record::StreamName;
use crate::store::Export;

/// How far the open export is.
#[derive(Debug)]
pub struct Exporting {
    pub(super) export: Export,
    pub(super) written: u64,
    pub(super) of: u64,
}

impl Exporting {
    pub(super) fn new(export: Export) -> Self {
        Self { export, written: 0, of: 0 }
    }

    pub fn stream(&self) -> &StreamName {
        &self.export.stream
    }

    /// Events in the file so far, and all that there will be; none while it is not known how many.
    pub fn progress(&self) -> (u64, u64) {
        (self.written, self.of)
    }
}

/// Longest part of a stream's name in a file's, in characters.
const NAME: usize = 100;

/// A file's name for a stream, of which no part is a path.
pub(super) fn file_name(stream: &StreamName) -> String {
    let plain = |c: char| if c.is_alphanumeric() || "-_".contains(c) { c } else { '_' };
    let name: String = stream.as_str().chars().take(NAME).map(plain).collect();
    format!("{name}.jsonl")
}
