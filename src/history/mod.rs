//! Time travel: the one fold loop, a timeline of records, a cursor on it, and the one frame that state, changes and detail
//! all draw; knows no egui and no particular aggregate.

mod chunk;
mod cursor;
mod problem_sentence;
mod replay;
mod timeline;

pub use chunk::{Chunk, ChunkBuilder};
pub use cursor::Cursor;
pub use problem_sentence::problem_sentence;
pub use replay::{Mark, Replay};
pub use timeline::{Change, Frame, Timeline, changes};
