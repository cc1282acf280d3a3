//! The transport: one database as the client crate talks to it, with deadlines, causes and options of our own.

mod call;
mod certificates;
mod client_slot;
mod connection_diagnosis;
mod connection_options;
mod connection_string;
pub(in crate::store) mod conversion;
mod edited_string;
mod gossip;
mod http_endpoints;
mod log_pages;
mod log_scan;
mod node_client;
mod probe;
mod projection_status;
mod projection_switch;
mod session;
mod shared;
mod socket_options;
mod stream_pages;

pub(in crate::store) use call::{CallFailure, DEADLINE, raw};
pub(in crate::store) use certificates::{Trust, trust};
pub use connection_string::ConnectionString;
pub(in crate::store) use connection_string::Prepared;
pub(in crate::store) use edited_string::scheme_meant;
pub(in crate::store) use gossip::Survey;
pub(in crate::store) use http_endpoints::HttpEndpoints;
pub(in crate::store) use log_scan::{LogScan, ScanFrom};
pub(in crate::store) use node_client::GOSSIP_DEADLINE;
pub(in crate::store) use probe::{Node, Protocol, connect, resolve};
pub use projection_switch::StoppedProjection;
pub use session::Session;
pub(in crate::store) use session::signed;
pub(in crate::store) use stream_pages::Pages;
