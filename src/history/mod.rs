//! Time travel: the one fold loop, a timeline of records, a cursor on it, and the one frame that state, changes and detail
//! all draw; knows no egui and no particular aggregate.

mod changes;
mod chunk;
mod comparison;
mod cursor;
mod day_starts;
mod density;
mod field_history;
mod frame;
mod judging;
mod keyframes;
mod lanes;
mod markdown;
mod pack;
mod problem_sentence;
mod replay;
mod segment;
mod setters;
mod state_comparison;
mod timeline;
mod turns;

pub use changes::{Change, changes, changes_among};
pub use chunk::{Chunk, ChunkBuilder};
pub use comparison::{Comparison, Difference};
pub use cursor::Cursor;
pub use day_starts::{DayRow, DayStarts};
pub use density::{Cut, Density, Histogram, Shape};
pub use field_history::{FieldChange, FieldScan, field_changes, field_values};
pub use frame::{Frame, KeptRecord};
pub use judging::Judging;
pub use keyframes::Kept;
pub use lanes::{Lane, Lanes, RelatedEvent};
pub use markdown::MarkdownTable;
pub use pack::Pack;
pub use problem_sentence::problem_sentence;
pub use replay::{Mark, Replay};
pub use segment::Segment;
pub use setters::Setters;
pub use state_comparison::{ComparedField, FieldSign, compare_states};
pub use timeline::{Timeline, Unknown};
pub use turns::{Judged, Turns, judge};
