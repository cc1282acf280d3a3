//! Which database the program was asked for, and the password where it is missing.

use super::settings_file;
use crate::app::WriteMode;
use crate::cli::Database;
use crate::store::{ConnectionString, Target, in_home};
use crate::terminal::Failure;
use std::io::IsTerminal;
use std::path::Path;

const VARIABLE: &str = "HINDSIGHT_CONNECTION";
/// A connection string is one line; a larger file is another file.
const MAX_FILE: u64 = 64 << 10;

/// The database that was asked for.
pub struct Chosen {
    pub target: Target,
    /// The name of a connection that is not written to.
    pub read_only: Option<String>,
}

impl Chosen {
    pub const SANDBOX: Self = Self { target: Target::Sandbox, read_only: None };
}

pub fn chosen(database: Database, data_dir: &Path) -> Result<Chosen, Failure> {
    let given = match database {
        Database::Given(given) => given,
        Database::File(file) => from_file(&file)?,
        Database::Named(name) => return named(&name, data_dir),
        Database::Environment => match std::env::var(VARIABLE) {
            Ok(text) if !text.trim().is_empty() => text.into(),
            Err(std::env::VarError::NotUnicode(_)) => {
                return Err(Failure::Usage(format!("{VARIABLE} is no UTF-8 text. Set it anew.")));
            }
            _ => return Ok(Chosen::SANDBOX),
        },
    };
    Ok(Chosen { target: Target::Server(with_password(given)?), read_only: None })
}

/// The text is not repeated where there is no such connection: it may be a password.
fn named(name: &str, data_dir: &Path) -> Result<Chosen, Failure> {
    let settings = settings_file::required(data_dir)?;
    let known = settings.recent.by_name(name)?;
    let read_only = known.name.clone().filter(|_| known.write_mode == Some(WriteMode::ReadOnly));
    Ok(Chosen { target: Target::Server(with_password(known.string())?), read_only })
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

/// Asks for the password on a terminal, without showing it.
fn with_password(given: ConnectionString) -> Result<ConnectionString, Failure> {
    let Some(user) = given.asks_password_of().filter(|_| std::io::stdin().is_terminal()) else {
        return Ok(given);
    };
    let user = crate::record::json::safe(&user).into_owned();
    let password = rpassword::prompt_password(format!("Password of {user}: "))
        .map_err(|error| Failure::Usage(format!("The password of {user} cannot be asked for: {error}.")))?;
    Ok(given.with_password(&password))
}
