//! Which database, how it answers, and how freely it may be written to.

use super::connections::WriteMode;
use super::settings::Settings;
use crate::record::Position;
use crate::store::{
    Cluster, Connection, Declaration, Denial, Guarded, Permit, StoreError, Target, Undeclared,
};
use std::time::{Duration, Instant};

/// Why nothing is written to a file that is opened.
pub const FILE_IS_READ_ONLY: &str =
    "This is a file that was opened, and nothing is written to it. Connect to a database to write.";

/// The database that is connected, or is to be.
#[derive(Debug)]
pub(super) struct ConnectionState {
    pub target: Target,
    pub connection: Connection,
    /// Of the last sign of life.
    pub latency: Option<Duration>,
    pub answered: Option<Instant>,
    pub head: Option<Position>,
    /// The nodes as they were asked last; kept over a lost connection.
    pub cluster: Option<Cluster>,
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
            cluster: None,
            declaration: None,
            asked: 0,
            retries: 0,
        }
    }

    /// Asks for a connection of its own, to this database or another one.
    pub fn ask(&mut self, target: Target) {
        if target != self.target {
            self.declaration = None;
            self.cluster = None;
        }
        self.target = target;
        self.asked += 1;
        self.connection = Connection::Offline;
        self.latency = None;
        self.answered = None;
        self.head = None;
    }

    pub fn is(&mut self, connection: Connection) {
        // What was said before holds while nobody can be asked; the store asks again before it writes.
        if let Connection::Online { declaration, .. } = &connection
            && (self.declaration.is_none() || !declaration.is_away())
        {
            self.declaration = Some(declaration.clone());
        }
        self.connection = connection;
    }

    /// What did not change is as old as it was, over a lost connection too.
    pub fn nodes_are(&mut self, cluster: Cluster) {
        let before = self.cluster.take();
        self.cluster = Some(cluster.after(before.as_ref()));
    }

    /// Free on the sandbox, read-only on production, confirm elsewhere, unless chosen otherwise; production is never free.
    pub fn write_mode(&self, settings: &Settings) -> WriteMode {
        let usual = match &self.target {
            Target::Sandbox => WriteMode::Free,
            Target::Server(_) => WriteMode::Confirm,
            Target::File(_) => return WriteMode::ReadOnly,
        };
        match (settings.write_mode(&self.target), self.guarded(settings)) {
            (None, Some(_)) => WriteMode::ReadOnly,
            (Some(WriteMode::Free), Some(_)) => WriteMode::Confirm,
            (chosen, _) => chosen.unwrap_or(usual),
        }
    }

    /// Why writes are guarded as to production; `None` where they are not.
    pub fn guarded(&self, settings: &Settings) -> Option<Guarded> {
        let guarded = self.declaration.as_ref()?.guarded()?;
        let lifted = matches!(guarded, Guarded::Unreadable(_)) && settings.is_not_production(&self.target);
        (!lifted).then_some(guarded)
    }

    /// With what guard a write is sent; on production the dialog asked for the stream's name.
    pub fn permit(&self, settings: &Settings) -> Permit {
        match (self.guarded(settings), settings.is_not_production(&self.target)) {
            (Some(_), _) => Permit::Production,
            (None, true) => Permit::Undeclared,
            (None, false) => Permit::NotProduction,
        }
    }

    /// Why the database does not say whether it is production, where it does not.
    pub fn undeclared(&self) -> Option<&Undeclared> {
        match &self.declaration {
            Some(Declaration::Unreadable(why)) => Some(why),
            _ => None,
        }
    }

    /// Why the database no longer accepts the user, although the connection holds.
    pub fn refused(&self) -> Option<&Denial> {
        let Connection::Online { refused, .. } = &self.connection else { return None };
        refused.as_ref()
    }

    /// Why nothing at all can be written now.
    pub fn cannot_write(&self, settings: &Settings) -> Option<&'static str> {
        if matches!(self.target, Target::File(_)) {
            return Some(FILE_IS_READ_ONLY);
        }
        if self.write_mode(settings) == WriteMode::ReadOnly {
            return Some("This connection is read-only. Change it in the top bar to write.");
        }
        // Without a leader a write waits, and says so.
        let waits = matches!(self.connection, Connection::Waiting { why: StoreError::NoLeader, .. });
        if !waits && !matches!(self.connection, Connection::Online { .. }) {
            return Some("Not connected: nothing can be written. Wait, or retry now.");
        }
        None
    }
}
