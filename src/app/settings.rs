//! What is remembered between runs; never a password. The field names are a stored format.

use super::connections::{ConnectionKey, ConnectionList, KnownConnection, WriteMode};
use super::event_columns::EventColumns;
use super::panel_sizes::PanelSizes;
use super::recent_values::RecentValues;
use crate::decision::Origin;
use crate::store::{ConnectionString, Target};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Theme {
    #[default]
    System,
    Dark,
    Light,
}

impl Theme {
    /// The one after this, of all three, where the system is dark or light: from the system's to the other one, so that the
    /// first change is seen.
    #[must_use]
    pub fn next(self, system_is_dark: bool) -> Self {
        match (self, system_is_dark) {
            (Self::System, true) | (Self::Dark, false) => Self::Light,
            (Self::System, false) | (Self::Light, true) => Self::Dark,
            (Self::Dark, true) | (Self::Light, false) => Self::System,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    pub theme: Theme,
    /// Those that have a name, too.
    pub recent: ConnectionList,
    pub sandbox_mode: Option<WriteMode>,
    pub sandbox_not_production: bool,
    pub sandbox_category: Option<String>,
    /// What the window says of the sandbox was dismissed.
    pub sandbox_introduced: bool,
    /// The stream that was open, and the database it was open on.
    pub last_stream: Option<String>,
    pub last_place: Option<String>,
    /// Who writes and where; the login, or else the session's user, and its machine without.
    pub who: Option<String>,
    pub place: Option<String>,
    /// What was sent in the fields of commands.
    pub recent_values: RecentValues,
    /// No transitions and no blinking.
    pub reduced_motion: bool,
    /// Definition files beside those of the folders.
    pub definition_files: Vec<PathBuf>,
    /// Of the event table.
    pub event_columns: EventColumns,
    pub panel_sizes: PanelSizes,
}

impl Settings {
    /// The connection goes to the front of the list, without its credentials.
    fn remember(&mut self, url: &ConnectionString) -> &mut KnownConnection {
        self.recent.remember(url.into())
    }

    /// Whether no window was opened before.
    pub fn is_first_start(&self) -> bool {
        self.last_place.is_none()
    }

    /// A connection is used, at so many seconds since 1970.
    pub fn used(&mut self, url: &ConnectionString, now: i64) {
        self.remember(url).last_used = Some(now);
    }

    /// What is remembered of a server.
    pub(super) fn known(&self, target: &Target) -> Option<&KnownConnection> {
        let Target::Server(url) = target else { return None };
        self.recent.find(&ConnectionKey::from(url))
    }

    /// The category that was last listed of a database.
    pub(super) fn category(&self, target: &Target) -> Option<&str> {
        match target {
            Target::Sandbox => self.sandbox_category.as_deref(),
            Target::Server(_) => self.known(target)?.category.as_deref(),
            Target::File(_) => None,
        }
    }

    pub(super) fn set_category(&mut self, target: &Target, category: &str) {
        let category = Some(category.to_owned());
        match target {
            Target::Sandbox => self.sandbox_category = category,
            Target::Server(url) => self.remember(url).category = category,
            Target::File(_) => {}
        }
    }

    /// How freely a person chose to write to a database.
    pub(super) fn write_mode(&self, target: &Target) -> Option<WriteMode> {
        match target {
            Target::Sandbox => self.sandbox_mode,
            Target::Server(_) => self.known(target)?.write_mode,
            Target::File(_) => None,
        }
    }

    pub(super) fn set_write_mode(&mut self, target: &Target, mode: WriteMode) {
        match target {
            Target::Sandbox => self.sandbox_mode = Some(mode),
            Target::Server(url) => self.remember(url).write_mode = Some(mode),
            Target::File(_) => {}
        }
    }

    /// Whether a person said that a database is no production.
    pub(super) fn is_not_production(&self, target: &Target) -> bool {
        match target {
            Target::Sandbox => self.sandbox_not_production,
            Target::Server(_) => self.known(target).is_some_and(|recent| recent.not_production),
            Target::File(_) => false,
        }
    }

    pub(super) fn set_not_production(&mut self, target: &Target, said: bool) {
        match target {
            Target::Sandbox => self.sandbox_not_production = said,
            Target::Server(url) => self.remember(url).not_production = said,
            Target::File(_) => {}
        }
    }

    /// Who writes to a database and where: as a person set it, else the login there, else the session.
    pub fn origin(&self, target: &Target, session: &Origin) -> Origin {
        let chosen = |setting: &Option<String>| setting.clone().filter(|text| !text.is_empty());
        let login = match target {
            Target::Server(url) => url.user(),
            Target::Sandbox | Target::File(_) => None,
        };
        Origin {
            who: chosen(&self.who).or(login).unwrap_or_else(|| session.who.clone()),
            place: chosen(&self.place).unwrap_or_else(|| session.place.clone()),
        }
    }

    /// Takes out what an earlier version may have kept of a password.
    #[must_use]
    pub fn without_secrets(mut self) -> Self {
        let clean = |url: &str| ConnectionString::from(url).to_string();
        self.recent.clear_secrets();
        let is_url = |place: &String| ConnectionString::may_be(place);
        self.last_place = self.last_place.map(|place| if is_url(&place) { clean(&place) } else { place });
        self
    }
}
