//! Who can log in: users given at the start, and users made over gRPC, which are kept in streams as `EventStoreDB` does.

use super::{
    access::{ADMINS, Caller, Member},
    log::{
        Log,
        batch::Proposed,
        pages::{Ask, Lines, View},
        ticks,
    },
};
use aws_lc_rs::{constant_time::verify_slices_are_equal, digest, pbkdf2, rand};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// A user's stream, before the name.
const STREAM: &str = "$user-";
/// Logins that were checked and need no hashing again.
const REMEMBERED: usize = 1024;
/// As the real server hashes.
const ROUNDS: NonZeroU32 = NonZeroU32::new(1000).expect("it is not zero");
const HASHING: pbkdf2::Algorithm = pbkdf2::PBKDF2_HMAC_SHA1;

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

/// A user as the event `$UserCreated` has it; the names are a stored format.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    login_name: String,
    #[serde(default)]
    full_name: String,
    salt: String,
    hash: String,
    #[serde(default)]
    disabled: bool,
    #[serde(default)]
    groups: Vec<String>,
    /// When the event was written, in ticks of 100 ns since 1970.
    #[serde(skip)]
    updated: i64,
}

/// What others may know of a user.
pub struct Details {
    pub full_name: String,
    /// Ticks of 100 ns since 1970.
    pub updated: i64,
}

impl Account {
    /// The password is kept as a salted hash only.
    pub fn new(
        login_name: String,
        password: &str,
        full_name: String,
        groups: Vec<String>,
    ) -> Option<Account> {
        let (mut salt, mut hash) = ([0; 16], [0; 20]);
        rand::fill(&mut salt).ok()?;
        pbkdf2::derive(HASHING, ROUNDS, &salt, password.as_bytes(), &mut hash);
        let (salt, hash) = (BASE64_STANDARD.encode(salt), BASE64_STANDARD.encode(hash));
        Some(Account { login_name, full_name, salt, hash, disabled: false, groups, updated: ticks() })
    }

    fn opens_with(&self, password: &[u8]) -> bool {
        let (salt, hash) = (BASE64_STANDARD.decode(&self.salt), BASE64_STANDARD.decode(&self.hash));
        let (Ok(salt), Ok(hash)) = (salt, hash) else { return false };
        !self.disabled && pbkdf2::verify(HASHING, ROUNDS, &salt, password, &hash).is_ok()
    }

    pub fn stream(&self) -> String {
        stream_of(&self.login_name)
    }

