//! The one way to write: guarded, noted in the journal, and what becomes of a write whose answer was lost.

mod append_recovery;
mod events;
mod journal;
mod production_guard;
mod shared_call;
mod writer;

pub use journal::{Journal, JournalAnswer, JournalEntry, JournalUnreadable};
pub use writer::Writer;
