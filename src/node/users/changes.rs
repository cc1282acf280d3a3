//! Changes of users: one at a time, each as events in the log.

use super::{
    account::{Account, json, stream_of},
    directory::Users,
    named_user::NamedUser,
};
use crate::node::log::{
    WriteError,
    commands::{Command, Work},
    expected::{Expected, Outcome},
    proposed::Proposed,
    write,
};
use tokio::sync::mpsc;

/// Where every change but a creation is told.
const NOTIFICATIONS: &str = "$users-password-notifications";
/// Told for an hour.
const NOTIFICATIONS_METADATA: &str = r#"{"$maxAge":3600}"#;

/// Why a user was not changed.
#[derive(Debug)]
pub enum Refused {
    NotFound,
    /// The name is taken, or its stream cannot be written.
    Conflict,
    WrongPassword,
    /// The system gives no random numbers.
    NoRandom,
    Read(rusqlite::Error),
    Write(WriteError),
}

impl From<rusqlite::Error> for Refused {
    fn from(error: rusqlite::Error) -> Refused {
        Refused::Read(error)
    }
}

type Commands = mpsc::Sender<Command>;

impl Users {
    /// A name that is taken is a success with the same password, and nothing changes.
    pub async fn create(
        &self,
        commands: &Commands,
        name: String,
        password: &str,
        full_name: String,
        groups: Vec<String>,
    ) -> Result<(), Refused> {
        let _turn = self.changing.lock().await;
        if let Some(known) = self.account(&name)? {
            return if known.opens_with(password.as_bytes()) { Ok(()) } else { Err(Refused::Conflict) };
        }
        let account = Account::new(name, password, full_name, groups).ok_or(Refused::NoRandom)?;
        append_all(commands, account.created().into()).await
    }

    pub async fn change(
        &self,
        commands: &Commands,
        name: &str,
        edit: impl FnOnce(&mut Account) -> Result<(), Refused> + Send,
    ) -> Result<(), Refused> {
        let _turn = self.changing.lock().await;
        let mut account = self.account(name)?.ok_or(Refused::NotFound)?;
        edit(&mut account)?;
        let mut events = vec![account.changed()];
        events.extend(self.notification(name));
        append_all(commands, events).await
    }

    pub async fn delete(&self, commands: &Commands, name: &str) -> Result<(), Refused> {
        let _turn = self.changing.lock().await;
        self.account(name)?.ok_or(Refused::NotFound)?;
        let work = Work::Delete(stream_of(name), Expected::Any);
        written(write(commands, work).await)?;
        append_all(commands, self.notification(name)).await
    }

    /// Makes the users that the node is started with, where they are not there.
    ///
    /// A password that the user never had takes the place of the kept one. One that it had was changed since.
    pub async fn give(&self, commands: &Commands, given: Vec<NamedUser>) -> Result<(), Refused> {
        for NamedUser { account, password } in given {
            let name = account.login_name.clone();
            if self.account(&name)?.is_none() {
                match append_all(commands, account.created().into()).await {
                    Err(Refused::Conflict) => {
                        tracing::warn!(name, "the stream of this user cannot be written");
                    }
                    made => made?,
                }
                continue;
            }
            let Some(password) = password else { continue };
            if !self.accounts.history(&name)?.iter().any(|state| state.opens_with(password.as_bytes())) {
                let renew = |account: &mut Account| {
                    account.disabled = false;
                    account.set_password(&password).ok_or(Refused::NoRandom)
                };
                self.change(commands, &name, renew).await?;
            }
        }
        Ok(())
    }

    fn notification(&self, name: &str) -> Vec<(String, Proposed)> {
        let metadata = format!("$${NOTIFICATIONS}");
        let first = self.accounts.log.index().find(&metadata).is_none();
        let described = first.then(|| (metadata, json("$metadata", NOTIFICATIONS_METADATA.into())));
        let told = format!("{{\n  \"loginName\": {}\n}}", serde_json::Value::from(name));
        described.into_iter().chain([(NOTIFICATIONS.into(), json("$PasswordChanged", told))]).collect()
    }
}

/// Queued together, so that they most often share a transaction.
async fn append_all(commands: &Commands, events: Vec<(String, Proposed)>) -> Result<(), Refused> {
    let append = |(stream, event)| write(commands, Work::Append(stream, Expected::Any, vec![event]));
    let outcomes = futures::future::join_all(events.into_iter().map(append)).await;
    outcomes.into_iter().try_for_each(written)
}

fn written(outcome: Result<Outcome, WriteError>) -> Result<(), Refused> {
    match outcome.map_err(Refused::Write)? {
        Outcome::Written { .. } => Ok(()),
        Outcome::Wrong { .. } | Outcome::Deleted => Err(Refused::Conflict),
    }
}