    pub fn event(&self) -> Option<Proposed> {
        let data = serde_json::to_vec(self).ok()?.into();
        let id = uuid::Uuid::new_v4().into_bytes();
        Some(Proposed { id, kind: "$UserCreated".into(), json: true, data, meta: bytes::Bytes::new() })
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

/// Somebody given at the start.
struct Given {
    login: Digest,
    member: Arc<Member>,
}

impl Given {
    fn new(user: &User) -> Option<Given> {
        let groups = user.admin.then(|| ADMINS.to_owned()).into_iter().collect();
        let member = Arc::new(Member { name: user.name.clone(), groups });
        Some(Given { login: digest_of(format!("{}:{}", user.name, user.password).as_bytes())?, member })
    }
}

/// Accounts and the logins that were checked against them; under one lock, so that no check outlives its account.
#[derive(Default)]
struct Kept {
    accounts: HashMap<String, Arc<Account>>,
    checked: HashMap<Digest, Arc<Member>>,
}

impl Kept {
    /// The member that this account is, unless the account was changed or removed while its password was checked.
    fn remember(&mut self, login: Digest, account: &Arc<Account>) -> Option<Arc<Member>> {
        let current = self.accounts.get(&account.login_name)?;
        if !Arc::ptr_eq(current, account) {
            return None;
        }
        if self.checked.len() >= REMEMBERED {
            self.checked.clear();
        }
        let member = Member { name: account.login_name.clone(), groups: account.groups.clone() };
        Some(self.checked.entry(login).or_insert(Arc::new(member)).clone())
    }
}

/// Everybody who can log in; with nobody given at the start, everything is allowed and credentials are ignored.
pub struct Users {
    started: i64,
    given: Vec<Given>,
    kept: Mutex<Kept>,
}

/// Credentials that are wrong or of an unknown kind.
#[derive(Debug)]
pub struct Unauthenticated;

impl Users {
    /// Those given, and those whose streams are in the log.
    pub fn new(given: &[User], log: &Log) -> rusqlite::Result<Users> {
        let given = given.iter().filter_map(Given::new).collect();
        let streams: Vec<_> = {
            let index = log.index();
            index.streams.iter().map(|s| &s.name).filter(|n| n.starts_with(STREAM)).cloned().collect()
        };
        let mut kept = Kept::default();
        for stream in streams {
            let account = newest(log, &stream)?.map(Arc::new);
            kept.accounts.extend(account.map(|account| (account.login_name.clone(), account)));
        }
        Ok(Users { started: ticks(), given, kept: Mutex::new(kept) })
    }

    pub fn guarded(&self) -> bool {
        !self.given.is_empty()
    }

    /// Whether the name was given at the start.
    pub fn fixed(&self, name: &str) -> bool {
        self.given.iter().any(|given| given.member.name == name)
    }

    /// A user given at the start has no full name and is as old as the node.
    pub fn details(&self, name: &str) -> Option<Details> {
        if self.fixed(name) {
            return Some(Details { full_name: String::new(), updated: self.started });
        }
        self.kept().accounts.get(name).map(|a| Details { full_name: a.full_name.clone(), updated: a.updated })
    }

    pub fn knows(&self, name: &str) -> bool {
        self.fixed(name) || self.kept().accounts.contains_key(name)
    }

    /// Once the account is in its stream.
    pub fn add(&self, account: Account) {
        let mut kept = self.kept();
        kept.accounts.insert(account.login_name.clone(), Arc::new(account));
        kept.checked.clear();
    }

    /// Once the stream is deleted.
    pub fn remove(&self, name: &str) {
        let mut kept = self.kept();
        kept.accounts.remove(name);
        kept.checked.clear();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn caller(&self, headers: &HeaderMap) -> Result<Caller, Unauthenticated> {
        if !self.guarded() {
            return Ok(Caller::Trusted);
        }
        let Some(header) = headers.get(AUTHORIZATION) else { return Ok(Caller::Anonymous) };
        let text = header.to_str().map_err(|_| Unauthenticated)?;
        let (scheme, code) = text.split_once(' ').ok_or(Unauthenticated)?;
        let bytes = BASE64_STANDARD.decode(code.trim()).map_err(|_| Unauthenticated)?;
        let member = scheme.eq_ignore_ascii_case("basic").then(|| self.member(&bytes)).flatten();
        member.map(Caller::Member).ok_or(Unauthenticated)
    }

    /// Whose `name:password` this is.
    fn member(&self, login: &[u8]) -> Option<Arc<Member>> {
        let digest = digest_of(login)?;
        // Every user is compared, so that time does not tell which names exist.
        let known = |given: &&Given| verify_slices_are_equal(&given.login, &digest).is_ok();
        let given = self.given.iter().filter(known).fold(None, |_, given| Some(given.member.clone()));
        given.or_else(|| self.kept().checked.get(&digest).cloned()).or_else(|| {
            let account = self.opened(login)?;
            self.kept().remember(digest, &account)
        })
    }

    /// The account that the login opens; slow, so the lock is not held meanwhile.
    fn opened(&self, login: &[u8]) -> Option<Arc<Account>> {
        let colon = login.iter().position(|b| *b == b':')?;
        let name = std::str::from_utf8(&login[..colon]).ok()?;
        let account = self.kept().accounts.get(name).cloned()?;
        account.opens_with(&login[colon + 1..]).then_some(account)
    }
}

/// The account that a user's stream ends with.
fn newest(log: &Log, stream: &str) -> rusqlite::Result<Option<Account>> {
    let mut lines = Lines::new(log, stream.to_owned());
    let View::Live { last, .. } = lines.view(log)? else { return Ok(None) };
    let ask = Ask { from: last, backwards: true, limit: 1, resolve: false, hidden: false };
    let event = lines.page(log, ask)?.pop().and_then(|item| item.event);
    Ok(event.and_then(|event| {
        let account: Account = serde_json::from_slice(&event.body.data).ok()?;
        Some(Account { updated: event.body.created, ..account })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn users() -> Users {
        let user = |name: &str, admin| User { name: name.into(), password: "secret".into(), admin };
        let given = [user("admin", true), user("ann", false)].iter().filter_map(Given::new).collect();
        let users = Users { started: 0, given, kept: Mutex::default() };
        users.add(bob("p:w"));
        users
    }

    fn bob(password: &str) -> Account {
        Account::new("bob".into(), password, String::new(), vec!["$readers".into()]).expect("random numbers")
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

    #[test]
    fn callers_are_told_apart() {
        let users = users();
        let basic = |text| format!("Basic {}", BASE64_STANDARD.encode(text));
        assert_eq!(users.caller(&HeaderMap::new()).ok(), Some(Caller::Anonymous));
        assert_eq!(name(call(&users, &basic("admin:secret"))).as_deref(), Some("admin"));
        for _ in 0..2 {
            assert_eq!(name(call(&users, &basic("bob:p:w"))).as_deref(), Some("bob"));
        }
        for wrong in ["ann:wrong", "bob:p", "bob", "eve:secret", ""] {
            assert_eq!(call(&users, &basic(wrong)), None, "{wrong}");
        }
        assert_eq!(call(&users, "Bearer abc"), None);
    }

    #[test]
    fn who_was_removed_does_not_come_in_again() {
        let users = users();
        let login = format!("Basic {}", BASE64_STANDARD.encode("bob:p:w"));
        assert!(call(&users, &login).is_some());
        users.remove("bob");
        assert_eq!(call(&users, &login), None);
    }

    /// What changes the users comes between the check of a password and its being remembered.
    fn login_during(users: &Users, change: impl FnOnce(&Users)) -> Option<Arc<Member>> {
        let account = users.opened(b"bob:p:w").expect("the password is right");
        change(users);
        users.kept().remember(digest_of(b"bob:p:w")?, &account)
    }

    #[test]
    fn who_is_removed_while_the_password_is_checked_stays_out() {
        let users = users();
        assert_eq!(login_during(&users, |users| users.remove("bob")), None);
        assert_eq!(users.member(b"bob:p:w"), None);
    }

    #[test]
    fn a_password_changed_while_it_is_checked_does_not_open() {
        let users = users();
        assert_eq!(login_during(&users, |users| users.add(bob("new"))), None);
        assert_eq!(users.member(b"bob:p:w"), None);
        assert!(users.member(b"bob:new").is_some());
    }
}
