//! The playhead: stepped, sent somewhere, or playing.

use super::intent::TimeIntent;
use super::opened::Opened;
use super::playback::{LoopRange, Playback, Played};
use super::time_scale::{TimeScale, Zoom};
use crate::history::Cursor;
use crate::record::{Created, Revision};
use crate::store::Life;

/// Where the playhead enters the part that is shown, while playing.
const ENTERS: f64 = 0.1;

/// The open stream and how it is played.
#[derive(Debug, Default)]
pub(super) struct History {
    pub opened: Option<Opened>,
    pub playback: Playback,
    pub loop_range: Option<LoopRange>,
    zoom: Zoom,
    /// The revision to go to once the stream that was asked for has been read.
    pub pending_revision: Option<Revision>,
    /// The moment to go to, once it has been read.
    pub pending_time: Option<Created>,
}

impl History {
    /// Moves the playhead or plays; a sentence where there is nothing to go to.
    pub fn apply(&mut self, intent: &TimeIntent) -> Result<(), String> {
        match *intent {
            TimeIntent::Step(by) => self.travel(|opened| Ok(opened.step(by)))?,
            TimeIntent::Oldest => self.travel(|opened| Ok(Cursor::on(opened.timeline(), Some(0))))?,
            TimeIntent::Newest => self.travel(|_| Ok(Cursor::Live))?,
            TimeIntent::GoToOrigin => self.travel(|_| Ok(Cursor::Origin))?,
            TimeIntent::GoTo(revision) => self.go_to_revision(revision)?,
            TimeIntent::GoToTime(time) => self.go_to_time(time)?,
            // The whole window's.
            TimeIntent::AsOf(_) | TimeIntent::Changes { .. } => {}
            TimeIntent::NextProblem => self.travel(|opened| problem(opened, true))?,
            TimeIntent::PreviousProblem => self.travel(|opened| problem(opened, false))?,
            TimeIntent::PlayPause => self.play_pause(),
            TimeIntent::Speed(speed) => self.playback.set_speed(speed),
            TimeIntent::OtherSpeed(faster) => {
                self.playback
                    .other_speed(faster)
                    .into_iter()
                    .for_each(|speed| self.playback.set_speed(speed));
            }
            TimeIntent::PlayByTime(by_time) => self.playback.by_time = by_time,
            TimeIntent::OtherScale => self.playback.by_time = !self.playback.by_time,
            TimeIntent::Tick(seconds) => self.tick(seconds),
            TimeIntent::Zoom { times, around } => self.zoom(times, around),
            TimeIntent::Pan(by) => self.pan(by),
            TimeIntent::ShowAll => self.zoom = Zoom::default(),
            TimeIntent::Loop(range) => self.loop_range = range,
            TimeIntent::LoopHere { begins } => self.loop_here(begins),
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
        self.keep_in_view(0.5);
        Ok(())
    }

    fn go_to_revision(&mut self, revision: Revision) -> Result<(), String> {
        let Some(opened) = &self.opened else { return Ok(()) };
        if opened.is_among_newest(revision) {
            self.pending_revision = None;
            return self.travel(|_| Ok(Cursor::At(revision)));
        }
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

    /// The open stream at its last event until the moment, once it is read.
    pub fn stand_at(&mut self, at: Created) {
        let Some(opened) = &self.opened else { return };
        if opened.life == Life::Reading {
            self.pending_time = Some(at);
        } else {
            self.pending_time = None;
            drop(self.go_to_time(at));
        }
    }

    fn play_pause(&mut self) {
        let range = self.loop_indexes();
        let Some(opened) = self.opened.as_mut().filter(|opened| !opened.timeline().is_empty()) else {
            return;
        };
        self.playback.begin(!self.playback.playing);
        if !self.playback.playing {
            return;
        }
        match range {
            Some((first, last)) if opened.index().is_none_or(|at| !(first..=last).contains(&at)) => {
                opened.move_to(Cursor::on(opened.timeline(), Some(first)));
            }
            None if opened.index() == opened.newest() => opened.move_to(Cursor::Origin),
            _ => {}
        }
    }

    fn tick(&mut self, seconds: f64) {
        let range = self.loop_indexes();
        let Some(opened) = self.opened.as_mut().filter(|_| self.playback.playing) else { return };
        let density = opened.timeline().density();
        match self.playback.play(density, opened.index(), range, seconds) {
            Played::Stays => {}
            Played::At(index) => opened.move_to(Cursor::on(opened.timeline(), Some(index))),
            Played::Ended => {
                self.playback.playing = false;
                opened.move_to(Cursor::Live);
            }
        }
        self.keep_in_view(ENTERS);
    }

    /// The indexes of the first and the last event of the loop.
    fn loop_indexes(&self) -> Option<(usize, usize)> {
        let (range, timeline) = (self.loop_range?, self.opened.as_ref()?.timeline());
        let first = range.first.0.checked_sub(1).and_then(|before| timeline.index_at(Revision(before)));
        let first = first.map_or(0, |before| before + 1);
        timeline.index_at(range.last).filter(|&last| first <= last).map(|last| (first, last))
    }

    /// One end of the loop is at the playhead; the other stays where it can, or is at an end of the history.
    fn loop_here(&mut self, begins: bool) {
        let Some(opened) = &self.opened else { return };
        let timeline = opened.timeline();
        let (Some(first), Some(last)) = (timeline.first_revision(), timeline.last_revision()) else {
            return;
        };
        let here = opened.index().and_then(|index| timeline.get(index)).map_or(first, |r| r.revision);
        let other = self.loop_range.map(|range| if begins { range.last } else { range.first });
        self.loop_range = Some(if begins {
            LoopRange { first: here, last: other.filter(|&other| other >= here).unwrap_or(last) }
        } else {
            LoopRange { first: other.filter(|&other| other <= here).unwrap_or(first), last: here }
        });
    }

    /// Another stream, or none.
    pub fn open(&mut self, opened: Option<Opened>) {
        self.opened = opened;
        self.pending_time = None;
        self.playback.playing = false;
        self.loop_range = None;
        self.zoom = Zoom::default();
    }

    /// The scale of the time panel.
    pub fn scale(&self) -> Option<TimeScale> {
        let density = self.opened.as_ref()?.timeline().density();
        Some(TimeScale::new(density, self.playback.by_time, self.zoom))
    }

    /// The place of the playhead on the track, where it is in view.
    fn place(&self, scale: &TimeScale) -> Option<f64> {
        let opened = self.opened.as_ref()?;
        let place = scale.place(opened.timeline().density(), opened.index()?);
        (0.0..=1.0).contains(&place).then_some(place)
    }

    fn zoom(&mut self, times: f64, around: Option<f64>) {
        let Some(scale) = self.scale() else { return };
        let around = around.or_else(|| self.place(&scale)).unwrap_or(0.5);
        self.zoom.set(scale.is_by_time(), scale.zoomed(times, around));
    }

    fn pan(&mut self, by: f64) {
        let Some(scale) = self.scale() else { return };
        self.zoom.set(scale.is_by_time(), scale.panned(by));
    }

    /// The part that is shown follows a playhead that left it, which then stands at this place.
    fn keep_in_view(&mut self, enters: f64) {
        let Some((scale, opened)) = self.scale().zip(self.opened.as_ref()) else { return };
        let index = opened.index().unwrap_or(0);
        let place = scale.place(opened.timeline().density(), index);
        if !(0.0..=1.0).contains(&place) {
            self.zoom.set(scale.is_by_time(), scale.panned(place - enters));
        }
    }
}

fn problem(opened: &Opened, forwards: bool) -> Result<Cursor, String> {
    let side = if forwards { "after" } else { "before" };
    let found = opened.cursor().problem(opened.timeline(), forwards);
    found.ok_or_else(|| format!("There is no problem {side} this revision."))
}
