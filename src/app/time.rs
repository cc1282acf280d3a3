//! The playhead: stepped, sent somewhere, or playing.

use super::intent::TimeIntent;
use super::opened::Opened;
use crate::history::Cursor;
use crate::record::{Created, Revision};
use crate::store::Life;

/// Longest wait between two events while playing by time, in seconds.
const LONGEST_PAUSE: f64 = 2.0;

/// How a history is played.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Playback {
    pub playing: bool,
    /// Events a second, or how many times faster than it happened.
    pub speed: u32,
    pub by_time: bool,
    /// Seconds that have gone by since the last step.
    elapsed: f64,
}

impl Default for Playback {
    fn default() -> Self {
        Self { playing: false, speed: 1, by_time: false, elapsed: 0.0 }
    }
}

impl Playback {
    pub const SPEEDS: [u32; 5] = [1, 2, 5, 10, 50];
}

/// The open stream and how it is played.
#[derive(Debug, Default)]
pub(super) struct History {
    pub opened: Option<Opened>,
    pub playback: Playback,
    /// The revision to go to once the stream that was asked for has been read.
    pub pending_revision: Option<Revision>,
}

impl History {
    /// Moves the playhead or plays; a sentence where there is nothing to go to.
    pub fn apply(&mut self, intent: &TimeIntent) -> Result<(), String> {
        match *intent {
            TimeIntent::Step(by) => self.travel(|opened| Ok(opened.cursor().step(opened.timeline(), by)))?,
            TimeIntent::Oldest => self.travel(|opened| Ok(Cursor::on(opened.timeline(), Some(0))))?,
            TimeIntent::Newest => self.travel(|_| Ok(Cursor::Live))?,
            TimeIntent::GoToOrigin => self.travel(|_| Ok(Cursor::Origin))?,
            TimeIntent::GoTo(revision) => self.go_to_revision(revision)?,
            TimeIntent::GoToTime(time) => self.go_to_time(time)?,
            TimeIntent::NextProblem => self.travel(|opened| problem(opened, true))?,
            TimeIntent::PreviousProblem => self.travel(|opened| problem(opened, false))?,
            TimeIntent::PlayPause => self.play_pause(),
            TimeIntent::Speed(speed) => self.playback.speed = speed.max(1),
            TimeIntent::PlayByTime(by_time) => self.playback.by_time = by_time,
            TimeIntent::Tick(seconds) => self.tick(seconds),
        }
        Ok(())
    }

    pub fn cursor(&self) -> Option<Cursor> {
        self.opened.as_ref().map(Opened::cursor)
    }

    /// Moves the playhead; moving it by hand stops playback.
    fn travel(&mut self, to: impl FnOnce(&Opened) -> Result<Cursor, String>) -> Result<(), String> {
        let Some(opened) = &mut self.opened else { return Ok(()) };
        self.playback.playing = false;
        let cursor = to(opened)?;
        if cursor != opened.cursor() {
            opened.move_to(cursor);
        }
        Ok(())
    }

    fn go_to_revision(&mut self, revision: Revision) -> Result<(), String> {
        let Some(opened) = &self.opened else { return Ok(()) };
        let (first, last) = (opened.timeline().first_revision(), opened.timeline().last_revision());
        if opened.life == Life::Reading && last.is_none_or(|last| last < revision) {
            self.pending_revision = Some(revision);
            return Ok(());
        }
        self.travel(|_| match (first, last) {
            (Some(first), Some(last)) if (first..=last).contains(&revision) => Ok(Cursor::At(revision)),
            (Some(first), Some(last)) => Err(format!(
                "There is no revision {revision} here. This stream has revisions {first} to {last}."
            )),
            _ => Err("This stream has no events to go to.".to_owned()),
        })
    }

    fn go_to_time(&mut self, time: Created) -> Result<(), String> {
        if self.opened.is_none() {
            return Err("Open a stream first, then go to a time in it.".to_owned());
        }
        self.travel(|opened| Ok(Cursor::at_time(opened.timeline(), time)))
    }

    fn play_pause(&mut self) {
        let Some(opened) = self.opened.as_mut().filter(|opened| !opened.timeline().is_empty()) else {
            return;
        };
        self.playback.playing = !self.playback.playing;
        self.playback.elapsed = 0.0;
        if self.playback.playing && opened.index() == opened.timeline().len().checked_sub(1) {
            opened.move_to(Cursor::Origin);
        }
    }

    fn tick(&mut self, seconds: f64) {
        let Some(opened) = self.opened.as_mut().filter(|_| self.playback.playing) else { return };
        let playback = &mut self.playback;
        playback.elapsed += seconds.clamp(0.0, LONGEST_PAUSE);
        loop {
            let next = opened.index().map_or(0, |index| index + 1);
            if next >= opened.timeline().len() {
                playback.playing = false;
                opened.move_to(Cursor::Live);
                return;
            }
            let pause = pause_before(opened, next, playback.by_time) / f64::from(playback.speed);
            if playback.elapsed < pause {
                return;
            }
            playback.elapsed -= pause;
            opened.move_to(Cursor::on(opened.timeline(), Some(next)));
        }
    }
}

fn problem(opened: &Opened, forwards: bool) -> Result<Cursor, String> {
    let side = if forwards { "after" } else { "before" };
    let found = opened.cursor().problem(opened.timeline(), forwards);
    found.ok_or_else(|| format!("There is no problem {side} this revision."))
}

/// Seconds to wait before a record at speed 1.
fn pause_before(opened: &Opened, index: usize, by_time: bool) -> f64 {
    let created = |i: usize| opened.timeline().get(i).map(|record| record.created.millis());
    match (by_time, index.checked_sub(1).and_then(created), created(index)) {
        (true, Some(before), Some(at)) => {
            let millis = u32::try_from((at - before).clamp(1, 3_600_000)).unwrap_or(1);
            (f64::from(millis) / 1000.0).min(LONGEST_PAUSE)
        }
        _ => 1.0,
    }
}
