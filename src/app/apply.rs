//! What a person wants, done: the list, the playhead and what is looked at. Commands are in `submit`, names and times in `go_to`.

use super::{
    App, CommandIntent, ConnectionIntent, Dialog, Effect, Facet, Intent, ListIntent, Opened, Sort,
    TimeIntent, ViewIntent,
};
use crate::aggregate::CommandForm;
use crate::history::{Cursor, Timeline};
use crate::record::{Provenance, Revision, StreamName};
use crate::store::{Connection, Life, Target};

/// Longest wait between two events while playing by time, in seconds.
const LONGEST_PAUSE: f64 = 2.0;

impl App {
    /// The one door for what a person wants.
    pub fn apply(&mut self, intent: Intent) -> Vec<Effect> {
        // What was said of the last action no longer matters to the next one.
        if !matches!(intent, Intent::Time(TimeIntent::Tick(_))) {
            self.notice.take_if(|notice| !notice.stays());
        }
        match intent {
            Intent::Connection(intent) => self.connection_intent(intent),
            Intent::List(intent) => self.list_intent(intent),
            Intent::Time(intent) => self.time_intent(&intent),
            Intent::View(intent) => self.view_intent(intent),
            Intent::Command(intent) => self.command_intent(intent),
        }
    }

    fn connection_intent(&mut self, intent: ConnectionIntent) -> Vec<Effect> {
        match intent {
            ConnectionIntent::Connect(target) => self.connect(target),
            ConnectionIntent::RetryNow => self.look(|app| app.retries += 1),
            ConnectionIntent::ResetSandbox => self.reset(),
            ConnectionIntent::WriteMode(mode) => self.set_write_mode(mode),
            ConnectionIntent::NotProduction(said) => self.say_not_production(said),
        }
    }

    fn list_intent(&mut self, intent: ListIntent) -> Vec<Effect> {
        match intent {
            ListIntent::Filter(text) => self.relist(|list| list.filter = text),
            ListIntent::Facet(facet) => self.relist(|list| list.facet = facet),
            ListIntent::Sort(sort) => self.relist(|list| list.sort = sort),
            ListIntent::Category(category) => self.list_category(category),
            ListIntent::Select(stream) => self.select(stream),
            ListIntent::SelectNext(by) => self.select_next(by),
            ListIntent::CloseStream => self.close(),
        }
    }

    fn time_intent(&mut self, intent: &TimeIntent) -> Vec<Effect> {
        match *intent {
            TimeIntent::Step(by) => self.travel(|opened| Ok(opened.cursor.step(&opened.timeline, by))),
            TimeIntent::Oldest => self.travel(|opened| Ok(Cursor::on(&opened.timeline, Some(0)))),
            TimeIntent::Newest => self.travel(|_| Ok(Cursor::Live)),
            TimeIntent::GoToOrigin => self.travel(|_| Ok(Cursor::Origin)),
            TimeIntent::GoTo(revision) => self.go_to_revision(revision),
            TimeIntent::NextProblem => self.travel(|opened| problem(opened, true)),
            TimeIntent::PreviousProblem => self.travel(|opened| problem(opened, false)),
            TimeIntent::PlayPause => self.look(Self::play_pause),
            TimeIntent::Speed(speed) => self.look(|app| app.playback.speed = speed.max(1)),
            TimeIntent::PlayByTime(by_time) => self.look(|app| app.playback.by_time = by_time),
            TimeIntent::Tick(seconds) => self.look(|app| app.tick(seconds)),
        }
    }

    fn view_intent(&mut self, intent: ViewIntent) -> Vec<Effect> {
        match intent {
            ViewIntent::Tab(tab) => self.look(|app| app.tab = tab),
            ViewIntent::Open(dialog) => self.look(|app| app.dialog = Some(dialog)),
            ViewIntent::CloseDialog => self.look(|app| app.dialog = None),
            ViewIntent::DismissNotice => self.look(|app| app.notice = None),
            ViewIntent::GoToAnything(text) => self.go_to_anything(&text),
            ViewIntent::Theme(theme) => {
                self.settings.theme = theme;
                vec![Effect::Save]
            }
            ViewIntent::Copy(text) => vec![Effect::Copy(text)],
            ViewIntent::CopyData => self.copy_data(),
        }
    }

    fn list_category(&mut self, category: String) -> Vec<Effect> {
        self.list = super::List::new(self.registry.for_category(&category).clone());
        self.category = category;
        self.dock.form = 0;
        self.connect(self.target.clone())
    }

