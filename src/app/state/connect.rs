//! Connecting, and how freely the database may be written to.

use super::app::App;
use crate::app::categories::ALL_STREAMS;
use crate::app::connections::WriteMode;
use crate::app::intent::{ConnectionIntent, Effect};
use crate::record::StreamName;
use crate::store::{Denial, Guarded, Target, Undeclared};

impl App {
    pub(super) fn connection_intent(&mut self, intent: ConnectionIntent) -> Vec<Effect> {
        match intent {
            ConnectionIntent::Connect(target) => self.reach(target),
            ConnectionIntent::RetryNow => {
                self.connection.retries += 1;
                Vec::new()
            }
            ConnectionIntent::ResetSandbox => self.reset(),
            ConnectionIntent::WriteMode(mode) => {
                self.settings.set_write_mode(&self.connection.target, mode);
                self.dock.outcome = None;
                vec![Effect::Save]
            }
            ConnectionIntent::NotProduction(said) => {
                self.settings.set_not_production(&self.connection.target, said);
                self.dock.outcome = None;
                vec![Effect::Save]
            }
            ConnectionIntent::ConnectTo(key) => match self.settings.recent.find(&key) {
                Some(known) => self.reach(Target::Server(known.string())),
                None => Vec::new(),
            },
            ConnectionIntent::SaveAs(string, name) => {
                let saved = self.settings.recent.save(&string, &name).map(drop);
                self.changed_connections(saved)
            }
            ConnectionIntent::Rename(key, name) => {
                let renamed = self.settings.recent.rename(&key, &name);
                self.changed_connections(renamed)
            }
            ConnectionIntent::Recolor(key, color) => {
                self.settings.recent.recolor(&key, color);
                vec![Effect::Save]
            }
            ConnectionIntent::Forget(key) => {
                self.settings.recent.forget(&key);
                let entry = self.logins.forget(&key.string()).map(Effect::ForgetPassword);
                entry.into_iter().chain([Effect::Save]).collect()
            }
            ConnectionIntent::AskPassword => self.ask_again(),
            ConnectionIntent::LogIn { password, keep } => self.log_in(&password, keep),
            ConnectionIntent::Export => self.export_connections(),
            ConnectionIntent::Import => vec![Effect::ImportConnections],
        }
    }

    pub(super) fn connect(&mut self, target: Target) -> Vec<Effect> {
        let mut effects = self.abandon_lesson();
        if let Target::Server(url) = &target {
            self.logins.used(url);
            self.settings.used(url, jiff::Timestamp::now().as_second());
        }
        if target != self.connection.target {
            self.dock.leave_database();
        }
        if let Some(category) = self.settings.category(&target).map(str::to_owned) {
            self.streams.list_category(&category, &self.registry);
        }
        let in_file = match &target {
            Target::File(file) => Some(file.head().stream.clone()),
            Target::Sandbox | Target::Server(_) => None,
        };
        if let Some(stream) = &in_file {
            self.streams.list_category(stream.category().unwrap_or(ALL_STREAMS), &self.registry);
        }
        let place = place(&target);
        self.leave_past();
        self.connection.ask(target);
        self.streams.connection_ended();
        self.streams.categories.begin_again();
        self.history.open(None);
        self.view.connection_ended();
        self.database.forget();
        self.related = crate::app::related::Related::default();
        let again = self.settings.last_place.as_ref() == Some(&place);
        self.settings.last_place = Some(place);
        let last = self.settings.last_stream.take().filter(|_| again);
        // Where one left off.
        let last = in_file.or_else(|| last.map(|stream| StreamName::new(&stream)));
        effects.extend(last.map(|stream| self.select(stream)).unwrap_or_default());
        effects.push(Effect::Save);
        effects
    }

    /// The same database once more, for another list; what is looked at stays.
    pub(super) fn connect_again(&mut self) {
        self.connection.ask(self.connection.target.clone());
        self.streams.connection_ended();
        self.ask_past_again();
        let ticket = self.ticket();
        // What is no longer there cannot be read again.
        if let Some(opened) = self.history.opened.as_mut().filter(|opened| !opened.is_former) {
            opened.renew(ticket, self.registry.for_stream(&opened.stream).clone());
        }
    }

    fn reset(&mut self) -> Vec<Effect> {
        self.view.close();
        let mut effects = self.close();
        effects.push(Effect::ResetSandbox);
        effects
    }

    /// How freely this window may write to this database.
    pub fn write_mode(&self) -> WriteMode {
        self.connection.write_mode(&self.settings)
    }

    /// Why writes to this database are guarded as to production; `None` where they are not.
    pub fn guarded(&self) -> Option<Guarded> {
        self.connection.guarded(&self.settings)
    }

    /// Why the database does not say whether it is production, where it does not.
    pub fn undeclared(&self) -> Option<&Undeclared> {
        self.connection.undeclared()
    }

    /// Whether a person said so of this connection.
    pub fn said_not_production(&self) -> bool {
        self.settings.is_not_production(&self.connection.target)
    }

    /// Why the database no longer accepts the user, although the connection holds.
    pub fn refused(&self) -> Option<&Denial> {
        self.connection.refused()
    }
}

/// How the settings name a database.
fn place(target: &Target) -> String {
    match target {
        Target::Sandbox => "the sandbox".to_owned(),
        Target::Server(url) => url.to_string(),
        Target::File(file) => file.path().display().to_string(),
    }
}
