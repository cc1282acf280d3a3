//! One integration binary: every test that needs more than one module of the crate.
#![allow(clippy::unwrap_used, reason = "a test that cannot unwrap should fail")]

mod accessible;
mod accounts;
mod aggregate;
mod any_size;
mod api;
mod app;
mod asked_past;
mod asking;
mod bounds;
mod categories;
mod certificates;
mod checks;
mod cli;
mod cluster;
mod commands;
mod comparison;
mod computed_once;
mod conditions;
mod connected;
mod connection_panel;
mod connection_strings;
mod connections;
mod contrast;
mod correlation;
mod database;
mod defined;
mod definition_files;
mod density;
mod diagnosis;
mod dock;
mod dock_window;
mod doctor;
mod domain;
mod event_table;
mod event_whole;
mod ever;
mod faults;
mod files;
mod first_start;
mod focus;
mod foreign;
mod from_tests;
mod fuzz;
mod fuzz_bodies;
mod fuzz_scripts;
mod gone_events;
mod held_cluster;
mod history;
mod ids;
mod kept_links;
mod kept_lists;
mod latency;
mod lesson_window;
mod lessons;
mod list;
mod list_filter;
mod list_window;
mod logins;
mod long_lists;
mod meter;
mod moments;
mod newest_page;
mod node;
mod packed;
mod palette;
mod panics;
mod past;
mod payloads;
mod picker;
mod pictures;
mod problems;
mod production;
mod real_keys;
mod reports;
mod rights;
mod scripts;
mod secrets;
mod secrets_kept;
mod seeing;
mod serve_faults;
mod serving;
mod shared_call;
mod showing;
mod shown;
mod sources;
mod store;
mod ten_questions;
mod terminal;
mod tidy;
mod time_panel;
mod tooltips;
mod truth;
mod unknown_writes;
mod window;
mod writing;

use std::time::Duration;

/// Nothing here takes so long: a test that hangs says so instead of holding up the others.
const HANGS: Duration = Duration::from_mins(5);

/// Runs a test on a runtime of its own; a task that does not end is left behind.
#[track_caller]
fn run(test: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ended = runtime.block_on(async { tokio::time::timeout(HANGS, test).await });
    runtime.shutdown_timeout(Duration::from_secs(1));
    assert!(ended.is_ok(), "the test hangs");
}
