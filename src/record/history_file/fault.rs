//! Why a file is not opened as a history.

use crate::record::Revision;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HistoryFileFault {
    /// With what the system says.
    NotRead(String),
    Folder,
    /// A pipe, a socket or a device.
    NoFile,
    Empty,
    /// The first line is no head.
    NoHead,
    /// Of another version of the format.
    Version(u64),
    /// A line, counted from 1.
    Line {
        line: usize,
        why: LineFault,
    },
    /// It ends with this revision, and its head names the other one as the last.
    CutOff {
        last: Option<Revision>,
        said: Revision,
    },
    /// Larger than what can be held.
    TooLarge,
    /// It could not be served, for this reason.
    NotServed(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LineFault {
    TooLong,
    NoUtf8,
    /// No event or head, as the JSON parser says.
    Json(String),
    ContentType(String),
    /// Not above the one before, or above what a stream can have.
    Revision(Revision),
    /// It has no place in a log, or none where other lines have one.
    Position,
    /// Its position is that of this line, or comes before it though its revision does not.
    PositionOf(usize),
    /// Another event of the same stream and revision than that of this line.
    OtherThan(usize),
    /// A second head: a file holds one stream.
    Head,
    /// It names the target of a link, and is none.
    Target,
}
