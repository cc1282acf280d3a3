//! What a stored event looks like from outside: names, revisions, positions, times and exact bytes; knows no aggregate and no database client.

mod append_command;
mod figures;
pub mod history_file;
pub mod json;
pub mod moment;
mod name;
pub mod payload_text;
mod place;
mod provenance;
mod related_ids;
mod shell;
mod stored;
mod time;

pub use figures::{count, number, plural};
pub use moment::{Moment, MomentError, moment};
pub use name::StreamName;
pub use place::{Position, Revision, gone_until};
pub use provenance::Provenance;
pub use related_ids::RelatedIds;
pub use shell::shell_word;
pub use stored::{Record, RecordRef};
pub use time::Created;
