//! A cluster that fails in every way it can, and what window, terminal and API say meanwhile.
//!
//! `nodes` and `proxy` are the cluster, `screen` what a window shows; `choice` and `leaderless` are single cases. A scenario is
//! a `script`, as it befalls the nodes (`faults`), while `writes` and `commands` use them, and the `verdict` on it.

mod choice;
mod commands;
mod faults;
mod leaderless;
mod nodes;
mod proxy;
mod scenarios;
mod screen;
mod script;
mod verdict;
mod writes;