    fn look(&mut self, change: impl FnOnce(&mut Self)) -> Vec<Effect> {
        change(self);
        Vec::new()
    }

    fn relist(&mut self, change: impl FnOnce(&mut super::List)) -> Vec<Effect> {
        change(&mut self.list);
        self.list.touch();
        Vec::new()
    }

    fn connect(&mut self, target: Target) -> Vec<Effect> {
        if let Target::Server(url) = &target {
            self.settings.remember(url);
        }
        if target != self.target {
            self.dock = super::Dock { in_flight: self.dock.in_flight.take(), ..super::Dock::default() };
            self.declaration = None;
        }
        self.connections += 1;
        self.connection = Connection::Offline;
        self.list.clear();
        self.listing.seen = 0;
        self.listing.caught_up = false;
        self.listing.denied = None;
        self.listing.confirmed = None;
        self.opened = None;
        self.dialog = None;
        self.latency = None;
        self.answered = None;
        self.head = None;
        self.notice = None;
        let place = match &target {
            Target::Sandbox => "the sandbox".to_owned(),
            Target::Server(url) => url.to_string(),
        };
        let again = self.settings.last_place.as_ref() == Some(&place);
        self.settings.last_place = Some(place);
        let last = self.settings.last_stream.take().filter(|_| again);
        self.target = target;
        // Where one left off.
        let mut effects = last.map(|stream| self.select(StreamName::new(&stream))).unwrap_or_default();
        effects.push(Effect::Save);
        effects
    }

    fn reset(&mut self) -> Vec<Effect> {
        self.dialog = None;
        let mut effects = self.close();
        effects.push(Effect::ResetSandbox);
        effects
    }

    /// Opens a stream by name, listed or not.
    pub(super) fn select(&mut self, stream: StreamName) -> Vec<Effect> {
        if stream.as_str() == "$all" {
            let what = "$all is every stream, not one. Open a stream by its name.";
            self.notice = Some(what.to_owned().into());
            return Vec::new();
        }
        if self.opened.as_ref().is_some_and(|opened| opened.stream == stream && !opened.is_former) {
            return Vec::new();
        }
        self.dock.name_stream(&**self.registry.for_stream(&stream), &stream);
        self.dock.expected = None;
        self.dock.outcome = None;
        self.pending_revision = None;
        self.settings.last_stream = Some(stream.as_str().to_owned());
        self.open(stream, Cursor::Live);
        vec![Effect::Save]
    }

    /// Reads the stream from its beginning.
    pub(super) fn open(&mut self, stream: StreamName, cursor: Cursor) {
        let ticket = self.ticket();
        self.playback.playing = false;
        self.opened = Some(Opened {
            ticket,
            timeline: Timeline::new(self.registry.for_stream(&stream).clone(), stream.clone()),
            stream,
            cursor,
            life: Life::Reading,
            last: None,
            is_former: false,
            read_from: None,
            provenance: Provenance::default(),
        });
    }

    fn select_next(&mut self, by: i64) -> Vec<Effect> {
        self.list.refresh();
        let at = self.opened.as_ref().and_then(|opened| self.list.place_of(&opened.stream));
        let last = i64::try_from(self.list.shown()).unwrap_or(i64::MAX) - 1;
        let to = at.map_or(0, |at| i64::try_from(at).unwrap_or(0).saturating_add(by)).clamp(0, last.max(0));
        let row = usize::try_from(to).ok().and_then(|place| self.list.row(place));
        row.map(|row| row.stream.clone()).map_or_else(Vec::new, |stream| self.select(stream))
    }

    fn close(&mut self) -> Vec<Effect> {
        self.opened = None;
        self.playback.playing = false;
        self.settings.last_stream = None;
        vec![Effect::Save]
    }

    /// Moves the playhead; moving it by hand stops playback.
    pub(super) fn travel(&mut self, to: impl FnOnce(&Opened) -> Result<Cursor, String>) -> Vec<Effect> {
        let Some(opened) = &mut self.opened else { return Vec::new() };
        self.playback.playing = false;
        match to(opened) {
            Ok(cursor) if cursor != opened.cursor => {
                opened.cursor = cursor;
                self.moved();
                Vec::new()
            }
            Ok(_) => Vec::new(),
            Err(notice) => {
                self.notice = Some(notice.into());
                Vec::new()
            }
        }
    }

