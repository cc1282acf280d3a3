//! Which database the program was asked for, and the password where it is missing.

use super::history_file;
use super::settings_file;
use crate::app::{Password, WriteMode, keyring_entry};
use crate::cli::Database;
use crate::keyring;
use crate::sentences::history_file_fault;
use crate::store::{ConnectionString, ServedFile, Target, in_home};
use crate::terminal::Failure;
use std::io::IsTerminal;
use std::path::Path;
use tokio::runtime::Runtime;

const VARIABLE: &str = "HINDSIGHT_CONNECTION";
/// A connection string is one line; a larger file is another file.
const MAX_FILE: u64 = 64 << 10;

/// The database that was asked for.
pub struct Chosen {
    pub target: Target,
    /// The name of a connection that is not written to.
    pub read_only: Option<String>,
    /// A history file that is the database; it is served while this is there.
    pub served: Option<ServedFile>,
}

impl Chosen {
    pub const SANDBOX: Self = Self { target: Target::Sandbox, read_only: None, served: None };
}

pub fn chosen(database: Database, data_dir: &Path, runtime: &Runtime) -> Result<Chosen, Failure> {
    let given = match database {
        Database::Given(given) => given,
        Database::File(file) => from_file(&file)?,
        Database::Named(name) => return named(&name, data_dir),
        Database::History(file) => {
            let opened = runtime.block_on(history_file::open(&file));
            let served = opened.map_err(|fault| Failure::Usage(history_file_fault(&file, &fault)))?;
            let target = Target::File(served.clone());
            return Ok(Chosen { target, read_only: None, served: Some(served) });
        }
        Database::Environment => match std::env::var(VARIABLE) {
            Ok(text) if !text.trim().is_empty() => text.into(),
            Err(std::env::VarError::NotUnicode(_)) => {
                return Err(Failure::Usage(format!("{VARIABLE} is no UTF-8 text. Set it anew.")));
            }
            _ => return Ok(Chosen::SANDBOX),
        },
    };
    Ok(Chosen { target: Target::Server(given), read_only: None, served: None })
}

/// The text is not repeated where there is no such connection: it may be a password.
fn named(name: &str, data_dir: &Path) -> Result<Chosen, Failure> {
    let settings = settings_file::required(data_dir)?;
    let known = settings.recent.by_name(name)?;
    let read_only = known.name.clone().filter(|_| known.write_mode == Some(WriteMode::ReadOnly));
    let string = known.string();
    let now = jiff::Timestamp::now().as_second();
    let noted = settings_file::edit(data_dir, |settings| {
        settings.used(&string, now);
        Ok(())
    });
    // A window that is open keeps the list, and that is no reason not to go on.
    tracing::debug!(?noted, "the use of a named connection");
    Ok(Chosen { target: Target::Server(string), read_only, served: None })
}

fn from_file(file: &Path) -> Result<ConnectionString, Failure> {
    let file = in_home(file);
    let name = file.display();
    let unread = |error: &dyn std::fmt::Display| {
        Failure::Usage(format!("The connection file {name} cannot be read: {error}. Name another after @."))
    };
    let size = std::fs::metadata(&file).map_err(|error| unread(&error))?.len();
    if size > MAX_FILE {
        return Err(unread(&"it is larger than a connection string"));
    }
    let text = std::fs::read_to_string(&file).map_err(|error| unread(&error))?;
    if text.trim().is_empty() {
        return Err(Failure::Usage(format!(
            "The connection file {name} is empty. Write the connection string into it."
        )));
    }
    Ok(text.into())
}

/// The password of a user who stands there without one: from the keyring, or typed on a terminal without being shown.
pub fn with_password(target: Target) -> Result<Target, Failure> {
    let Target::Server(given) = target else { return Ok(target) };
    let Some(user) = given.asks_password_of() else { return Ok(Target::Server(given)) };
    if let Some(password) = kept(&given) {
        return Ok(Target::Server(given.with_password(password.text())));
    }
    if !std::io::stdin().is_terminal() {
        return Ok(Target::Server(given));
    }
    let user = crate::record::json::safe(&user).into_owned();
    let password = rpassword::prompt_password(format!("Password of {user}: "))
        .map_err(|error| Failure::Usage(format!("The password of {user} cannot be asked for: {error}.")))?;
    Ok(Target::Server(given.with_password(&password)))
}

/// Without a keyring the person is asked.
fn kept(given: &ConnectionString) -> Option<Password> {
    let read = keyring::read(&keyring_entry(given)?);
    read.inspect_err(|why| tracing::debug!(?why, "no keyring")).ok().flatten()
}
