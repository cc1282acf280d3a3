//! Who may do what, by `EventStoreDB`'s default rights. Without users everything is allowed and credentials are ignored.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};
use std::sync::{PoisonError, RwLock};

/// Somebody who can log in.
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

/// The users, where there is access control.
#[derive(Default)]
pub struct Users {
    /// None: everybody may do everything.
    list: Option<RwLock<Vec<User>>>,
}

impl Users {
    pub fn new(users: Vec<User>) -> Users {
        Users { list: (!users.is_empty()).then(|| RwLock::new(users)) }
    }

    pub fn guarded(&self) -> bool {
        self.list.is_some()
    }

    /// Adds a user until the node stops; false when the name is taken.
    pub fn add(&self, user: User) -> bool {
        let Some(list) = &self.list else { return false };
        let mut list = list.write().unwrap_or_else(PoisonError::into_inner);
        let free = list.iter().all(|u| u.name != user.name);
        if free {
            list.push(user);
        }
        free
    }

    /// False when there is no such user.
    pub fn remove(&self, name: &str) -> bool {
        let Some(list) = &self.list else { return false };
        let mut list = list.write().unwrap_or_else(PoisonError::into_inner);
        let before = list.len();
        list.retain(|u| u.name != name);
        list.len() < before
    }
}

/// Who calls.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Caller {
    /// Nobody: may ask for features, gossip and health.
    #[default]
    Anonymous,
    User,
    Admin,
}

/// Credentials that are wrong or of an unknown kind.
#[derive(Debug)]
pub struct Unauthenticated;

impl Caller {
    pub fn of(users: &Users, headers: &HeaderMap) -> Result<Caller, Unauthenticated> {
        let Some(users) = &users.list else { return Ok(Caller::Admin) };
        let Some(header) = headers.get(AUTHORIZATION) else { return Ok(Caller::Anonymous) };
        let text = header.to_str().map_err(|_| Unauthenticated)?;
        let (scheme, code) = text.split_once(' ').ok_or(Unauthenticated)?;
        let bytes = BASE64_STANDARD.decode(code.trim()).map_err(|_| Unauthenticated)?;
        let users = users.read().unwrap_or_else(PoisonError::into_inner);
        let known = |u: &&User| same(&bytes, format!("{}:{}", u.name, u.password).as_bytes());
        // Every user is compared, so that time does not tell which names exist.
        let user = users
            .iter()
            .filter(known)
            .fold(None, |_, user| Some(user))
            .filter(|_| scheme.eq_ignore_ascii_case("basic"));
        user.map(|u| if u.admin { Caller::Admin } else { Caller::User }).ok_or(Unauthenticated)
    }

    /// Reading or writing this stream; metadata streams have the rights of their stream.
    pub fn may_use(self, stream: &str) -> bool {
        let subject = stream.strip_prefix("$$").unwrap_or(stream);
        match self {
            Caller::Admin => true,
            Caller::User => !subject.starts_with('$'),
            Caller::Anonymous => false,
        }
    }
}

/// Compares in a time that does not tell where the difference is.
fn same(a: &[u8], b: &[u8]) -> bool {
    a.len() == b.len() && a.iter().zip(b).fold(0, |seen, (x, y)| seen | (x ^ y)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(text: Option<&str>) -> Option<Caller> {
        let user = |name: &str, admin| User { name: name.into(), password: "secret".into(), admin };
        let mut headers = HeaderMap::new();
        if let Some(text) = text {
            headers.insert(AUTHORIZATION, text.parse().ok()?);
        }
        Caller::of(&Users::new(vec![user("admin", true), user("ann", false)]), &headers).ok()
    }

    #[test]
    fn callers_are_told_apart() {
        let basic = |text| format!("Basic {}", BASE64_STANDARD.encode(text));
        assert_eq!(call(None), Some(Caller::Anonymous));
        assert_eq!(call(Some(&basic("admin:secret"))), Some(Caller::Admin));
        assert_eq!(call(Some(&basic("ann:secret"))), Some(Caller::User));
        assert_eq!(call(Some(&basic("ann:wrong"))), None);
        assert_eq!(call(Some("Bearer abc")), None);
    }

    #[test]
    fn system_streams_are_for_admins() {
        assert!(Caller::User.may_use("order-1") && Caller::User.may_use("$$order-1"));
        assert!(!Caller::User.may_use("$settings") && !Caller::User.may_use("$$$settings"));
        assert!(!Caller::Anonymous.may_use("order-1") && Caller::Admin.may_use("$all"));
    }
}
