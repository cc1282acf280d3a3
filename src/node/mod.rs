//! The sandbox: an EventStoreDB-compatible node over one `SQLite` file, in this process.
//!
//! In reading order: `log` (one writer, many readers, an index in memory), `read` (what streams and `$all` show), `users`
//! and `access` (who may do what), `scavenges`, `cluster` (which port leads), `service` (gRPC over it), `net`, `http` and
//! `reset` (the port), `faults` and `refused` (what goes wrong there), `config`, `server` and `ports` (the node). It knows
//! nothing of the rest of the crate.

mod access;
mod cluster;
mod config;
mod error;
mod faults;
mod http;
mod json;
mod log;
mod net;
mod ports;
mod proto;
mod read;
mod refused;
mod reset;
mod scavenges;
mod server;
mod service;
mod socket;
mod tls;
mod users;

pub use cluster::Role;
pub use config::{Config, Connections, Security, Storage};
pub use error::NodeError;
pub use faults::Faults;
pub use log::import::{History, HistoryEvent, TOMBSTONE};
pub use log::lock::running_address;
pub use log::samples::paid_twice;
pub use refused::{RefusedCall, Tell};
pub use server::Node;
pub use users::User;
