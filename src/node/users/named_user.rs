//! The users that a node is started with.

use super::account::Account;
use crate::node::{access, log::proposed::Proposed};

const ADMIN: &str = "admin";
const OPS: &str = "ops";

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

/// Somebody whom the node is started with.
#[derive(Clone)]
pub struct NamedUser {
    pub account: Account,
    /// `None` for the user that every node has and nobody named: no password opens it.
    pub password: Option<String>,
}

impl NamedUser {
    /// `admin` and `ops` first, as on every real node; nobody where no users are named.
    pub fn all(users: &[User]) -> Option<Vec<NamedUser>> {
        let mut all = users.iter().map(NamedUser::named).collect::<Option<Vec<_>>>()?;
        if !all.is_empty() && !all.iter().any(|given| given.account.login_name == OPS) {
            let password = uuid::Uuid::new_v4().to_string();
            let unnamed = User { name: OPS.into(), password, admin: false };
            all.push(NamedUser { password: None, ..NamedUser::named(&unnamed)? });
        }
        let rank =
            |given: &NamedUser| [ADMIN, OPS].iter().position(|n| *n == given.account.login_name).unwrap_or(2);
        all.sort_by_key(rank);
        Some(all)
    }

    fn named(user: &User) -> Option<NamedUser> {
        let full_name = match &*user.name {
            ADMIN => "Event Store Administrator",
            OPS => "Event Store Operations",
            _ => "",
        };
        let admins = user.admin.then_some(access::ADMINS);
        let ops = (user.name == OPS).then_some(access::OPS);
        let groups = admins.into_iter().chain(ops).map(str::to_owned).collect();
        let account = Account::new(user.name.clone(), &user.password, full_name.into(), groups)?;
        Some(NamedUser { account, password: Some(user.password.clone()) })
    }

    /// The events of a new log, in the order of a real one.
    pub fn events(given: &[NamedUser]) -> Vec<(String, Proposed)> {
        let created: Vec<_> = given.iter().map(|given| given.account.created()).collect();
        (0..3).flat_map(|n| created.iter().map(move |events| events[n].clone())).collect()
    }
}
