//! A stream as a file: JSON Lines, a head and then one line an event, without loss.

mod event_line;
mod exact;
mod fault;
mod head;
mod reader;

pub use event_line::event_line;
pub use fault::{HistoryFileFault, LineFault};
pub use head::{Head, HistoryLife, Missing, Server, head_line};
pub use reader::{HistoryFile, MAX_LINE, read};

/// Of the format.
pub const VERSION: u64 = 1;
