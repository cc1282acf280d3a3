//! Async IO over the `eventstore` client: the only place that talks to a database; knows no window.

mod message;

pub use message::*;
