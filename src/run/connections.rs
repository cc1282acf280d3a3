//! `hindsight connections`: the named servers, in the settings that the window keeps.

use super::complaint::complain;
use super::settings_file;
use crate::app::{ConnectionColor, ConnectionFault, ConnectionList, WriteMode, export, import};
use crate::cli::{AddConnection, Connections};
use crate::shell::connection_files;
use crate::terminal::{self, Failure, print};
use std::path::Path;

pub fn run(verb: Connections, data_dir: &Path) -> Result<(), Failure> {
    match verb {
        Connections::List(list) => terminal::connections(&read(data_dir)?, list.json),
        Connections::Add(add) => {
            if add.url.has_login() && add.url.asks_password_of().is_none() {
                complain("The password is left out; it is asked for when the connection is used.");
            }
            edit(data_dir, |list| added(list, &add))?;
            print(&format!("Added. `hindsight -c {}` uses it.\n", quoted(&add.name)))
        }
        Connections::Remove { name } => {
            edit(data_dir, |list| {
                let key = list.by_name(&name)?.key();
                list.forget(&key);
                Ok(())
            })?;
            print("Removed.\n")
        }
        Connections::Export { file } => {
            let (text, count) = export(&read(data_dir)?);
            connection_files::write(&file, &text)?;
            print(&format!("Exported without passwords: {count} of the connections.\n"))
        }
        Connections::Import { file } => {
            let text = connection_files::read(&file)?;
            let mut count = 0;
            edit(data_dir, |list| {
                (*list, count) = import(list, &text)?;
                Ok(())
            })?;
            print(&format!("Imported connections: {count}.\n"))
        }
    }
}

fn added(list: &mut ConnectionList, add: &AddConnection) -> Result<(), ConnectionFault> {
    let color = add.color.as_deref();
    let color = color.map(|text| ConnectionColor::named(text).ok_or(ConnectionFault::UnknownColor));
    let color = color.transpose()?;
    let known = list.save(&add.url, &add.name)?;
    known.color = color.or(known.color);
    if add.read_only {
        known.write_mode = Some(WriteMode::ReadOnly);
    }
    Ok(())
}

fn read(data_dir: &Path) -> Result<ConnectionList, Failure> {
    Ok(settings_file::required(data_dir)?.recent)
}

fn edit(
    data_dir: &Path,
    change: impl FnOnce(&mut ConnectionList) -> Result<(), ConnectionFault>,
) -> Result<(), Failure> {
    settings_file::edit(data_dir, |settings| Ok(change(&mut settings.recent)?))
}

/// As a shell takes it.
fn quoted(name: &str) -> String {
    let plain = name.trim().chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    let safe = crate::record::json::safe(name.trim());
    if plain { safe.into_owned() } else { format!("'{}'", safe.replace('\'', "'\\''")) }
}
