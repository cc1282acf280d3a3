//! Drawing: panels read the state and push intents; none of them changes anything.

pub mod commands;
mod conflict;
mod connection_button;
mod connection_text;
mod declined;
pub mod dialogs;
pub mod events;
mod exact_write;
mod failure;
pub mod format;
pub mod icon;
mod ids;
pub mod inspector;
mod moment_text;
mod open_writes;
mod past_band;
mod said;
pub mod scroll;
pub mod shortcuts;
pub mod status_bar;
pub mod stream_header;
pub mod streams;
mod streams_head;
pub mod theme;
pub mod time;
mod title;
pub mod top_bar;
mod widgets;
mod window;
mod window_icon;

pub use connection_text::{Place, stands_for};
pub use title::title;
pub use window::{Kept, window};
pub use window_icon::window_icon;
