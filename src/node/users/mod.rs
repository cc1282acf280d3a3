//! Who can log in: users with streams in the log, as `EventStoreDB` keeps them.
//!
//! `account` (one state of a user), `accounts` (read from the log), `named_user` (who is there from the start), `logins`
//! (what was checked), `directory` (all users), `changes`.

mod account;
mod accounts;
mod changes;
mod directory;
mod logins;
mod named_user;

pub use account::Account;
pub use changes::Refused;
pub use directory::{Unauthenticated, Users};
pub use named_user::{NamedUser, User};
