//! The list of connections, the one that was used last first.

use super::fault::ConnectionFault;
use super::known::{ConnectionColor, ConnectionKey, KnownConnection};
use crate::store::ConnectionString;
use serde::{Deserialize, Serialize};
use std::ops::Deref;

/// Connections without a name that are kept.
const MAX_UNNAMED: usize = 8;
/// Connections in all.
pub const MAX_CONNECTIONS: usize = 500;
/// Longest name, in characters.
const MAX_NAME: usize = 60;
/// Names that are offered for one that is not there.
const NEAR: usize = 5;

/// Each key stands in it once, each name once.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ConnectionList(Vec<KnownConnection>);

impl Deref for ConnectionList {
    type Target = [KnownConnection];

    fn deref(&self) -> &[KnownConnection] {
        &self.0
    }
}

impl<'a> IntoIterator for &'a ConnectionList {
    type Item = &'a KnownConnection;
    type IntoIter = std::slice::Iter<'a, KnownConnection>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// A name as it is stored.
pub fn checked_name(text: &str) -> Result<String, ConnectionFault> {
    let name = text.trim();
    if name.is_empty() {
        return Err(ConnectionFault::NoName);
    }
    if name.chars().count() > MAX_NAME {
        return Err(ConnectionFault::LongName(MAX_NAME));
    }
    let hidden = crate::record::json::safe(name) != name;
    if hidden || name.starts_with('-') || ConnectionString::may_be(name) {
        return Err(ConnectionFault::UnusableName);
    }
    Ok(name.to_owned())
}

/// Case tells no names apart.
fn is_same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

impl ConnectionList {
    pub fn find(&self, key: &ConnectionKey) -> Option<&KnownConnection> {
        self.0.iter().find(|known| known.key() == *key)
    }

    fn find_mut(&mut self, key: &ConnectionKey) -> Option<&mut KnownConnection> {
        self.0.iter_mut().find(|known| known.key() == *key)
    }

    /// Those with a name, in the list's order.
    pub fn named(&self) -> impl Iterator<Item = (&str, &KnownConnection)> {
        self.0.iter().filter_map(|known| Some((known.name.as_deref()?, known)))
    }

    /// The one of this name, or names that are like it.
    pub fn by_name(&self, name: &str) -> Result<&KnownConnection, ConnectionFault> {
        let name = name.trim();
        let found = self.named().find(|(known, _)| is_same_name(known, name));
        found.map(|(_, known)| known).ok_or_else(|| ConnectionFault::Unknown { near: self.near(name) })
    }

    fn near(&self, name: &str) -> Vec<String> {
        let low = name.to_lowercase();
        let is_near = |known: &str| {
            let known = known.to_lowercase();
            known.contains(&low) || strsim::normalized_damerau_levenshtein(&known, &low) >= 0.5
        };
        let all = || self.named().map(|(name, _)| name.to_owned());
        let near: Vec<_> = all().filter(|known| is_near(known)).take(NEAR).collect();
        if near.is_empty() { all().take(NEAR).collect() } else { near }
    }

    /// The connection of the key goes to the front of the list; one that an earlier version kept gets its user.
    pub fn remember(&mut self, key: ConnectionKey) -> &mut KnownConnection {
        let exact = self.0.iter().position(|known| known.key() == key);
        let of_earlier_version = |known: &KnownConnection| {
            known.url == key.url && known.user.is_none() && known.last_used.is_none() && known.name.is_none()
        };
        let at = exact.or_else(|| self.0.iter().position(of_earlier_version));
        let known = at.map(|at| KnownConnection { user: key.user.clone(), ..self.0.remove(at) });
        self.0.insert(0, known.unwrap_or_else(|| KnownConnection::new(key)));
        let mut unnamed = 0;
        self.0.retain(|known| {
            unnamed += usize::from(known.name.is_none());
            known.name.is_some() || unnamed <= MAX_UNNAMED
        });
        &mut self.0[0]
    }

    /// Gives a name to a server that is known or not.
    pub fn save(
        &mut self,
        string: &ConnectionString,
        name: &str,
    ) -> Result<&mut KnownConnection, ConnectionFault> {
        string.check().map_err(ConnectionFault::Unusable)?;
        let key = ConnectionKey::from(string);
        let name = self.free_name(name, &key)?;
        let at = self.0.iter().position(|known| known.key() == key);
        if at.is_none() {
            if self.0.len() >= MAX_CONNECTIONS {
                return Err(ConnectionFault::TooMany(MAX_CONNECTIONS));
            }
            self.0.push(KnownConnection::new(key));
        }
        let at = at.unwrap_or(self.0.len() - 1);
        self.0[at].name = Some(name);
        Ok(&mut self.0[at])
    }

    /// A name that no other connection has.
    pub fn free_name(&self, name: &str, key: &ConnectionKey) -> Result<String, ConnectionFault> {
        let name = checked_name(name)?;
        let taken =
            self.named().any(|(known, connection)| is_same_name(known, &name) && connection.key() != *key);
        if taken { Err(ConnectionFault::NameTaken(name)) } else { Ok(name) }
    }

    /// An empty text takes the name away.
    pub fn rename(&mut self, key: &ConnectionKey, name: &str) -> Result<(), ConnectionFault> {
        let name = if name.trim().is_empty() { None } else { Some(self.free_name(name, key)?) };
        if let Some(known) = self.find_mut(key) {
            known.name = name;
        }
        Ok(())
    }

    pub fn recolor(&mut self, key: &ConnectionKey, color: Option<ConnectionColor>) {
        if let Some(known) = self.find_mut(key) {
            known.color = color;
        }
    }

    pub fn forget(&mut self, key: &ConnectionKey) {
        self.0.retain(|known| known.key() != *key);
    }

    /// Takes out what an earlier version may have kept of a password.
    pub fn clear_secrets(&mut self) {
        for known in &mut self.0 {
            known.url = ConnectionString::from(&known.url).to_string();
        }
    }
}
