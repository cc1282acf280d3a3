//! Positions as clients see them.

use std::sync::Arc;

/// From one record's position to the next, as clients see them: what is between is no place to read from, so that a
/// program which counts on neighbours fails here as it would on a real log.
pub const STEP: u64 = 64;

/// A position as clients see it.
pub fn outside(position: u64) -> u64 {
    position.saturating_mul(STEP)
}

/// The positions that the records of a log came with, commit and prepare, in order; clients see them in place of its own.
#[derive(Debug, Clone)]
pub struct Places(Arc<[(u64, u64)]>);

impl Places {
    pub fn new(places: Vec<(u64, u64)>) -> Places {
        Places(places.into())
    }

    /// What clients see of a place of this log.
    pub fn shown(&self, place: u64) -> (u64, u64) {
        let Some(at) = (place / STEP).checked_sub(1) else { return (0, 0) };
        let known = usize::try_from(at).ok().and_then(|at| self.0.get(at)).copied();
        known.unwrap_or_else(|| self.0.last().map_or((0, 0), |(commit, _)| (commit + 1, commit + 1)))
    }

    /// The place of this log that clients see so; between two records it is none where a record begins.
    pub fn place(&self, commit: u64) -> u64 {
        let before = self.0.partition_point(|(known, _)| *known < commit) as u64;
        let begins =
            usize::try_from(before).is_ok_and(|at| self.0.get(at).is_none_or(|(at, _)| *at == commit));
        if commit == 0 {
            0
        } else if begins {
            outside(before + 1)
        } else {
            outside(before) + 1
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_positions_are_found_again() {
        let places = Places::new(vec![(70, 70), (900, 850), (901, 901)]);
        for (record, given) in [(1, (70, 70)), (2, (900, 850)), (3, (901, 901))] {
            assert_eq!(places.shown(outside(record)), given);
            assert_eq!(places.place(given.0), outside(record));
        }
        assert_eq!((places.place(0), places.shown(0)), (0, (0, 0)));
        assert_eq!((places.place(5000), places.shown(outside(4))), (outside(4), (902, 902)));
        assert!(!places.place(71).is_multiple_of(STEP) && !places.place(1).is_multiple_of(STEP));
    }
}
