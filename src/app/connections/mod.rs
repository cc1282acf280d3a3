//! The servers that were used or named: the list, and the file that carries it to another machine.

mod fault;
mod file;
mod known;
mod list;

pub use fault::ConnectionFault;
pub use file::{MAX_FILE, export, import};
pub use known::{ConnectionColor, ConnectionKey, KnownConnection, WriteMode};
pub use list::ConnectionList;
