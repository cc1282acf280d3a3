//! Async IO over the `eventstore` client: the only place that talks to a database; knows no window.

mod catalogue;
mod client;
mod connection;
mod convert;
mod directory;
mod doctor;
mod entry;
mod follow;
mod journal;
mod lost;
mod message;
mod proposal;
mod source;
mod tail;
mod worker;

pub use catalogue::Catalogue;
pub use client::Session;
pub use connection::{display_address, left_out, without_userinfo};
pub use doctor::probe;
pub use journal::{Answer as JournalAnswer, Entry as JournalEntry, Journal};
pub use message::*;
pub use proposal::{Identity, Origin, propose};
pub use tail::Tail;
pub use worker::{Resolve, Store, Wake};
