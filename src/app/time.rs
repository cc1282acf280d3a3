//! The playhead: stepped, sent somewhere, or playing.

use super::{App, DecideAt, Effect, Opened, Playback, TimeIntent};
use crate::history::Cursor;
use crate::record::Revision;
use crate::store::Life;

/// Longest wait between two events while playing by time, in seconds.
const LONGEST_PAUSE: f64 = 2.0;

/// The open stream and how it is played.
#[derive(Debug, Default)]
pub(super) struct History {
    pub opened: Option<Opened>,
    pub playback: Playback,
    /// The revision to go to once the stream that was asked for has been read.
    pub pending_revision: Option<Revision>,
}

impl History {
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

impl App {
    pub(super) fn time_intent(&mut self, intent: &TimeIntent) -> Vec<Effect> {
        match *intent {
            TimeIntent::Step(by) => self.travel(|opened| Ok(opened.cursor().step(opened.timeline(), by))),
            TimeIntent::Oldest => self.travel(|opened| Ok(Cursor::on(opened.timeline(), Some(0)))),
            TimeIntent::Newest => self.travel(|_| Ok(Cursor::Live)),
            TimeIntent::GoToOrigin => self.travel(|_| Ok(Cursor::Origin)),
            TimeIntent::GoTo(revision) => self.go_to_revision(revision),
            TimeIntent::NextProblem => self.travel(|opened| problem(opened, true)),
            TimeIntent::PreviousProblem => self.travel(|opened| problem(opened, false)),
            TimeIntent::PlayPause => self.play(History::play_pause),
            TimeIntent::Speed(speed) => self.play(|history| history.playback.speed = speed.max(1)),
            TimeIntent::PlayByTime(by_time) => self.play(|history| history.playback.by_time = by_time),
            TimeIntent::Tick(seconds) => self.play(|history| history.tick(seconds)),
        }
    }

    fn play(&mut self, change: impl FnOnce(&mut History)) -> Vec<Effect> {
        change(&mut self.history);
        Vec::new()
    }

    /// Moves the playhead; moving it by hand stops playback.
    pub(super) fn travel(&mut self, to: impl FnOnce(&Opened) -> Result<Cursor, String>) -> Vec<Effect> {
        let Some(opened) = &mut self.history.opened else { return Vec::new() };
        self.history.playback.playing = false;
        match to(opened) {
            Ok(cursor) if cursor != opened.cursor() => {
                opened.move_to(cursor);
                // What was said about the place left behind no longer holds.
                if self.dock.decide_at == DecideAt::Playhead {
                    self.dock.expected = None;
                }
            }
            Ok(_) => {}
            Err(notice) => self.view.say(notice),
        }
        Vec::new()
    }

    pub(super) fn go_to_revision(&mut self, revision: Revision) -> Vec<Effect> {
        let Some(opened) = &self.history.opened else { return Vec::new() };
        let (first, last) = (opened.timeline().first_revision(), opened.timeline().last_revision());
        if opened.life == Life::Reading && last.is_none_or(|last| last < revision) {
            self.history.pending_revision = Some(revision);
            return Vec::new();
        }
        self.travel(|_| match (first, last) {
            (Some(first), Some(last)) if (first..=last).contains(&revision) => Ok(Cursor::At(revision)),
            (Some(first), Some(last)) => Err(format!(
                "There is no revision {revision} here. This stream has revisions {first} to {last}."
            )),
            _ => Err("This stream has no events to go to.".to_owned()),
        })
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
