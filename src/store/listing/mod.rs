//! The stream list: where it comes from, what is kept of each stream, and who is told.

mod catch_up;
pub(in crate::store) mod categories;
mod columns;
mod list_source;
mod listed_stream;
pub(in crate::store) mod live_list;
mod stream_list;

pub use catch_up::CaughtUpList;
pub use columns::{compare_cells, has_word, shared_columns};
pub(in crate::store) use stream_list::StreamList;
