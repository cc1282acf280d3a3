//! A user as its stream keeps it.

use crate::node::log::{
    proposed::{Content, Proposed},
    ticks,
};
use aws_lc_rs::{pbkdf2, rand};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use bytes::Bytes;
use serde::{Deserialize, Serialize};
use std::num::NonZeroU32;

/// As the real server hashes.
const ROUNDS: NonZeroU32 = NonZeroU32::new(1000).expect("it is not zero");
const HASHING: pbkdf2::Algorithm = pbkdf2::PBKDF2_HMAC_SHA1;
/// A user's stream, before the name.
pub const STREAM: &str = "$user-";
/// The stream that names every user ever made.
const LISTED: &str = "$users";
/// Only admins change a user's stream.
const ACL: &str = r#"{"$acl":{"$w":"$admins","$d":"$admins","$mw":"$admins"}}"#;

pub fn stream_of(login_name: &str) -> String {
    format!("{STREAM}{login_name}")
}

/// The newest event of a user's stream; names and order of the fields are a stored format.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    pub login_name: String,
    #[serde(default)]
    pub full_name: String,
    #[serde(default)]
    pub groups: Vec<String>,
    hash: String,
    salt: String,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub disabled: bool,
    /// When the event was written, in ticks of 100 ns since 1970.
    #[serde(skip)]
    pub updated: i64,
}

impl Account {
    /// The password is kept as a salted hash only; `None` where the system gives no random numbers.
    pub fn new(
        login_name: String,
        password: &str,
        full_name: String,
        groups: Vec<String>,
    ) -> Option<Account> {
        let (hash, salt) = Default::default();
        let mut account =
            Account { login_name, full_name, groups, hash, salt, disabled: false, updated: ticks() };
        account.set_password(password)?;
        Some(account)
    }

    /// `None` where the system gives no random numbers.
    pub fn set_password(&mut self, password: &str) -> Option<()> {
        let (mut salt, mut hash) = ([0; 16], [0; 20]);
        rand::fill(&mut salt).ok()?;
        pbkdf2::derive(HASHING, ROUNDS, &salt, password.as_bytes(), &mut hash);
        (self.salt, self.hash) = (BASE64_STANDARD.encode(salt), BASE64_STANDARD.encode(hash));
        Some(())
    }

    /// Whether this is the password, be the account disabled or not.
    pub fn opens_with(&self, password: &[u8]) -> bool {
        let (salt, hash) = (BASE64_STANDARD.decode(&self.salt), BASE64_STANDARD.decode(&self.hash));
        let (Ok(salt), Ok(hash)) = (salt, hash) else { return false };
        pbkdf2::verify(HASHING, ROUNDS, &salt, password, &hash).is_ok()
    }

    /// Takes as long as a check of a password, so that time does not tell which names exist.
    pub fn check_nobody(password: &[u8]) {
        pbkdf2::derive(HASHING, ROUNDS, &[0; 16], password, &mut [0; 20]);
    }

    pub fn read(data: &[u8], updated: i64) -> Option<Account> {
        let account: Account = serde_json::from_slice(data).ok()?;
        Some(Account { updated, ..account })
    }

    fn event(&self, kind: &str) -> Proposed {
        // A struct of texts always has a JSON form.
        json(kind, serde_json::to_string_pretty(self).unwrap_or_default())
    }

    /// What making the user writes, stream by stream.
    pub fn created(&self) -> [(String, Proposed); 3] {
        let stream = stream_of(&self.login_name);
        let listed = Proposed { content: Content::Binary, ..json("$User", self.login_name.clone()) };
        [
            (format!("$${stream}"), json("$metadata", ACL.into())),
            (stream, self.event("$UserCreated")),
            (LISTED.into(), listed),
        ]
    }

    /// What every later change writes.
    pub fn changed(&self) -> (String, Proposed) {
        (stream_of(&self.login_name), self.event("$UserUpdated"))
    }
}

pub fn json(kind: &str, data: String) -> Proposed {
    let id = uuid::Uuid::new_v4().into_bytes();
    Proposed { id, kind: kind.into(), content: Content::Json, data: data.into(), meta: Bytes::new() }
}
