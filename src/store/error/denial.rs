//! Why a database denies something.

use crate::record::StreamName;

/// Why a database denies something; a `String` is the user's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Denial {
    /// No user is named, and the server asks for one.
    Anonymous,
    /// The server does not accept the user with this password.
    Login(String),
    /// The user is known and may not do this.
    Rights(String),
    /// Nobody could be asked which it is.
    Unclear,
    /// The user may read neither `$all` nor `$streams`.
    Listing(String),
    /// Not asked of the database: this program writes to none of its own streams.
    SystemStream(StreamName),
}