    /// What was said about the place left behind no longer holds.
    fn moved(&mut self) {
        if self.dock.decide_at == super::DecideAt::Playhead {
            self.dock.expected = None;
        }
    }

    pub(super) fn go_to_revision(&mut self, revision: Revision) -> Vec<Effect> {
        let Some(opened) = &self.opened else { return Vec::new() };
        let (first, last) = (opened.timeline.first_revision(), opened.timeline.last_revision());
        if opened.life == Life::Reading && last.is_none_or(|last| last < revision) {
            self.pending_revision = Some(revision);
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

    fn play_pause(&mut self) {
        let Some(opened) = self.opened.as_mut().filter(|opened| !opened.timeline.is_empty()) else { return };
        self.playback.playing = !self.playback.playing;
        self.playback.elapsed = 0.0;
        if self.playback.playing && opened.index() == opened.timeline.len().checked_sub(1) {
            opened.cursor = Cursor::Origin;
        }
    }

    fn tick(&mut self, seconds: f64) {
        let Some(opened) = self.opened.as_mut().filter(|_| self.playback.playing) else { return };
        let playback = &mut self.playback;
        playback.elapsed += seconds.clamp(0.0, LONGEST_PAUSE);
        loop {
            let next = opened.index().map_or(0, |index| index + 1);
            if next >= opened.timeline.len() {
                playback.playing = false;
                opened.cursor = Cursor::Live;
                return;
            }
            let pause = pause_before(opened, next, playback.by_time) / f64::from(playback.speed);
            if playback.elapsed < pause {
                return;
            }
            playback.elapsed -= pause;
            opened.cursor = Cursor::on(&opened.timeline, Some(next));
        }
    }

    fn copy_data(&mut self) -> Vec<Effect> {
        let Some(record) = self.opened.as_ref().and_then(|opened| opened.timeline.get(opened.index()?))
        else {
            return Vec::new();
        };
        let text = std::str::from_utf8(&record.data).map(str::to_owned);
        let (text, notice) = match text {
            Ok(text) => (text, "Copied the event's data.".to_owned()),
            Err(_) => (hex(&record.data), "The data is not text: copied as hexadecimal digits.".to_owned()),
        };
        self.notice = Some(notice.into());
        vec![Effect::Copy(text)]
    }
}

fn problem(opened: &Opened, forwards: bool) -> Result<Cursor, String> {
    let side = if forwards { "after" } else { "before" };
    let found = opened.cursor.problem(&opened.timeline, forwards);
    found.ok_or_else(|| format!("There is no problem {side} this revision."))
}

/// Seconds to wait before a record at speed 1.
fn pause_before(opened: &Opened, index: usize, by_time: bool) -> f64 {
    let created = |i: usize| opened.timeline.get(i).map(|record| record.created.millis());
    match (by_time, index.checked_sub(1).and_then(created), created(index)) {
        (true, Some(before), Some(at)) => {
            let millis = u32::try_from((at - before).clamp(1, 3_600_000)).unwrap_or(1);
            (f64::from(millis) / 1000.0).min(LONGEST_PAUSE)
        }
        _ => 1.0,
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// Palette text that names a command.
pub(super) fn palette_command(text: &str, forms: &[CommandForm]) -> Option<Intent> {
    let low = text.to_lowercase();
    if let Some(form) = forms.iter().position(|form| form.label.to_lowercase() == low) {
        return Some(Intent::Command(CommandIntent::Form(form)));
    }
    Some(match low.as_str() {
        "oldest" => Intent::Time(TimeIntent::Oldest),
        "newest" | "live" => Intent::Time(TimeIntent::Newest),
        "origin" => Intent::Time(TimeIntent::GoToOrigin),
        "play" | "pause" => Intent::Time(TimeIntent::PlayPause),
        "next problem" => Intent::Time(TimeIntent::NextProblem),
        "previous problem" => Intent::Time(TimeIntent::PreviousProblem),
        "connect" => Intent::View(ViewIntent::Open(Dialog::Connect)),
        "journal" => Intent::View(ViewIntent::Open(Dialog::Journal)),
        "keys" | "help" => Intent::View(ViewIntent::Open(Dialog::Keys)),
        "retry" => Intent::Connection(ConnectionIntent::RetryNow),
        "clear filter" => Intent::List(ListIntent::Facet(Facet::All)),
        "sort by name" => Intent::List(ListIntent::Sort(Sort::Name)),
        _ => return None,
    })
}
