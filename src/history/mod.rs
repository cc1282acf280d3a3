//! Time travel: a timeline of records, a cursor on it, and the one frame that state, changes and detail all draw; knows no egui and no order.

mod cursor;
mod timeline;

pub use cursor::Cursor;
pub use timeline::{Change, Frame, Mark, Timeline};
