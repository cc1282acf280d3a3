//! The stream list: where it comes from, what is kept of each stream, and who is told.

mod catch_up;
pub(in crate::store) mod categories;
mod columns;
mod kept_lists;
mod list_event;
mod list_source;
mod listed_stream;
pub(in crate::store) mod live_list;
pub(in crate::store) mod past;
mod row_sort;
mod stream_list;
mod stream_table;

pub use catch_up::CaughtUpList;
pub use columns::{has_word, last_deciding, shared_columns};
pub use kept_lists::KeptLists;
pub use past::PastList;
pub use row_sort::{RowSort, SortKey};
pub(in crate::store) use stream_list::StreamList;
