//! Aggregates and projections written in JavaScript: the language and form of the database's own projections, and `aggregate({…})`.
//!
//! A script has no file, no network and no timer. Its clock is the event's `created` and its randomness follows from the event's
//! position, so that a fold gives the same each time; a command is decided with the clock at 1970 and the seed 0.

mod arrival;
mod definitions;
mod engine;
mod fields;
mod fold;
mod form;
mod host;
mod kept;
mod outside;
mod page;
mod pool;
mod projection;
mod reading;
mod schema;

pub use arrival::{Arrival, arrivals};
pub use definitions::{Conflict, Definition, Definitions, Folds, MOST_TEXT};
pub use engine::{EventView, Step};
pub use fold::ScriptAggregate;
pub use host::Limits;
pub use projection::{Advance, Partition, Projection};
pub use reading::{Partitioning, Program, Scope, Script, Sources};
