//! PURE. The sentences of what the store says and of what fails inside, for window, terminal and HTTP alike: each of what goes wrong names the cause and
//! the fix.

mod append_error;
mod certificates;
mod cluster;
mod connection_string;
mod connections;
mod declaration;
mod definition;
mod denial;
mod diagnosis;
mod journal;
mod keyring;
mod listing;
mod node_state;
mod own_failure;
mod past;
mod related;
mod risk;
mod sandbox;
mod since;
mod store_error;
mod tls;
mod unknown_fields;

pub use append_error::append_error;
pub use cluster::{NodeUse, leaderless, node_activity, node_role, role_among};
pub use connection_string::{connection_string_fault, left_out};
pub use connections::{connection_fault, read_only};
pub use declaration::{guarded, undeclared};
pub use definition::definition_fault;
pub use denial::denial;
pub use diagnosis::{change, finding, step_name, took};
pub use journal::journal_unreadable;
pub use keyring::keyring_fault;
pub use listing::unseen;
pub use node_state::node_state;
pub use own_failure::{panicked, settings_set_aside, settings_unread};
pub use past::{at_moment, change_kind, not_there_yet, unknown_streams};
pub use related::{related_rest, related_source};
pub use risk::risk;
pub use sandbox::sandbox_fault;
pub use since::{Since, span};
pub use store_error::{connection_cause, store_error};
pub use tls::certificate_parts;
pub use unknown_fields::unknown_fields;
