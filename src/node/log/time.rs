//! The clock of the log.

use std::time::{SystemTime, UNIX_EPOCH};

/// Ticks of 100 ns since 1970, now.
pub fn ticks() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_nanos() / 100).unwrap_or(i64::MAX)
}
