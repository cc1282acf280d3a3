//! The passwords of this session, and the one that is asked for.

use super::connections::ConnectionKey;
use super::one_shot::OneShot;
use super::password::Password;
use crate::store::ConnectionString;
use std::collections::HashMap;

#[derive(Debug, Default)]
pub(super) struct Logins {
    /// By the keyring's name of the entry; those that a server accepted, or has not yet refused.
    known: HashMap<String, Password>,
    /// Whether the keyring keeps one for the login that is asked for.
    pub lookup: OneShot<Option<Password>>,
    /// Goes to the keyring once the server has accepted it.
    to_keep: Option<(String, Password)>,
    /// Entries that are in the keyring, as far as is known.
    kept: Vec<String>,
    /// The connection whose refusal was answered with a question, by its count.
    pub asked_for: Option<u64>,
}

/// The keyring's name for a login; `None` where no user is named or no host can be told.
pub fn keyring_entry(string: &ConnectionString) -> Option<String> {
    let (user, hosts) = (string.user()?, string.hosts());
    (!hosts.is_empty()).then(|| format!("{user}@{hosts}"))
}

/// The user stands there, the password does not.
pub(super) fn without_password(string: &ConnectionString) -> ConnectionString {
    ConnectionKey::from(string).string()
}

impl Logins {
    /// With the password that is known for its user, where it names none.
    pub fn complete(&self, string: &ConnectionString) -> Option<ConnectionString> {
        let password = self.known.get(&keyring_entry(string)?)?;
        Some(string.with_password(password.text()))
    }

    /// The password was typed; with `keep` it goes to the keyring once it is accepted.
    pub fn typed(&mut self, string: &ConnectionString, password: &Password, keep: bool) {
        let Some(entry) = keyring_entry(string) else { return };
        self.to_keep = keep.then(|| (entry.clone(), password.clone()));
        self.known.insert(entry, password.clone());
    }

    /// It stands in the connection string that is used.
    pub fn used(&mut self, string: &ConnectionString) {
        if let (Some(entry), Some(password)) = (keyring_entry(string), string.password()) {
            self.known.insert(entry, password.into());
        }
    }

    /// The keyring had it.
    pub fn found(&mut self, string: &ConnectionString, password: &Password) {
        let Some(entry) = keyring_entry(string) else { return };
        if !self.kept.contains(&entry) {
            self.kept.push(entry.clone());
        }
        self.known.insert(entry, password.clone());
    }

    /// What is to be kept, once the server accepted the login.
    pub fn accepted(&mut self, string: &ConnectionString) -> Option<(String, Password)> {
        let entry = keyring_entry(string)?;
        let (entry, password) = self.to_keep.take_if(|(to_keep, _)| *to_keep == entry)?;
        self.kept.push(entry.clone());
        Some((entry, password))
    }

    /// The server no longer accepts it.
    pub fn refused(&mut self, string: &ConnectionString) {
        if let Some(entry) = keyring_entry(string) {
            self.known.remove(&entry);
            self.to_keep.take_if(|(to_keep, _)| *to_keep == entry);
        }
    }

    /// The entry that the keyring is to forget, too.
    pub fn forget(&mut self, string: &ConnectionString) -> Option<String> {
        self.refused(string);
        let entry = keyring_entry(string)?;
        self.kept.retain(|kept| *kept != entry);
        Some(entry)
    }

    pub fn is_kept(&self, string: &ConnectionString) -> bool {
        keyring_entry(string).is_some_and(|entry| self.kept.contains(&entry))
    }
}
