//! What the program says on standard error.

use std::io::Write;

/// One line on standard error; nobody may be listening.
pub fn complain(text: &str) {
    if writeln!(std::io::stderr(), "{}", crate::record::json::safe(text)).is_err() {
        tracing::debug!("standard error is closed");
    }
}
