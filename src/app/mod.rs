//! State and intent: everything the window shows and everything a person can want, with no egui and no tokio.
//!
//! Two doors lead in: [`App::apply`] takes what a person wants, [`App::absorb`] what the store says.

mod absorb;
mod apply;
mod command;
mod conflict;
mod go_to;
mod intent;
mod list;
mod notice;
mod open_writes;
mod settings;
mod state;
mod submit;

pub use crate::store::shared_columns;
pub use command::{Decision, Preview};
pub use conflict::Conflict;
pub use intent::{CommandIntent, ConnectionIntent, Effect, Intent, ListIntent, TimeIntent, ViewIntent};
pub use list::{Facet, List, Sort};
pub use notice::Notice;
pub use open_writes::OpenWrite;
pub use settings::{Recent, Settings, Theme, WriteMode};
pub use state::{App, DecideAt, Dialog, Dock, InFlight, Opened, Outcome, Playback, Tab};
pub use submit::unreadable;
