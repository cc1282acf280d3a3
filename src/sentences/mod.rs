//! PURE. The sentences of what the store says, for window, terminal and HTTP alike: each of what goes wrong names the cause and
//! the fix.

mod append_error;
mod certificates;
mod cluster;
mod connection_string;
mod declaration;
mod denial;
mod journal;
mod listing;
mod probe;
mod risk;
mod sandbox;
mod since;
mod store_error;
mod tls;

pub use append_error::append_error;
pub use cluster::{NodeUse, leaderless, node_role, node_state, role_among};
pub use connection_string::{connection_string_fault, left_out};
pub use declaration::{guarded, undeclared};
pub use denial::denial;
pub use journal::journal_unreadable;
pub use listing::unseen;
pub use probe::probed;
pub use risk::risk;
pub use sandbox::sandbox_fault;
pub use since::{Since, span};
pub use store_error::{connection_cause, store_error};
