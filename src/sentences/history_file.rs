//! Why a file is not opened as a history.

use crate::record::history_file::{HistoryFileFault, LineFault, MAX_LINE};
use crate::record::json::one_line;
use std::path::Path;

/// Longest part of a foreign text.
const MOST: usize = 200;

pub fn history_file_fault(file: &Path, fault: &HistoryFileFault) -> String {
    let file = one_line(file.to_string_lossy().as_bytes(), MOST);
    let again = "Nothing was opened; export the stream again.";
    match fault {
        HistoryFileFault::NotRead(error) => {
            format!(
                "The file {file} cannot be read: {}. Name another file.",
                one_line(error.as_bytes(), MOST)
            )
        }
        HistoryFileFault::Folder => format!("{file} is a folder. Name a file that Hindsight exported."),
        HistoryFileFault::NoFile => {
            format!("{file} is a pipe or a device. Save what it gives to a file, and open that.")
        }
        HistoryFileFault::Empty => format!("The file {file} is empty. {again}"),
        HistoryFileFault::NoHead => format!(
            "The file {file} is no history that Hindsight exported: its first line is no head. `hindsight export STREAM -o FILE` writes one."
        ),
        HistoryFileFault::Version(version) => {
            format!(
                "The file {file} has version {version} of the format, of another Hindsight. Update this one to open it."
            )
        }
        HistoryFileFault::Line { line, why } => {
            format!("The file {file} cannot be opened: line {line} {}. {again}", line_fault(why))
        }
        HistoryFileFault::CutOff { last, said } => {
            let ends =
                last.map_or_else(|| "holds no event".to_owned(), |last| format!("ends at revision {last}"));
            format!("The file {file} is cut off: it {ends}, and its head says {said}. {again}")
        }
        HistoryFileFault::TooLarge => {
            format!("The file {file} is too large to be opened. Export less of the stream with --until.")
        }
        HistoryFileFault::NotServed(why) => {
            format!("The file {file} cannot be served: {}. Try again.", one_line(why.as_bytes(), MOST))
        }
    }
}

fn line_fault(fault: &LineFault) -> String {
    match fault {
        LineFault::TooLong => format!("is longer than {MAX_LINE} bytes"),
        LineFault::NoUtf8 => "is no UTF-8 text".to_owned(),
        LineFault::Json(why) => format!("cannot be read ({})", one_line(why.as_bytes(), MOST)),
        LineFault::ContentType(text) => {
            format!("has the content type {}, which no database keeps", one_line(text.as_bytes(), MOST))
        }
        LineFault::Revision(revision) => {
            format!("has revision {revision}, which cannot follow the one before")
        }
        LineFault::Position => "has no position, or one that no database gives".to_owned(),
        LineFault::PositionOf(line) => format!("has a position that does not follow that of line {line}"),
        LineFault::OtherThan(line) => {
            format!("holds another event than line {line} of the same stream and revision")
        }
        LineFault::Head => "is a second head: a file holds one stream".to_owned(),
        LineFault::Target => "names what it leads to, and is no link".to_owned(),
    }
}
