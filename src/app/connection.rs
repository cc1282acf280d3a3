//! Which database, how it answers, and how freely it may be written to.

use super::{App, ConnectionIntent, Dock, Effect, Settings, WriteMode};
use crate::record::{Position, StreamName};
use crate::store::{Connection, Declaration, Denial, Guarded, Target, Undeclared};
use std::time::{Duration, Instant};

/// The database that is connected, or is to be.
#[derive(Debug)]
pub(super) struct ConnectionState {
    pub target: Target,
    pub connection: Connection,
    /// Of the last sign of life.
    pub latency: Option<Duration>,
    pub answered: Option<Instant>,
    pub head: Option<Position>,
    /// What the database last said of itself; kept over a lost connection.
    pub declaration: Option<Declaration>,
    /// Counts the connections that were asked for.
    pub asked: u64,
    /// Counts how often a person asked to try again.
    pub retries: u64,
}

impl ConnectionState {
    pub fn new(target: Target) -> Self {
        Self {
            target,
            connection: Connection::Offline,
            latency: None,
            answered: None,
            head: None,
            declaration: None,
            asked: 0,
            retries: 0,
        }
    }

    /// Asks for a connection of its own, to this database or another one.
    fn ask(&mut self, target: Target) {
        if target != self.target {
            self.declaration = None;
        }
        self.target = target;
        self.asked += 1;
        self.connection = Connection::Offline;
        self.latency = None;
        self.answered = None;
        self.head = None;
    }

    pub fn is(&mut self, connection: Connection) {
        if let Connection::Online { declaration, .. } = &connection {
            self.declaration = Some(declaration.clone());
        }
        self.connection = connection;
    }
}

impl App {
    pub(super) fn connection_intent(&mut self, intent: ConnectionIntent) -> Vec<Effect> {
        match intent {
            ConnectionIntent::Connect(target) => self.connect(target),
            ConnectionIntent::RetryNow => {
                self.connection.retries += 1;
                Vec::new()
            }
            ConnectionIntent::ResetSandbox => self.reset(),
            ConnectionIntent::WriteMode(mode) => self.set_write_mode(mode),
            ConnectionIntent::NotProduction(said) => self.say_not_production(said),
        }
    }

    pub(super) fn connect(&mut self, target: Target) -> Vec<Effect> {
        if let Target::Server(url) = &target {
            self.settings.remember(url);
        }
        if target != self.connection.target {
            self.dock = Dock { in_flight: self.dock.in_flight.take(), ..Dock::default() };
        }
        if let Some(category) = self.settings.category(&target).map(str::to_owned) {
            self.streams.list_category(&category, &self.registry);
        }
        let place = place(&target);
        self.connection.ask(target);
        self.streams.connection_ended();
        self.streams.categories.begin_again();
        self.history.opened = None;
        self.view.connection_ended();
        let again = self.settings.last_place.as_ref() == Some(&place);
        self.settings.last_place = Some(place);
        let last = self.settings.last_stream.take().filter(|_| again);
        // Where one left off.
        let mut effects = last.map(|stream| self.select(StreamName::new(&stream))).unwrap_or_default();
        effects.push(Effect::Save);
        effects
    }

    /// The same database once more, for another list; what is looked at stays.
    pub(super) fn connect_again(&mut self) {
        self.connection.ask(self.connection.target.clone());
        self.streams.connection_ended();
        let ticket = self.ticket();
        // What is no longer there cannot be read again.
        if let Some(opened) = self.history.opened.as_mut().filter(|opened| !opened.is_former) {
            opened.renew(ticket);
        }
    }

    fn reset(&mut self) -> Vec<Effect> {
        self.view.close();
        let mut effects = self.close();
        effects.push(Effect::ResetSandbox);
        effects
    }

    fn set_write_mode(&mut self, mode: WriteMode) -> Vec<Effect> {
        match self.connection.target.clone() {
            Target::Sandbox => self.settings.sandbox_mode = Some(mode),
            Target::Server(url) => self.settings.remember(&url).write_mode = Some(mode),
        }
        self.dock.outcome = None;
        vec![Effect::Save]
    }

    fn say_not_production(&mut self, said: bool) -> Vec<Effect> {
        match self.connection.target.clone() {
            Target::Sandbox => self.settings.sandbox_not_production = said,
            Target::Server(url) => self.settings.remember(&url).not_production = said,
        }
        self.dock.outcome = None;
        vec![Effect::Save]
    }

    /// Free on the sandbox, read-only on production, confirm elsewhere, unless chosen otherwise; production is never free.
    pub fn write_mode(&self) -> WriteMode {
        let target = &self.connection.target;
        let (chosen, usual) = match target {
            Target::Sandbox => (self.settings.sandbox_mode, WriteMode::Free),
            Target::Server(_) => {
                (self.settings.known(target).and_then(|recent| recent.write_mode), WriteMode::Confirm)
            }
        };
        match (chosen, self.guarded()) {
            (None, Some(_)) => WriteMode::ReadOnly,
            (Some(WriteMode::Free), Some(_)) => WriteMode::Confirm,
            (chosen, _) => chosen.unwrap_or(usual),
        }
    }

    /// Why writes to this database are guarded as to production; `None` where they are not.
    pub fn guarded(&self) -> Option<Guarded> {
        let guarded = self.connection.declaration.as_ref()?.guarded()?;
        let lifted = matches!(guarded, Guarded::Unreadable(_)) && self.said_not_production();
        (!lifted).then_some(guarded)
    }

    /// Why the database does not say whether it is production, where it does not.
    pub fn undeclared(&self) -> Option<&Undeclared> {
        match &self.connection.declaration {
            Some(Declaration::Unreadable(why)) => Some(why),
            _ => None,
        }
    }

    /// Whether a person said so of this connection.
    pub fn said_not_production(&self) -> bool {
        match &self.connection.target {
            Target::Sandbox => self.settings.sandbox_not_production,
            target @ Target::Server(_) => {
                self.settings.known(target).is_some_and(|recent| recent.not_production)
            }
        }
    }

    /// Why the database no longer accepts the user, although the connection holds.
    pub fn refused(&self) -> Option<&Denial> {
        let Connection::Online { refused, .. } = &self.connection.connection else { return None };
        refused.as_ref()
    }
}

/// How the settings name a database.
fn place(target: &Target) -> String {
    match target {
        Target::Sandbox => "the sandbox".to_owned(),
        Target::Server(url) => url.to_string(),
    }
}

impl Settings {
    /// What is remembered of a server.
    fn known(&self, target: &Target) -> Option<&super::Recent> {
        let Target::Server(url) = target else { return None };
        let url = url.to_string();
        self.recent.iter().find(|recent| recent.url == url)
    }

    /// The category that was last listed of a database.
    pub(super) fn category(&self, target: &Target) -> Option<&str> {
        match target {
            Target::Sandbox => self.sandbox_category.as_deref(),
            Target::Server(_) => self.known(target)?.category.as_deref(),
        }
    }

    pub(super) fn set_category(&mut self, target: &Target, category: &str) {
        let category = Some(category.to_owned());
        match target {
            Target::Sandbox => self.sandbox_category = category,
            Target::Server(url) => self.remember(url).category = category,
        }
    }
}
