//! Engines of one definition, so that several threads fold at the same time and none waits for another.

use super::engine::Engine;
use super::host::Limits;
use super::reading::Script;
use crate::aggregate::Fault;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Idle engines that are kept.
const IDLE: usize = 4;

#[derive(Debug)]
pub struct Pool {
    pub script: Script,
    limits: Limits,
    idle: Mutex<Vec<Engine>>,
}

impl Pool {
    /// Reads the definition once; the engine is kept.
    pub fn new(script: Script, limits: Limits) -> Result<Self, Fault> {
        let engine = Engine::new(&script, limits)?;
        Ok(Self { script, limits, idle: Mutex::new(vec![engine]) })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Engine>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs on an idle engine, on the one that holds this live state where there is one, or on a new one.
    pub fn with<R>(&self, live: u64, run: impl FnOnce(&mut Engine) -> Result<R, Fault>) -> Result<R, Fault> {
        let idle = {
            let mut idle = self.idle();
            let place = idle.iter().position(|engine| live != 0 && engine.live == live);
            place.map(|place| idle.swap_remove(place)).or_else(|| idle.pop())
        };
        let mut engine = match idle {
            Some(engine) => engine,
            None => self.fresh()?,
        };
        let done = run(&mut engine);
        if !engine.spent {
            let mut idle = self.idle();
            if idle.len() < IDLE {
                idle.push(engine);
            }
        }
        done
    }

    /// An engine that has run nothing.
    pub fn fresh(&self) -> Result<Engine, Fault> {
        Engine::new(&self.script, self.limits)
    }

    /// Bytes in use by idle engines.
    pub fn memory(&self) -> i64 {
        self.idle().iter().map(Engine::memory).sum()
    }
}
