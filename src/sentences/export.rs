//! Why a stream was not written into a file.

use super::store_error;
use crate::record::StreamName;
use crate::record::json::one_line;
use crate::store::ExportFault;
use std::path::Path;

/// Longest part of a foreign text.
const MOST: usize = 200;

pub fn export_fault(stream: &StreamName, file: &Path, fault: &ExportFault) -> String {
    let stream = one_line(stream.as_str().as_bytes(), MOST);
    match fault {
        ExportFault::Store(error) => format!("Stream {stream} was not exported: {}", store_error(error)),
        ExportFault::Missing => format!("Stream {stream} does not exist, so there is nothing to export."),
        ExportFault::Changed => {
            format!("Stream {stream} changed while it was read: its last events are gone. Export it again.")
        }
        ExportFault::File(error) => {
            let file = one_line(file.to_string_lossy().as_bytes(), MOST);
            format!(
                "The file {file} cannot be written: {}. Choose another place.",
                one_line(error.as_bytes(), MOST)
            )
        }
    }
}
