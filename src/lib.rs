//! Hindsight, an inspector for event-sourced orders in EventStoreDB.

pub mod app;
pub mod cli;
pub mod domain;
pub mod fold;
pub mod history;
pub mod node;
pub mod record;
pub mod run;
pub mod shell;
pub mod store;
pub mod terminal;
pub mod ui;
