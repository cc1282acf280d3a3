//! The database itself: what is written now, everything that was written, its projections, and its parked messages.

mod feed;
mod newest;
mod parked;
mod projections;
mod question;
mod scan;
mod start;
mod streams;

pub use feed::{LogEvent, LogFeed, LogScope};
pub use newest::NewestEvents;
pub use parked::ParkedMessage;
pub use projections::{Lag, Projection, Projections};
pub use question::{LogAsks, LogQuestion, LogQuestions, LogStep};
pub use scan::{Scan, ScanEnd, ScanStep, Search};
pub use start::ScanStart;
