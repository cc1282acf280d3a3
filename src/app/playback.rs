//! How a history is played: at a speed, by event or by time, once or in a loop.

use crate::history::Density;
use crate::record::Revision;

/// Longest wait between two events while playing by time, in seconds; a longer one is shortened.
const LONGEST_PAUSE: f64 = 2.0;
/// A loop rests on its last event, in seconds.
const REST: f64 = 0.5;
/// By time, too, no more than ten thousand events are passed in a second.
const SHORTEST_PAUSE: f64 = 1.0 / 10_000.0;
/// Ticks of 100 ns.
const SECOND: f64 = 10_000_000.0;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Playback {
    pub playing: bool,
    pub by_time: bool,
    /// Events a second.
    events_a_second: u32,
    /// How many times faster than it happened.
    times_faster: u32,
    /// Seconds that have gone by since the last step.
    elapsed: f64,
}

impl Default for Playback {
    fn default() -> Self {
        Self { playing: false, by_time: false, events_a_second: 1, times_faster: 1, elapsed: 0.0 }
    }
}

/// The revisions in which playback goes round, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoopRange {
    pub first: Revision,
    pub last: Revision,
}

impl LoopRange {
    pub fn between(a: Revision, b: Revision) -> Self {
        Self { first: a.min(b), last: a.max(b) }
    }
}

/// Where playing leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Played {
    Stays,
    At(usize),
    /// Past the newest event.
    Ended,
}

impl Playback {
    const EVENTS: [u32; 13] = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000];
    const TIMES: [u32; 9] = [1, 2, 5, 10, 60, 600, 3_600, 86_400, 604_800];

    /// Events a second, or how many times faster than it happened.
    pub fn speed(&self) -> u32 {
        if self.by_time { self.times_faster } else { self.events_a_second }
    }

    /// The speeds to choose from.
    pub fn speeds(&self) -> &'static [u32] {
        if self.by_time { &Self::TIMES } else { &Self::EVENTS }
    }

    pub(super) fn set_speed(&mut self, speed: u32) {
        let most = self.speeds().last().copied().unwrap_or(1);
        let speed = speed.clamp(1, most);
        *(if self.by_time { &mut self.times_faster } else { &mut self.events_a_second }) = speed;
    }

    /// The next speed, or the one before.
    pub fn other_speed(&self, faster: bool) -> Option<u32> {
        let speed = self.speed();
        let mut speeds = self.speeds().iter().copied();
        if faster { speeds.find(|&other| other > speed) } else { speeds.rfind(|&other| other < speed) }
    }

    pub(super) fn begin(&mut self, playing: bool) {
        self.playing = playing;
        self.elapsed = 0.0;
    }

    /// The quiet before an event that is not waited for in full, in ticks of 100 ns.
    pub fn shortened(&self, density: &Density, next: usize) -> Option<i64> {
        let quiet = quiet_before(density, next).filter(|_| self.by_time)?;
        #[expect(clippy::cast_precision_loss, reason = "years of ticks")]
        let seconds = quiet as f64 / SECOND / f64::from(self.times_faster);
        (seconds > LONGEST_PAUSE).then_some(quiet)
    }

    /// Plays for so many seconds on from an event, in the loop or to the end.
    pub(super) fn play(
        &mut self,
        density: &Density,
        from: Option<usize>,
        range: Option<(usize, usize)>,
        seconds: f64,
    ) -> Played {
        self.elapsed += seconds.clamp(0.0, LONGEST_PAUSE);
        let last = range.map_or_else(|| density.len().saturating_sub(1), |(_, last)| last);
        let mut at = from;
        loop {
            let next = at.map_or(0, |at| at + 1);
            let (next, pause) = match range {
                Some((first, _)) if next > last || next < first => (first, self.rest()),
                None if next > last => return Played::Ended,
                _ => (next, self.pause_before(density, next)),
            };
            if self.elapsed < pause {
                break;
            }
            self.elapsed -= pause;
            at = Some(next);
        }
        if at == from { Played::Stays } else { at.map_or(Played::Stays, Played::At) }
    }

    /// Seconds on the last event of a loop.
    fn rest(&self) -> f64 {
        if self.by_time { REST } else { (1.0 / f64::from(self.events_a_second)).max(REST / 10.0) }
    }

    /// Seconds to wait before an event.
    fn pause_before(&self, density: &Density, index: usize) -> f64 {
        if !self.by_time {
            return 1.0 / f64::from(self.events_a_second);
        }
        let Some(quiet) = quiet_before(density, index) else { return SHORTEST_PAUSE };
        #[expect(clippy::cast_precision_loss, reason = "years of ticks")]
        let seconds = quiet as f64 / SECOND / f64::from(self.times_faster);
        seconds.clamp(SHORTEST_PAUSE, LONGEST_PAUSE)
    }
}

/// Ticks from the event before to this one; none where the clock went backwards.
fn quiet_before(density: &Density, index: usize) -> Option<i64> {
    let before = density.created(index.checked_sub(1)?)?;
    Some(density.created(index)?.0.saturating_sub(before.0).max(0))
}
