//! Async IO over the `eventstore` client: the only place that talks to a database; knows no window.

mod append_recovery;
mod catalogue;
mod certificates;
mod connection_diagnosis;
mod connection_string;
mod convert;
mod directory;
mod entry;
mod error;
mod follow;
mod journal;
mod login;
mod message;
mod options;
mod origin;
mod production;
mod reading;
mod session;
mod socket_options;
mod source;
mod tail;
mod tls_diagnosis;
mod worker;
mod writing;

pub use catalogue::Catalogue;
pub use connection_diagnosis::probe;
pub use connection_string::ConnectionString;
pub use error::{AppendError, Declaration, Denial, Guarded, StoreError};
pub use journal::{Answer as JournalAnswer, Entry as JournalEntry, Journal};
pub use message::*;
pub use origin::here;
pub use session::Session;
pub use tail::Tail;
pub use worker::{Resolve, Store, Wake};
