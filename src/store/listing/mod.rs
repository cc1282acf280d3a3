//! The stream list: where it comes from, what is kept of each stream, and who is told.

mod catch_up;
pub(in crate::store) mod categories;
mod columns;
mod kept_lists;
mod list_checks;
mod list_event;
mod list_keeper;
mod list_match;
mod list_source;
mod listed_stream;
pub(in crate::store) mod live_list;
mod nearest_field;
pub(in crate::store) mod past;
mod row_filter;
mod row_sort;
mod stream_list;
mod stream_table;

pub use catch_up::CaughtUpList;
pub use columns::{last_deciding, shared_columns};
pub use kept_lists::KeptLists;
pub use nearest_field::nearest_field;
pub use past::PastList;
pub use row_filter::{RowField, has_within, has_word, has_word_beginning, meets, status_text};
pub use row_sort::{RowSort, SortKey};
pub(in crate::store) use stream_list::StreamList;
