//! The sandbox node over a real socket, asked by the official client.

mod basics;
mod child;
mod durable;
mod files;
mod generated;
