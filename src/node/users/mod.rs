//! Who can log in: users with streams in the log, as `EventStoreDB` keeps them.

mod account;
mod changes;

pub use account::Account;
pub use changes::{NamedUser, Refused};

use super::{
    access::{ADMINS, Caller, Member},
    log::{
        Log,
        pages::{Ask, PAGE, StoredStream, View, view},
    },
};
use aws_lc_rs::digest;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

/// A user's stream, before the name.
const STREAM: &str = "$user-";
/// Logins that were checked and need no hashing again.
const REMEMBERED: usize = 1024;
/// Streams looked at while the index is held.
const LOOK: usize = 1 << 16;

/// Somebody who can log in from the start.
#[derive(Clone)]
pub struct User {
    pub name: String,
    pub password: String,
    /// Member of `$admins`.
    pub admin: bool,
}

impl std::fmt::Debug for User {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User").field("name", &self.name).field("admin", &self.admin).finish_non_exhaustive()
    }
}

pub fn stream_of(login_name: &str) -> String {
    format!("{STREAM}{login_name}")
}

/// SHA-256 of a whole login, `name:password`, so that no password stays in memory.
type Digest = [u8; 32];

fn digest_of(login: &[u8]) -> Option<Digest> {
    digest::digest(&digest::SHA256, login).as_ref().try_into().ok()
}

/// A state of a user's stream: every change of the user has another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version {
    generation: u64,
    last: i64,
}

/// A login that opened this version of its account.
struct Checked {
    member: Arc<Member>,
    version: Version,
}

/// Everybody who can log in; without access control everything is allowed and credentials are ignored.
///
/// Nothing is kept of a user but what was checked of one version, so a changed user is out with the event that says so.
pub struct Users {
    log: Arc<Log>,
    guarded: bool,
    checked: Mutex<HashMap<Digest, Checked>>,
    /// Users are changed one at a time.
    changing: tokio::sync::Mutex<()>,
}

/// Credentials that are wrong.
#[derive(Debug)]
pub struct Unauthenticated;

impl Users {
    pub fn new(log: Arc<Log>, guarded: bool) -> Users {
        Users { log, guarded, checked: Mutex::default(), changing: tokio::sync::Mutex::default() }
    }

    pub fn guarded(&self) -> bool {
        self.guarded
    }

    /// `None` where there is no such user, or no more.
    fn version(&self, name: &str) -> Option<Version> {
        let index = self.log.index();
        let View::Live { last, .. } = view(&index, &stream_of(name)) else { return None };
        // A reset changes the generation while it holds the index.
        Some(Version { generation: self.log.head().generation, last })
    }

    pub fn account(&self, name: &str) -> rusqlite::Result<Option<(Version, Account)>> {
        let Some(version) = self.version(name) else { return Ok(None) };
        let ask = Ask { from: version.last, backwards: true, limit: 1, resolve: false, hidden: false };
        let newest = self.page(name, ask)?.pop();
        Ok(newest.map(|account| (version, account)))
    }

    /// Every state that the user was ever in.
    fn records(&self, name: &str) -> rusqlite::Result<Vec<Account>> {
        let mut records = Vec::new();
        loop {
            let from = i64::try_from(records.len()).unwrap_or(i64::MAX);
            let page =
                self.page(name, Ask { from, backwards: false, limit: PAGE, resolve: false, hidden: true })?;
            if page.is_empty() {
                return Ok(records);
            }
            records.extend(page);
        }
    }

    fn page(&self, name: &str, ask: Ask) -> rusqlite::Result<Vec<Account>> {
        let items = StoredStream::new(stream_of(name)).page(&self.log, ask)?;
        let bodies = items.into_iter().filter_map(|item| Some(item.event?.body));
        Ok(bodies.filter_map(|body| Account::read(&body.data, body.created)).collect())
    }

    /// All users, by login name.
    pub fn accounts(&self) -> rusqlite::Result<Vec<Account>> {
        let (mut names, mut seen) = (Vec::new(), 0);
        loop {
            let index = self.log.index();
            let streams = index.streams.iter().skip(seen).take(LOOK);
            if streams.len() == 0 {
                break;
            }
            seen += streams.len();
            names.extend(streams.filter_map(|s| s.name.strip_prefix(STREAM)).map(str::to_owned));
        }
        names.sort_unstable();
        let accounts = names.iter().map(|name| Ok(self.account(name)?.map(|(_, account)| account)));
        accounts.filter_map(Result::transpose).collect()
    }

    pub fn caller(&self, headers: &HeaderMap) -> Result<Caller, Unauthenticated> {
        if !self.guarded() {
            return Ok(Caller::Trusted);
        }
        let Some(header) = headers.get(AUTHORIZATION) else { return Ok(Caller::Anonymous) };
        let text = header.to_str().map_err(|_| Unauthenticated)?;
        let ("Basic", code) = text.split_once(' ').unwrap_or((text, "")) else {
            return Ok(Caller::Anonymous);
        };
        let login = BASE64_STANDARD.decode(code.trim()).map_err(|_| Unauthenticated)?;
        if !login.is_empty() && !login.contains(&b':') {
            return Ok(Caller::Anonymous);
        }
        self.member(&login).map(Caller::Member).ok_or(Unauthenticated)
    }

