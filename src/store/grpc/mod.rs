//! The transport: one database as the client crate talks to it, with deadlines, causes and options of our own.

mod certificates;
mod client_slot;
mod connection_diagnosis;
mod connection_options;
mod connection_string;
pub(in crate::store) mod conversion;
mod gossip;
mod http_endpoints;
mod node_client;
mod probe;
mod session;
mod socket_options;
mod stream_pages;
mod tls_diagnosis;

pub use connection_string::ConnectionString;
pub use probe::{Probed, probe};
pub use session::Session;
pub(in crate::store) use session::{DEADLINE, raw, signed};
