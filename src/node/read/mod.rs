//! Reads of the log: pages of a stream, and walks along `$all`.
//!
//! `page` (what is asked and answered), `events` (what is stored), `system_streams` (what projections would have written),
//! `stream` (one or the other by its name), `dotnet`, `filter` and `scan` (`$all`).

mod dotnet;
pub mod events;
pub mod filter;
pub mod page;
pub mod scan;
pub mod stream;
pub mod system_streams;