    /// Whose `name:password` this is.
    fn member(&self, login: &[u8]) -> Option<Arc<Member>> {
        let digest = digest_of(login)?;
        if let Some(member) = self.remembered(&digest) {
            return Some(member);
        }
        let (version, account) = self.opened(login)?;
        self.remember(digest, version, account);
        // What changed the user meanwhile counts.
        self.remembered(&digest)
    }

    /// The account that the login opens.
    fn opened(&self, login: &[u8]) -> Option<(Version, Account)> {
        let colon = login.iter().position(|b| *b == b':')?;
        let (name, password) = (std::str::from_utf8(&login[..colon]).ok()?, &login[colon + 1..]);
        let account = self.account(name).unwrap_or_else(|error| {
            tracing::error!(%error, "a user could not be read");
            None
        });
        let Some((version, account)) = account else {
            Account::check_nobody(password);
            return None;
        };
        (account.opens_with(password) && !account.disabled).then_some((version, account))
    }

    fn remember(&self, login: Digest, version: Version, account: Account) {
        let mut checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
        if checked.len() >= REMEMBERED {
            checked.clear();
        }
        let member = Arc::new(Member { name: account.login_name, groups: account.groups });
        checked.insert(login, Checked { member, version });
    }

    /// The member whose login was checked against the account as it is now.
    fn remembered(&self, login: &Digest) -> Option<Arc<Member>> {
        let (member, version) = {
            let checked = self.checked.lock().unwrap_or_else(PoisonError::into_inner);
            let found = checked.get(login)?;
            (found.member.clone(), found.version)
        };
        (self.version(&member.name) == Some(version)).then_some(member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::log::{Running, database::Place, writer::Beginning};

    /// `admin`, who is one, and `bob`, a reader.
    async fn users() -> (Users, Running) {
        let running = Log::open(Place::memory(), &Beginning::default()).expect("a log in memory");
        let users = Users::new(running.log.clone(), true);
        for (name, password, group) in [("admin", "secret", ADMINS), ("bob", "p:w", "$readers")] {
            let groups = vec![group.to_owned()];
            let made = users.create(&running.commands, name.into(), password, String::new(), groups).await;
            made.expect("a new user");
        }
        (users, running)
    }

    fn run<T>(test: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().expect("a runtime").block_on(test)
    }

    fn call(users: &Users, text: &str) -> Option<Caller> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, text.parse().ok()?);
        users.caller(&headers).ok()
    }

    fn name(caller: Option<Caller>) -> Option<String> {
        let Some(Caller::Member(member)) = caller else { return None };
        Some(member.name.clone())
    }

    fn basic(login: &str) -> String {
        format!("Basic {}", BASE64_STANDARD.encode(login))
    }

    #[test]
    fn callers_are_told_apart() {
        run(async {
            let (users, _running) = users().await;
            assert_eq!(users.caller(&HeaderMap::new()).ok(), Some(Caller::Anonymous));
            assert_eq!(name(call(&users, &basic("admin:secret"))).as_deref(), Some("admin"));
            for _ in 0..2 {
                assert_eq!(name(call(&users, &basic("bob:p:w"))).as_deref(), Some("bob"));
            }
            for wrong in ["bob:wrong", "bob:p", "eve:secret", ""] {
                assert_eq!(call(&users, &basic(wrong)), None, "{wrong}");
            }
            assert_eq!(call(&users, "Basic !!!"), None, "no base64");
            let lower = basic("bob:p:w").replace("Basic", "basic");
            for nobody in ["", "Bearer abc", "Foo", &lower, &basic("bob")] {
                assert_eq!(call(&users, nobody), Some(Caller::Anonymous), "{nobody}");
            }
        });
    }

    #[test]
    fn who_was_removed_does_not_come_in_again() {
        run(async {
            let (users, running) = users().await;
            assert!(call(&users, &basic("bob:p:w")).is_some());
            users.delete(&running.commands, "bob").await.expect("there is a bob");
            assert_eq!(call(&users, &basic("bob:p:w")), None);
        });
    }

    /// A check of a password is slow: the user is changed before its result is remembered.
    #[test]
    fn who_is_changed_while_the_password_is_checked_stays_out() {
        run(async {
            let (users, running) = users().await;
            let digest = digest_of(b"bob:p:w").expect("a digest");
            let (version, account) = users.opened(b"bob:p:w").expect("the password is right");
            let renewed = |account: &mut Account| account.set_password("new").ok_or(Refused::NoRandom);
            users.change(&running.commands, "bob", renewed).await.expect("there is a bob");
            users.remember(digest, version, account);
            assert_eq!(users.member(b"bob:p:w"), None);
            let (version, account) = users.opened(b"bob:new").expect("the password is right");
            users.delete(&running.commands, "bob").await.expect("there is a bob");
            users.remember(digest_of(b"bob:new").expect("a digest"), version, account);
            assert_eq!(users.member(b"bob:new"), None);
        });
    }
}
