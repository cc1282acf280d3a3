//! Logins that were checked: they need no hashing again while the account is the same.

use super::accounts::Version;
use crate::node::access::Member;
use aws_lc_rs::digest;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// How many are remembered.
const REMEMBERED: usize = 1024;

/// SHA-256 of a whole login, `name:password`, so that no password stays in memory.
pub type Digest = [u8; 32];

pub fn digest_of(login: &[u8]) -> Option<Digest> {
    digest::digest(&digest::SHA256, login).as_ref().try_into().ok()
}

/// A login that opened this version of its account.
struct Checked {
    member: Arc<Member>,
    version: Version,
}

#[derive(Default)]
pub struct Logins(Mutex<HashMap<Digest, Checked>>);

impl Logins {
    pub fn put(&self, login: Digest, member: Member, version: Version) {
        let mut checked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if checked.len() >= REMEMBERED {
            checked.clear();
        }
        checked.insert(login, Checked { member: Arc::new(member), version });
    }

    pub fn find(&self, login: &Digest) -> Option<(Arc<Member>, Version)> {
        let checked = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        checked.get(login).map(|found| (found.member.clone(), found.version))
    }
}
