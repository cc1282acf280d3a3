//! Hindsight, an inspector for event-sourced aggregates in `EventStoreDB`.
//!
//! # Bird's-eye view
//! A ring, each arrow one way: a panel draws the state and pushes an `Intent`; `app` applies it; the store's worker watches the
//! goal that follows from the state, and takes writes by a queue. It talks gRPC to a server, the sandbox like any other; what
//! was written comes back through the subscription as an `Update`, folded already, which `app` absorbs; the next frame draws it.
//!
//! # Code map, in reading order
//! - [`record`]: stored events without loss.
//! - [`aggregate`]: what an aggregate is; the order, a pure Decider that is built in; definitions in JavaScript; the generic one,
//!   for any category; conditions on their states.
//! - [`history`]: the one fold loop, chunks, timeline, density (events by type and time), cursor, frame; segments, of which
//!   turns of a condition and changes of a field are worked out beside the frames; conditions judged event by event where no
//!   history is kept.
//! - [`decision`]: the one write path, and what a conflict was about.
//! - [`store`]: the database client's worker (`grpc`: the transport, `listing`: the stream list, now and at any moment, `log`: `$all`
//!   as it is written, and searched, `writing`: appends, `diagnosis`: the connection test);
//!   [`node`]: the sandbox, a server over `SQLite`.
//! - [`lesson`]: lessons on real events in the sandbox: their files, where one stands in them, and what does their steps.
//! - [`sentences`]: the words for what the store says and what fails, once for window, terminal and HTTP.
//! - [`app`]: state, intents, and the four doors; [`ui`]: the panels; [`shell`]: the frame loop.
//! - [`definition_files`]: the user's definitions, read again where they change.
//! - [`keyring`]: passwords that the operating system keeps.
//! - [`api`]: the same commands over HTTP.
//! - [`cli`], [`terminal`], [`run`]: arguments, the text view, and the composition root.
//!
//! # Which room imports which
//! ```text
//! record      –
//! aggregate   record
//! history     aggregate record
//! decision    aggregate history record
//! store       aggregate decision history record
//! definition_files  aggregate
//! lesson      aggregate decision history record store
//! node        –
//! sentences   aggregate app lesson record store
//! app         aggregate decision history lesson record store
//! keyring     app
//! ui          aggregate app decision definition_files history lesson record sentences store
//! api         aggregate decision history record sentences store
//! cli         aggregate record store
//! terminal    aggregate app cli decision definition_files history lesson record sentences store
//! shell       aggregate app definition_files keyring lesson record sentences store ui
//! run         aggregate api app cli definition_files keyring lesson node record sentences shell store terminal
//! main        cli run
//! ```
//!
//! # What is not there
//! `aggregate`, `history` and `decision` know no clock but the one that ends a script, no randomness, database or window, and only `aggregate::order`, `api` and
//! the command line's two verbs know the order. `app` knows no egui and no tokio. `ui` has no `&mut` state and no sender.
//! `node` knows nothing of the rest, and only `run` knows `node`. `store` makes no sentences: what it says is data, which
//! `sentences` words; a refusal is its aggregate's own words. No two files or folders import each other in a circle. No state
//! of the window is changed but by `App::apply`, `absorb`, `sent` and `answer`, whose fields are private. `tests/it/tidy.rs`
//! holds the other lines, and the table above against the code.
//!
//! # Failure scopes
//! Odd history is data (a problem beside the state). A refusal by the aggregate is an outcome beside the form. A lost
//! connection is a state with a countdown. A panic of a task is a report in the data folder and a sentence; settings that
//! cannot be read are renamed. Only a file that cannot be served ends the program, with a sentence.

pub mod aggregate;
pub mod api;
pub mod app;
pub mod cli;
pub mod decision;
pub mod definition_files;
pub mod history;
pub mod keyring;
pub mod lesson;
pub mod node;
pub mod record;
pub mod run;
pub mod sentences;
pub mod shell;
pub mod store;
pub mod terminal;
pub mod ui;
