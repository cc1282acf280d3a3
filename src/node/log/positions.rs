//! Positions as clients see them.

/// From one record's position to the next, as clients see them: what is between is no place to read from, so that a
/// program which counts on neighbours fails here as it would on a real log.
pub const STEP: u64 = 64;

/// A position as clients see it.
pub fn outside(position: u64) -> u64 {
    position.saturating_mul(STEP)
}
