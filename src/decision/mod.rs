//! One write path: what is known of a stream and a command give the exact append, or why there is none. Window, terminal and
//! HTTP service decide by it, and a dry run is a decision that nobody sends. Pure.

mod append;
mod conflict;
mod head;
mod proposal;

pub use append::{Append, Expected, Proposed};
pub use conflict::{Conflict, Since, StaleWrite};
pub use head::{Declined, Head};
pub use proposal::{Cause, Identity, Origin};
