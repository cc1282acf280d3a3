//! What a running script reaches outside its engine: a clock, randomness, and a place for what it says. Nothing else is there.

mod careful;
mod error;
mod helpers;
mod json;
mod limits;
mod number;
mod text;

pub use careful::Care;
pub use error::{NOTHING, PRELUDE, fault};
pub use helpers::{Helpers, with_helpers};
pub use json::{Unwritable, items, name_of, thrown, to_json, to_json_of_all};
pub use limits::Limits;
pub use number::push as push_number;

use crate::aggregate::Emitted;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Lines and events that one step may leave; more are dropped, so that they are bounded too.
const MOST_OUTPUT: usize = 1000;
/// Before a call asks how much of its time is used.
const UNASKED: u64 = u64::MAX;

/// What a script said during one call.
#[derive(Debug, Default)]
pub struct Output {
    pub emitted: Vec<Emitted>,
    pub log: Vec<String>,
    /// `problem("…")` or `refuse("…")`, even where the script caught what they throw.
    pub verdict: Option<Verdict>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    pub refused: bool,
    pub text: String,
    pub field: Option<Arc<str>>,
}

impl Output {
    pub fn emit(&mut self, emitted: Emitted) {
        if self.emitted.len() < MOST_OUTPUT {
            self.emitted.push(emitted);
        }
    }

    pub fn log(&mut self, line: String) {
        if self.log.len() < MOST_OUTPUT {
            self.log.push(line);
        }
    }
}

#[derive(Debug)]
pub struct Host {
    pub limits: Limits,
    pub care: Care,
    #[cfg(not(unix))]
    start: std::time::Instant,
    /// Nanoseconds that the call may use.
    time: AtomicU64,
    /// The thread's time when the call was first asked for it; a short call never is.
    since: AtomicU64,
    timed_out: AtomicBool,
    /// Milliseconds since 1970.
    clock: AtomicI64,
    random: AtomicU64,
    output: Mutex<Output>,
    /// Whether a call may have left output.
    spoke: AtomicBool,
}

impl Host {
    pub fn new(limits: Limits, care: Care) -> Self {
        Self {
            limits,
            care,
            #[cfg(not(unix))]
            start: std::time::Instant::now(),
            time: AtomicU64::new(u64::MAX),
            since: AtomicU64::new(UNASKED),
            timed_out: AtomicBool::new(false),
            clock: AtomicI64::new(0),
            random: AtomicU64::new(0),
            output: Mutex::default(),
            spoke: AtomicBool::new(false),
        }
    }

    /// What the thread has worked, so that a busy machine ends no call early.
    #[cfg(unix)]
    #[expect(clippy::unused_self, reason = "elsewhere it needs the start")]
    fn worked(&self) -> u64 {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        let nanos = Duration::try_from(time).unwrap_or_default().as_nanos();
        u64::try_from(nanos).unwrap_or_default()
    }

    #[cfg(not(unix))]
    fn worked(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_nanos()).unwrap_or_default()
    }

    /// Begins a call: so much time, this clock and this seed.
    pub fn begin(&self, time: Duration, clock: i64, seed: u64) {
        self.extend(time);
        self.timed_out.store(false, Relaxed);
        self.clock.store(clock, Relaxed);
        self.random.store(seed, Relaxed);
        if self.spoke.swap(false, Relaxed) {
            *self.output() = Output::default();
        }
    }

    /// So much time from now on, for reading what an error says.
    pub fn extend(&self, time: Duration) {
        self.time.store(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Relaxed);
        self.since.store(UNASKED, Relaxed);
    }

    /// Whether the call's time is over; remembered until the next one begins.
    pub fn is_late(&self) -> bool {
        let (now, since) = (self.worked(), self.since.load(Relaxed));
        if since == UNASKED {
            self.since.store(now, Relaxed);
            return false;
        }
        let late = now.saturating_sub(since) > self.time.load(Relaxed);
        if late {
            self.timed_out.store(true, Relaxed);
        }
        late
    }

    pub fn timed_out(&self) -> bool {
        self.timed_out.load(Relaxed)
    }

    pub fn clock(&self) -> i64 {
        self.clock.load(Relaxed)
    }

    /// The next number of the sequence that the seed begins, from 0 to below 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits are a double's")]
    pub fn random(&self) -> f64 {
        // SplitMix64.
        let state = self.random.load(Relaxed).wrapping_add(0x9e37_79b9_7f4a_7c15);
        self.random.store(state, Relaxed);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// For a script that says something.
    pub fn say(&self) -> MutexGuard<'_, Output> {
        self.spoke.store(true, Relaxed);
        self.output()
    }

    /// What the call said; nothing of it stays.
    pub fn take_output(&self) -> Output {
        if self.spoke.swap(false, Relaxed) { std::mem::take(&mut *self.output()) } else { Output::default() }
    }

    /// What a decision refused.
    pub fn take_verdict(&self) -> Option<Verdict> {
        if self.spoke.load(Relaxed) { self.output().verdict.take() } else { None }
    }

    fn output(&self) -> MutexGuard<'_, Output> {
        self.output.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
