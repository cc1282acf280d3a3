//! Drawing: panels read the state and push intents; none of them changes anything.

pub mod theme;
