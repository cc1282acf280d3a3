//! Whether a fold keeps something outside its state.
//!
//! Some events are run a second time, on an engine that has run nothing, from the same state. Clock and randomness are the
//! event's, so only what earlier events left in variables can make a difference: there is no false alarm. The first events of an
//! engine and then ever fewer are looked at, so that it costs nothing in the long run.

use super::engine::{Input, Step};
use super::pool::Pool;
use std::sync::OnceLock;

/// Events of an engine that are all looked at.
const FIRST: u64 = 8;

#[derive(Debug, Default)]
pub struct Outside {
    told: OnceLock<String>,
}

impl Outside {
    pub fn told(&self) -> Option<&str> {
        self.told.get().map(String::as_str)
    }

    /// Compares the step with the same one on a fresh engine.
    pub fn look(&self, pool: &Pool, steps: u64, input: Input<'_>, step: &Step) {
        let due = steps > 1 && (steps <= FIRST || steps.is_power_of_two());
        if !due || self.told.get().is_some() {
            return;
        }
        let Ok(mut fresh) = pool.fresh() else { return };
        let alone = fresh.step(input);
        if alone.as_ref() == Ok(step) {
            return;
        }
        let event = input.event.record;
        let what = match alone {
            Ok(_) => "gives another state",
            Err(_) => "fails",
        };
        let told = format!(
            "{} at revision {} of {} {what} when nothing ran before it: the definition keeps something outside the state",
            event.event_type, event.revision, event.stream
        );
        // Another thread may have told first.
        drop(self.told.set(told));
    }
}
