//! Everybody who can log in, and whose login it is that a request carries.

use super::{
    account::Account,
    accounts::{Accounts, Version},
    logins::{Digest, Logins, digest_of},
};
use crate::node::{
    access::{Caller, Member},
    log::Log,
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};
use std::sync::Arc;

/// Everybody who can log in; without access control everything is allowed and credentials are ignored.
///
/// Nothing is kept of a user but what was checked of one version, so a changed user is out with the event that says so.
pub struct Users {
    pub(super) accounts: Accounts,
    guarded: bool,
    checked: Logins,
    /// Users are changed one at a time.
    pub(super) changing: tokio::sync::Mutex<()>,
}

/// Credentials that are wrong.
#[derive(Debug)]
pub struct Unauthenticated;

impl Users {
    pub fn new(log: Arc<Log>, guarded: bool) -> Users {
        let accounts = Accounts { log };
        Users { accounts, guarded, checked: Logins::default(), changing: tokio::sync::Mutex::default() }
    }

    pub fn guarded(&self) -> bool {
        self.guarded
    }

    /// `None` where there is no such user, or no more.
    pub fn account(&self, name: &str) -> rusqlite::Result<Option<Account>> {
        Ok(self.accounts.find(name)?.map(|(_, account)| account))
    }

    /// All users, by login name.
    pub fn accounts(&self) -> rusqlite::Result<Vec<Account>> {
        self.accounts.all()
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
        let account = self.accounts.find(name).unwrap_or_else(|error| {
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
        let member = Member { name: account.login_name, groups: account.groups };
        self.checked.put(login, member, version);
    }

    /// The member whose login was checked against the account as it is now.
    fn remembered(&self, login: &Digest) -> Option<Arc<Member>> {
        let (member, version) = self.checked.find(login)?;
        (self.accounts.version(&member.name) == Some(version)).then_some(member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::{
        access::ADMINS,
        log::{Running, beginning::Beginning, database::Place},
        users::Refused,
    };

    /// `admin`, who is one, and `bob`, a reader.
    async fn users() -> (Users, Running) {
        let running = Running::start(Place::memory(), &Beginning::default()).expect("a log in memory");
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
