//! The whole window's state; panels read it, only the doors change it.

use crate::aggregate::script::Definitions;
use crate::aggregate::{Aggregate, CommandForm, FormField, Registry};
use crate::app::asking::Asking;
use crate::app::before_lesson::BeforeLesson;
use crate::app::categories::Categories;
use crate::app::comparison::Comparison;
use crate::app::connection::ConnectionState;
use crate::app::database::Database;
use crate::app::dock::Dock;
use crate::app::first_look::FirstLook;
use crate::app::intent::{Dialog, Tab};
use crate::app::lesson::Lessons;
use crate::app::list::List;
use crate::app::logins::Logins;
use crate::app::notice::Notice;
use crate::app::one_shot::OneShot;
use crate::app::open_writes::{OpenWrite, OpenWrites};
use crate::app::opened::Opened;
use crate::app::past::Past;
use crate::app::playback::{LoopRange, Playback};
use crate::app::preview::{Basis, Decided, Preview};
use crate::app::probe::Probe;
use crate::app::related::Related;
use crate::app::settings::Settings;
use crate::app::streams::Streams;
use crate::app::time::History;
use crate::app::time_scale::TimeScale;
use crate::app::view::View;
use crate::decision::{Conflict, Expected, Origin};
use crate::history::Cursor;
use crate::record::{Created, Position, StreamName};
use crate::store::{Cluster, Connection, Goal, JournalEntry, Listing, Target, Ticket};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// One struct for each concern; none can be changed from outside.
#[derive(Debug)]
pub struct App {
    pub(super) definitions: Definitions,
    /// Where they are looked for, beside single files.
    pub(super) definition_folders: Vec<PathBuf>,
    /// The built-in aggregates and the definitions.
    pub(super) registry: Registry,
    pub(super) connection: ConnectionState,
    pub(super) streams: Streams,
    pub(super) history: History,
    pub(super) past: Past,
    pub(super) related: Related,
    pub(super) view: View,
    pub(super) database: Database,
    pub(super) dock: Dock,
    pub(super) open_writes: OpenWrites,
    pub(super) settings: Settings,
    pub(super) logins: Logins,
    /// Who writes, unless the settings say otherwise.
    pub(super) session: Origin,
    pub(super) first_look: Option<FirstLook>,
    pub(super) lessons: Lessons,
    pub(super) before_lesson: Option<BeforeLesson>,
    /// What the command in the form would do; forgotten at each change that may make it another.
    pub(super) decided: Decided,
    tickets: u64,
}

impl App {
    pub fn new(target: Target, category: &str, settings: Settings) -> Self {
        Self::with_aggregates(Registry::default(), target, category, settings)
    }

    /// With the definitions that were read before the window opened.
    pub fn defined_by(
        definitions: Definitions,
        definition_folders: Vec<PathBuf>,
        target: Target,
        category: &str,
        settings: Settings,
    ) -> Self {
        let registry = Registry::new(&definitions);
        Self {
            definitions,
            definition_folders,
            ..Self::with_aggregates(registry, target, category, settings)
        }
    }

    pub fn with_aggregates(registry: Registry, target: Target, category: &str, settings: Settings) -> Self {
        Self {
            definitions: Definitions::default(),
            definition_folders: Vec::new(),
            connection: ConnectionState::new(target),
            streams: Streams::new(category, &registry),
            registry,
            history: History::default(),
            past: Past::default(),
            related: Related::default(),
            view: View::default(),
            database: Database::default(),
            dock: Dock::default(),
            open_writes: OpenWrites::default(),
            settings,
            logins: Logins::default(),
            session: Origin::default(),
            first_look: None,
            lessons: Lessons::default(),
            before_lesson: None,
            decided: Decided::default(),
            tickets: 0,
        }
    }

    /// For whom this program writes, unless the settings say otherwise.
    #[must_use]
    pub fn signed(mut self, session: Origin) -> Self {
        self.session = session;
        self
    }

