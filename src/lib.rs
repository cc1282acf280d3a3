//! Hindsight, an inspector for event-sourced aggregates in `EventStoreDB`.
//!
//! # Bird's-eye view
//! A ring, each arrow one way: a panel draws the state and pushes an `Intent`; `app` applies it and asks for a
//! `Request`; the store's worker talks gRPC to a server, the sandbox like any other; what was written comes back through
//! the subscription as an `Update`, which `app` absorbs; the next frame draws it.
//!
//! # Code map, in reading order
//! - [`record`]: stored events without loss.
//! - [`aggregate`]: what an aggregate is; the order, a pure Decider that is built in; the generic one, for any category.
//! - [`history`]: the one fold loop, timeline, cursor, frame; [`decision`]: the one write path.
//! - [`store`]: the database client's worker; [`node`]: the sandbox, a server over `SQLite`.
//! - [`app`]: state, intents, and the two doors; [`ui`]: the panels; [`shell`]: the frame loop.
//! - [`api`]: the same commands over HTTP.
//! - [`cli`], [`terminal`], [`run`]: arguments, the text view, and the composition root.
//!
//! # What is not there
//! `aggregate`, `history` and `decision` know no clock, randomness, database or window, and only `aggregate::order`, `api` and
//! the command line's two verbs know the order. `app` knows no egui and no
//! tokio. `ui` has no `&mut` state and no sender. `node` knows nothing of the rest, and only `run` knows `node`.
//! No state is changed but by `App::apply` and `App::absorb`; `tests/it/tidy.rs` holds these lines.
//!
//! # Failure scopes
//! Odd history is data (a problem beside the state). A refusal by the aggregate is an outcome beside the form. A lost
//! connection is a state with a countdown. Only a file that cannot be served ends the program, with a sentence.

pub mod aggregate;
pub mod api;
pub mod app;
pub mod cli;
pub mod decision;
pub mod history;
pub mod node;
pub mod record;
pub mod run;
pub mod shell;
pub mod store;
pub mod terminal;
pub mod ui;
