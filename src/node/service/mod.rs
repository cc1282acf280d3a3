//! The gRPC services over the log.
//!
//! `shared` (what every service works with), `call` (what the transport says of a call), `status` and `convert` (what is
//! sent), `commit` (the way of a write), then a file for each service, and `routes` (the way to each).
#![allow(
    clippy::result_large_err,
    reason = "the error is tonic's own Status, which its traits want as it is"
)]

mod accounts;
mod batch;
mod call;
mod commit;
mod convert;
mod discovery;
mod operations;
mod persistent;
mod projections;
mod read_all;
mod read_request;
mod read_stream;
mod response_stream;
mod routes;
mod shared;
pub mod status;
mod streams;
mod write;

pub use call::{Deadline, Reached};
pub use discovery::{VERSION, serves, stats};
pub use routes::{Services, services};
pub use shared::{HELD, MAX_APPEND, Shared};
