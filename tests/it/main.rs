//! One integration binary: every test that needs more than one module of the crate.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap should fail")]

mod api;
mod app;
mod cli;
mod conformance;
mod domain;
mod faults;
mod history;
mod node;
mod store;
mod tidy;
mod window;