    /// Brings the list up to date; once before each frame.
    pub fn refresh(&mut self) {
        self.shown_list().refresh();
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

    /// The user's definitions as they were read last.
    pub fn definitions(&self) -> &Definitions {
        &self.definitions
    }

    /// The folders in which definitions are looked for.
    pub fn definition_folders(&self) -> &[PathBuf] {
        &self.definition_folders
    }

    pub fn registry(&self) -> &Registry {
        &self.registry
    }

    pub fn category(&self) -> &str {
        &self.streams.category
    }

    pub fn categories(&self) -> &Categories {
        &self.streams.categories
    }

    /// As of now, or of the moment where the window stands.
    pub fn list(&self) -> &List {
        self.past.list().unwrap_or(&self.streams.list)
    }

    /// When the list wants to be told the time.
    pub fn clock_due(&self) -> Option<Created> {
        self.streams.list.due()
    }

    pub fn listing(&self) -> &Listing {
        self.past.listing().unwrap_or(&self.streams.listing)
    }

    pub fn opened(&self) -> Option<&Opened> {
        self.history.opened.as_ref()
    }

    /// What is asked of the open stream's past.
    pub fn asking(&self) -> &Asking {
        &self.history.asking
    }

    /// The revisions in which playback goes round.
    pub fn loop_range(&self) -> Option<LoopRange> {
        self.history.loop_range
    }

    /// Where the events of the open stream lie on the track.
    pub fn time_scale(&self) -> Option<TimeScale> {
        self.history.scale()
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
    pub fn commanded(&self) -> &Arc<dyn Aggregate> {
        let opened = self.opened().map(|opened| self.registry.for_stream(&opened.stream));
        let opened = opened.filter(|aggregate| !aggregate.schema().commands.is_empty());
        opened.unwrap_or_else(|| self.registry.for_category(self.category()))
    }

    /// The form of the command that is shown; `None` where the aggregate has no commands.
    pub fn form(&self) -> Option<&CommandForm> {
        self.commanded().schema().commands.get(self.form_at())
    }

    /// The place of the form that is shown.
    pub fn form_at(&self) -> usize {
        self.dock.form_at(self.commanded().schema())
    }

    /// What was typed into a field of a command of the aggregate.
    pub fn typed(&self, form: usize, field: usize) -> &str {
        self.dock.text(self.commanded().schema(), form, field)
    }

    /// What the write of the command in the form expects, where the person chose it.
    pub fn expected(&self) -> Option<Expected> {
        self.dock.expected(self.commanded().schema(), self.form_at())
    }

    /// Whether anything is typed into the form but the stream's name.
    pub fn is_form_typed(&self) -> bool {
        self.dock.is_typed(self.commanded().schema(), self.form_at())
    }

    /// What was sent in a field of the form, the newest first.
    pub fn recent_values(&self, field: &FormField) -> &[String] {
        let schema = self.commanded().schema();
        let command = self.form().map_or("", |form| &*form.name);
        self.settings.recent_values.of(&schema.category, command, &field.label)
    }

    /// What Append would do now; decided once after each change that may make it another.
    pub fn preview(&self) -> &Preview {
        self.decided.preview.get_or_init(|| self.basis().preview())
    }

    /// What the last write's conflict was about, until it is decided again.
    pub fn conflict(&self) -> Option<&Conflict> {
        self.decided.conflict.get_or_init(|| self.basis().conflict()).as_ref()
    }

    fn basis(&self) -> Basis<'_> {
        Basis {
            registry: &self.registry,
            aggregate: &**self.commanded(),
            dock: &self.dock,
            opened: self.opened(),
            list: &self.streams.list,
            origin: self.origin(),
        }
    }

    /// The writes to this database whose fate is not known, oldest first.
    pub fn open_writes(&self) -> impl Iterator<Item = &OpenWrite> {
        self.open_writes.at(self.target())
    }

    /// A write to the stream whose fate is not known: until it is, another would be a second one.
    pub fn open_write_to(&self, stream: &StreamName) -> Option<&OpenWrite> {
        self.open_writes.to(self.target(), stream)
    }

    /// The test of the connection string that is typed: what was found so far.
    pub fn probe(&self) -> &Probe {
        &self.view.probe
    }

    /// The file that was chosen for the connection string that is typed.
    pub fn file(&self) -> &OneShot<Option<String>> {
        &self.view.file
    }

    /// The writes that this program noted, oldest first.
    pub fn journal(&self) -> &OneShot<Vec<JournalEntry>> {
        &self.view.journal
    }

    /// The last comparison of two definitions.
    pub fn comparison(&self) -> Option<&Comparison> {
        self.view.comparison.as_ref()
    }

    /// The nodes of the cluster as they were asked last; `None` where no node tells of one.
    pub fn cluster(&self) -> Option<&Cluster> {
        self.connection.cluster.as_ref()
    }

    /// Since when no node of the cluster leads.
    pub fn leaderless_since(&self) -> Option<Instant> {
        self.cluster()?.leaderless_since
    }

    /// What the store should be doing.
    pub fn goal(&self) -> Goal {
        let opened = self.opened().filter(|opened| !opened.is_former);
        Goal {
            target: self.target().clone(),
            category: self.category().to_owned(),
            registry: self.registry.clone(),
            connection: self.connection.asked,
            retry: self.connection.retries,
            opened: opened.map(|opened| (opened.asked, opened.stream.clone())),
            stopped: opened.is_some_and(Opened::is_stopped),
            unknown: self.open_writes().map(|open| (open.ticket, open.append.clone())).collect(),
            withdrawn: self
                .dock
                .in_flight
                .as_ref()
                .filter(|write| write.is_withdrawn)
                .map(|write| write.ticket),
            categories: self.counts_categories(),
            comparison: self.comparison().and_then(Comparison::wanted).cloned(),
            past: self.past_questions(),
            export: self.exporting().map(|exporting| exporting.export.clone()),
            log: self.log_questions(),
            related: self.related_question(),
        }
    }

    /// Whether the categories are counted: while they are picked from, or the palette is asked for one.
    pub fn counts_categories(&self) -> bool {
        self.view.counts_categories || self.dialog() == Some(&Dialog::Categories)
    }

    /// Who writes and where, as it goes into the metadata.
    pub fn origin(&self) -> Origin {
        self.settings.origin(self.target(), &self.session)
    }

    pub fn is_live(&self) -> bool {
        self.opened().is_some_and(|opened| opened.cursor() == Cursor::Live)
    }

    pub(super) fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }
}
