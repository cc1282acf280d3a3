//! Time on a core: what else the machine does counts for nothing.

use std::time::{Duration, Instant};

/// Since when, by the clock and by the time that this thread was on a core.
pub struct OnCore(Instant, Option<Duration>);

impl OnCore {
    pub fn start() -> Self {
        Self(Instant::now(), on_core())
    }

    /// By the clock where the system does not tell of the core.
    pub fn elapsed(&self) -> Duration {
        let on_core = on_core().zip(self.1).map(|(now, then)| now.saturating_sub(then));
        on_core.unwrap_or_else(|| self.0.elapsed())
    }
}

/// By the clock of the thread: what `/proc` tells of it moves with the ticks of the system, of 4 ms.
#[cfg(unix)]
fn on_core() -> Option<Duration> {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Some(Duration::new(now.tv_sec.try_into().ok()?, now.tv_nsec.try_into().ok()?))
}

#[cfg(not(unix))]
fn on_core() -> Option<Duration> {
    None
}
