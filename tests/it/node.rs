//! The sandbox node over a real socket, asked by the official client.

mod absent;
mod access;
mod apart;
mod basics;
mod beginnings;
pub mod child;
mod cluster;
mod conditions;
mod derived;
mod durable;
mod ends;
mod faulty;
mod files;
mod generated;
pub mod grpc;
mod hardship;
mod killed;
mod linked;
mod pages;
mod projections;
mod refusals;
mod reopened;
mod resets;
mod samples;
pub mod scavenged;
mod together;
mod users;
