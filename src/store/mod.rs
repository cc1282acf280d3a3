//! Async IO over the `eventstore` client: the only place that talks to a database; knows no window.

mod message;

pub use message::*;

/// Host and port only, for display.
pub fn display_address(connection_string: &str) -> String {
    connection_string.to_owned()
}
