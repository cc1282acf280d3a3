//! The event log: one writer, many readers, an index in memory and a signal that it grew.
//!
//! From below: `positions`, `time`, `rules`, `stream`, `projections`, `proposed`, `expected`, `body` (values); `tail`, `index`,
//! `derived` and `linked` (what is kept in memory); `database`, `gone`, `chunks`, `load` and `lock` (the file);
//! `connections`, `read_queue`, `news`, `event_log` and `records` (what readers work with); `recent_event_ids`, `staged`, `acceptance`,
//! `catch_up` and `transaction` (what a write does); `beginning`, `samples`, `scavenge`, `commands`, `writer` and
//! `running` (the thread that writes).

mod acceptance;
pub mod beginning;
mod body;
mod catch_up;
mod chunks;
pub mod commands;
mod connections;
pub mod database;
pub mod derived;
pub mod event_log;
pub mod expected;
mod gone;
pub mod import;
pub mod index;
pub mod linked;
mod load;
pub mod lock;
mod news;
pub mod positions;
pub mod projections;
pub mod proposed;
mod read_queue;
mod recent_event_ids;
pub mod records;
pub mod rules;
pub mod running;
pub mod samples;
pub mod scavenge;
mod staged;
pub mod stream;
mod tail;
pub mod time;
mod transaction;
mod writer;

pub use body::{Body, COLUMNS};
pub use commands::{WriteError, write};
pub use event_log::{Head, Log};
pub use positions::{Places, STEP, outside};
pub use records::Record;
pub use running::Running;
pub use time::ticks;
