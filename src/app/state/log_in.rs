//! Logging in: a password that is known, found in the keyring, or asked for.

use super::app::App;
use crate::app::failure::{Failure, KeyringFault};
use crate::app::intent::{Dialog, Effect};
use crate::app::logins::{keyring_entry, without_password};
use crate::app::one_shot::{Fetch, OneShot};
use crate::app::password::Password;
use crate::store::{Connection, ConnectionString, Denial, StoreError, Target};

impl App {
    /// Connects, or asks for the password of the user who has none.
    pub(super) fn reach(&mut self, target: Target) -> Vec<Effect> {
        let Target::Server(string) = &target else { return self.connect(target) };
        if string.asks_password_of().is_none() {
            return self.connect(target);
        }
        match self.logins.complete(string) {
            Some(complete) => self.connect(Target::Server(complete)),
            None => self.ask_password(string.clone()),
        }
    }

    /// Asks the person, and the keyring meanwhile.
    fn ask_password(&mut self, string: ConnectionString) -> Vec<Effect> {
        let Some(entry) = keyring_entry(&string) else { return self.connect(Target::Server(string)) };
        let mut effects = self.view.open(Dialog::LogIn { string, refused: None });
        effects.push(Effect::ReadPassword(self.logins.lookup.ask(), entry));
        effects
    }

    /// The login of this connection, again.
    pub(super) fn ask_again(&mut self) -> Vec<Effect> {
        match &self.connection.target {
            Target::Server(string) if string.user().is_some() => {
                let (string, refused) = (without_password(string), self.denied_login().cloned());
                self.logins.lookup.forget();
                self.view.open(Dialog::LogIn { string, refused })
            }
            Target::Server(_) | Target::Sandbox | Target::File(_) => {
                self.view.say("This connection names no user. Connect with one, like esdb://ops@host:2113.");
                Vec::new()
            }
        }
    }

    /// The person typed it.
    pub(super) fn log_in(&mut self, password: &Password, keep: bool) -> Vec<Effect> {
        let Some(Dialog::LogIn { string, .. }) = self.view.dialog.take() else { return Vec::new() };
        self.logins.lookup.forget();
        self.logins.typed(&string, password, keep);
        self.connect(Target::Server(string.with_password(password.text())))
    }

    /// The keyring's answer counts while the dialog still asks.
    pub(super) fn looked_up(&mut self, number: u64, found: Result<Option<Password>, Failure>) -> Vec<Effect> {
        self.logins.lookup.answer(number, found);
        let Some(Dialog::LogIn { string, refused: None }) = &self.view.dialog else { return Vec::new() };
        let Fetch::Ready(Some(password)) = self.logins.lookup.state() else { return Vec::new() };
        let (string, password) = (string.clone(), password.clone());
        self.logins.lookup.forget();
        self.logins.found(&string, &password);
        self.connect(Target::Server(string.with_password(password.text())))
    }

    /// Where the keyring did not take it, it is in memory.
    pub(super) fn password_kept(&mut self, kept: Result<(), Failure>) {
        match kept {
            Ok(()) => self.view.say("The password is in the keyring of this system."),
            Err(why) => self.view.fail(why),
        }
    }

    /// One that was never there needs no keyring to be forgotten.
    pub(super) fn password_forgotten(&mut self, forgotten: Result<(), Failure>) {
        if let Err(why) = forgotten
            && !matches!(why, Failure::Keyring(KeyringFault::Absent(_)))
        {
            self.view.fail(why);
        }
    }

    /// After each word of the connection: a login that is accepted is kept where that was asked, another one is asked for.
    pub(super) fn login_told(&mut self) -> Vec<Effect> {
        let Target::Server(string) = &self.connection.target else { return Vec::new() };
        if self.denied_login().is_none() {
            let online = matches!(self.connection.connection, Connection::Online { refused: None, .. });
            let kept = if online { self.logins.accepted(string) } else { None };
            return kept.map(|(entry, password)| Effect::KeepPassword(entry, password)).into_iter().collect();
        }
        self.logins.refused(string);
        // Once a connection, and over no other dialog.
        let asked = self.logins.asked_for.replace(self.connection.asked) == Some(self.connection.asked);
        if asked || self.view.dialog.is_some() { Vec::new() } else { self.ask_again() }
    }

    /// Why the server does not accept user and password, where it does not.
    fn denied_login(&self) -> Option<&Denial> {
        let denial = match &self.connection.connection {
            Connection::Waiting { why: StoreError::AccessDenied(denial), .. } => Some(denial),
            _ => self.connection.refused(),
        };
        denial.filter(|denial| matches!(denial, Denial::Login(_)))
    }

    /// What the keyring says of the password that is asked for.
    pub fn keyring(&self) -> &OneShot<Option<Password>> {
        &self.logins.lookup
    }

    /// Whether the keyring keeps a password for this login, as far as is known.
    pub fn is_in_keyring(&self, string: &ConnectionString) -> bool {
        self.logins.is_kept(string)
    }

    /// Whether a connection was asked for: not before its password is there.
    pub fn is_asked(&self) -> bool {
        self.connection.asked > 0
    }
}
