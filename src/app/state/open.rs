//! Which streams are listed, and which one is open.

use super::app::App;
use crate::app::intent::{Effect, ListIntent, TimeIntent};
use crate::app::list::List;
use crate::app::opened::Opened;
use crate::history::{Cursor, Timeline};
use crate::record::{Created, Revision, StreamName};
use crate::store::{Life, Presence, StreamRow};

impl App {
    pub(super) fn list_intent(&mut self, intent: ListIntent) -> Vec<Effect> {
        match intent {
            ListIntent::Filter(text) => {
                self.streams.list.set_clock(Created::now());
                self.change_list(|list| list.set_filter(text))
            }
            ListIntent::Clock(now) => {
                self.streams.list.set_clock(now);
                Vec::new()
            }
            ListIntent::Facet(facet) => self.change_list(|list| list.set_facet(facet)),
            ListIntent::ClearFilter => self.change_list(List::show_all),
            ListIntent::Sort(sort) => self.change_list(|list| list.set_sort(sort)),
            ListIntent::ReverseSort => self.change_list(List::reverse),
            ListIntent::Category(category) => self.list_category(&category),
            ListIntent::Select(stream) => self.select(stream),
            ListIntent::SelectNext(by) => self.select_next(by),
            ListIntent::CloseStream => self.close(),
            ListIntent::StopReading => self.stop_reading(true),
            ListIntent::ReadOn => self.stop_reading(false),
            ListIntent::AskEver => self.ask_ever(),
            ListIntent::StopAskingEver => self.stop_asking_ever(),
        }
    }

    fn change_list(&mut self, change: impl FnOnce(&mut List)) -> Vec<Effect> {
        change(self.shown_list());
        Vec::new()
    }

    /// Lists another category of the same database; the stream that is open stays so, and so do writes under way.
    fn list_category(&mut self, category: &str) -> Vec<Effect> {
        self.view.close();
        self.settings.set_category(&self.connection.target, category);
        if category != self.streams.category {
            let commanded = self.commanded().schema().category.clone();
            self.streams.list_category(category, &self.registry);
            if self.commanded().schema().category != commanded {
                // A revision of another aggregate's stream.
                self.dock.expect_as_decided();
            }
            self.connect_again();
        }
        vec![Effect::Save]
    }

    /// Opens a stream by name, listed or not.
    pub(super) fn select(&mut self, stream: StreamName) -> Vec<Effect> {
        if stream.as_str() == "$all" {
            self.view.say("$all is every stream, not one. Open a stream by its name.");
            return Vec::new();
        }
        if self.opened().is_some_and(|opened| opened.stream == stream && !opened.is_former) {
            return Vec::new();
        }
        let mut effects = self.abandon_lesson();
        self.dock.name_stream(self.registry.for_stream(&stream).schema(), &stream);
        self.dock.expect_as_decided();
        self.dock.outcome = None;
        self.history.pending_revision = None;
        self.settings.last_stream = Some(stream.as_str().to_owned());
        self.open(stream, Cursor::Live);
        self.stand_in_past();
        effects.push(Effect::Save);
        effects
    }

    /// Reads the stream from its beginning.
    pub(super) fn open(&mut self, stream: StreamName, cursor: Cursor) {
        let ticket = self.ticket();
        let timeline = Timeline::new(self.registry.for_stream(&stream).clone(), stream.clone());
        self.history.open(Some(Opened::new(ticket, timeline, stream, cursor)));
    }

    /// Opens the stream at the event of this revision.
    pub(super) fn open_at(&mut self, stream: StreamName, revision: Revision) -> Vec<Effect> {
        let mut effects = self.select(stream);
        effects.extend(self.time_intent(&TimeIntent::GoTo(revision)));
        effects
    }

    fn select_next(&mut self, by: i64) -> Vec<Effect> {
        self.shown_list().refresh();
        let list = self.list();
        let at = self.opened().and_then(|opened| list.place_of(&opened.stream));
        let end = i64::try_from(list.shown()).unwrap_or(i64::MAX) - 1;
        let to = at.map_or(0, |at| i64::try_from(at).unwrap_or(0).saturating_add(by)).clamp(0, end.max(0));
        let row = usize::try_from(to).ok().and_then(|place| list.row(place));
        row.map(|row| row.stream.clone()).map_or_else(Vec::new, |stream| self.select(stream))
    }

    fn stop_reading(&mut self, stopped: bool) -> Vec<Effect> {
        if let Some(opened) = self.history.opened.as_mut().filter(|opened| opened.life == Life::Reading) {
            opened.is_stopped = stopped;
        }
        Vec::new()
    }

    pub(super) fn close(&mut self) -> Vec<Effect> {
        self.history.open(None);
        self.settings.last_stream = None;
        vec![Effect::Save]
    }

    /// A stream that is open and listed is what the list says, too.
    pub(super) fn rows(&mut self, rows: Vec<StreamRow>) {
        let mut reopen = None;
        for row in rows {
            let opened = self.history.opened.as_mut();
            if let Some(opened) = opened.filter(|o| o.stream == row.stream && !o.is_former) {
                match row.presence {
                    Presence::Deleted => opened.life = Life::SoftDeleted,
                    Presence::Tombstoned => opened.life = Life::Tombstoned,
                    Presence::Live if opened.life == Life::SoftDeleted => {
                        reopen = Some((row.stream.clone(), Cursor::Live));
                    }
                    Presence::Live if opened.has_lost_events(row.first) => {
                        reopen = Some((row.stream.clone(), opened.cursor()));
                    }
                    Presence::Live | Presence::Locked | Presence::Unknown => {}
                }
            }
            self.streams.list.put(row);
        }
        if let Some((stream, cursor)) = reopen {
            let read_from = self.streams.list.find(&stream).map(|row| row.first);
            self.open(stream, cursor);
            if let Some(opened) = &mut self.history.opened {
                opened.read_from = read_from;
            }
        }
    }
}
