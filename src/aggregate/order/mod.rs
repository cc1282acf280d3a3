//! The order, as a pure Decider: values, events, commands, `evolve` and `decide`; knows no clock, no randomness and no database.
//!
//! Event names and fields are a stored format that services in other languages share: never change them.

mod aggregate;
mod codec;
mod command;
mod decide;
mod event;
mod evolve;
mod kept;
mod value;

pub use aggregate::{CATEGORY, OrderAggregate, command, id_of, stream_of};
pub use codec::{Decoded, decode, encode};
pub use command::OrderCommand;
pub use decide::{Refusal, decide};
pub use event::OrderEvent;
pub use evolve::{Broken, Order, Placed, evolve, initial, truncated};
pub use value::{OrderId, Total, UserId, ValueError};
