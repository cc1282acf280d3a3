//! The whole window's state; panels read it, only the doors change it.

use super::categories::Categories;
use super::connection::ConnectionState;
use super::streams::Streams;
use super::time::History;
use super::view::View;
use super::{
    Dialog, Dock, Effect, Intent, List, Notice, OpenWrite, Opened, Playback, Preview, Settings, Tab,
    TimeIntent, ViewIntent,
};
use crate::aggregate::{Aggregate, CommandForm, Registry};
use crate::decision::Origin;
use crate::history::Cursor;
use crate::record::Position;
use crate::store::{Connection, Goal, Listing, Target, Ticket};
use std::cell::OnceCell;
use std::time::{Duration, Instant};

/// One struct for each concern; none can be changed from outside.
#[derive(Debug)]
pub struct App {
    pub(super) registry: Registry,
    pub(super) connection: ConnectionState,
    pub(super) streams: Streams,
    pub(super) history: History,
    pub(super) view: View,
    pub(super) dock: Dock,
    pub(super) open_writes: Vec<OpenWrite>,
    pub(super) settings: Settings,
    /// Who writes, unless the settings say otherwise.
    pub(super) session: Origin,
    /// What the command in the form would do; empty after each change that may make it another.
    pub(super) preview: OnceCell<Preview>,
    tickets: u64,
}

impl App {
    pub fn new(target: Target, category: &str, settings: Settings) -> Self {
        Self::with_aggregates(Registry::default(), target, category, settings)
    }

    pub fn with_aggregates(registry: Registry, target: Target, category: &str, settings: Settings) -> Self {
        Self {
            connection: ConnectionState::new(target),
            streams: Streams::new(category, &registry),
            registry,
            history: History::default(),
            view: View::default(),
            dock: Dock::default(),
            open_writes: Vec::new(),
            settings,
            session: Origin::default(),
            preview: OnceCell::new(),
            tickets: 0,
        }
    }

    /// For whom this program writes, unless the settings say otherwise.
    #[must_use]
    pub fn signed(mut self, session: Origin) -> Self {
        self.session = session;
        self
    }

    /// The one door for what a person wants.
    pub fn apply(&mut self, intent: Intent) -> Vec<Effect> {
        let cursor = self.opened().map(Opened::cursor);
        let passes =
            matches!(intent, Intent::Time(TimeIntent::Tick(_)) | Intent::View(ViewIntent::TimePassed(_)));
        // What was said of the last action no longer matters to the next one.
        if !passes {
            self.view.notice.take_if(|notice| !notice.stays());
        }
        let effects = match intent {
            Intent::Connection(intent) => self.connection_intent(intent),
            Intent::List(intent) => self.list_intent(intent),
            Intent::Time(intent) => self.time_intent(&intent),
            Intent::View(intent) => self.view_intent(intent),
            Intent::Command(intent) => self.command_intent(intent),
        };
        if !passes || cursor != self.opened().map(Opened::cursor) {
            self.preview.take();
        }
        effects
    }

    /// Brings the list up to date; once before each frame.
    pub fn refresh(&mut self) {
        self.streams.list.refresh();
    }

    pub fn target(&self) -> &Target {
        &self.connection.target
    }

    pub fn connection(&self) -> &Connection {
        &self.connection.connection
    }

    /// How long the last sign of life took.
    pub fn latency(&self) -> Option<Duration> {
        self.connection.latency
    }

    /// When the last sign of life came.
    pub fn answered(&self) -> Option<Instant> {
        self.connection.answered
    }

    /// The end of `$all`, where that may be read.
    pub fn head(&self) -> Option<Position> {
        self.connection.head
    }

    pub fn category(&self) -> &str {
        &self.streams.category
    }

    pub fn categories(&self) -> &Categories {
        &self.streams.categories
    }

    pub fn list(&self) -> &List {
        &self.streams.list
    }

    pub fn listing(&self) -> &Listing {
        &self.streams.listing
    }

    pub fn opened(&self) -> Option<&Opened> {
        self.history.opened.as_ref()
    }

    pub fn playback(&self) -> Playback {
        self.history.playback
    }

    pub fn tab(&self) -> Tab {
        self.view.tab
    }

    pub fn dialog(&self) -> Option<&Dialog> {
        self.view.dialog.as_ref()
    }

    pub fn notice(&self) -> Option<&Notice> {
        self.view.notice.as_ref()
    }

    pub fn dock(&self) -> &Dock {
        &self.dock
    }

    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The aggregate whose commands are offered: the open stream's where that has any, else the category's.
    pub fn commanded(&self) -> &dyn Aggregate {
        let opened = self.opened().map(|opened| self.registry.for_stream(&opened.stream));
        let opened = opened.filter(|aggregate| !aggregate.schema().commands.is_empty());
        &**opened.unwrap_or_else(|| self.registry.for_category(self.category()))
    }

    /// The form of the command that is shown; `None` where the aggregate has no commands.
    pub fn form(&self) -> Option<&CommandForm> {
        let forms = &self.commanded().schema().commands;
        forms.get(self.dock.form).or_else(|| forms.first())
    }

    /// What the store should be doing.
    pub fn goal(&self) -> Goal {
        let opened = self.opened().filter(|opened| !opened.is_former);
        Goal {
            target: self.target().clone(),
            category: self.category().to_owned(),
            connection: self.connection.asked,
            retry: self.connection.retries,
            opened: opened.map(|opened| (opened.asked, opened.stream.clone())),
            unknown: self.open_writes().map(|open| (open.ticket, open.append.clone())).collect(),
            categories: self.counts_categories(),
        }
    }

    /// Whether the categories are counted: while they are picked from, or the palette is asked for one.
    pub fn counts_categories(&self) -> bool {
        self.view.counts_categories || self.dialog() == Some(&Dialog::Categories)
    }

    /// Who writes and where, as it goes into the metadata.
    pub fn origin(&self) -> Origin {
        let chosen = |setting: &Option<String>, session: &str| {
            setting.clone().filter(|text| !text.is_empty()).unwrap_or_else(|| session.to_owned())
        };
        Origin {
            who: chosen(&self.settings.who, &self.session.who),
            place: chosen(&self.settings.place, &self.session.place),
        }
    }

    pub fn is_live(&self) -> bool {
        self.opened().is_some_and(|opened| opened.cursor() == Cursor::Live)
    }

    pub(super) fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }
}
