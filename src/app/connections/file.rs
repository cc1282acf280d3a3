//! The named connections as a file, without secrets. The field names are a stored format.

use super::fault::ConnectionFault;
use super::known::{ConnectionColor, WriteMode};
use super::list::ConnectionList;
use crate::store::ConnectionString;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Largest file in bytes.
pub const MAX_FILE: u64 = 1 << 20;
const FORMAT: &str = "hindsight-connections";
const VERSION: u64 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: String,
    version: u64,
    connections: Vec<Line>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    name: String,
    url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    user: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    color: Option<ConnectionColor>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    write_mode: Option<WriteMode>,
}

/// The connections that have a name, and how many they are.
pub fn export(list: &ConnectionList) -> (String, usize) {
    let line = |(name, known): (&str, &super::KnownConnection)| Line {
        name: name.to_owned(),
        url: known.url.clone(),
        user: known.user.clone(),
        color: known.color,
        write_mode: known.write_mode,
    };
    let connections: Vec<_> = list.named().map(line).collect();
    let count = connections.len();
    let file = File { format: FORMAT.to_owned(), version: VERSION, connections };
    (format!("{}\n", serde_json::to_string_pretty(&file).unwrap_or_default()), count)
}

/// The list with the connections of a file, and how many those are; what is known here keeps its write mode.
pub fn import(list: &ConnectionList, text: &[u8]) -> Result<(ConnectionList, usize), ConnectionFault> {
    if text.len() as u64 > MAX_FILE {
        return Err(ConnectionFault::LargeFile(MAX_FILE));
    }
    let no_list = |error: serde_json::Error| ConnectionFault::NoList(error.to_string());
    let value: Value = serde_json::from_slice(text).map_err(no_list)?;
    if value["format"] != FORMAT {
        return Err(ConnectionFault::NoList(format!("\"format\" is not \"{FORMAT}\"")));
    }
    match value["version"].as_u64() {
        Some(version) if version > VERSION => return Err(ConnectionFault::LaterVersion(version)),
        _ => {}
    }
    let file: File = serde_json::from_value(value).map_err(no_list)?;
    let count = file.connections.len();
    let mut changed = list.clone();
    for (at, line) in file.connections.iter().enumerate() {
        take(&mut changed, line).map_err(|fault| ConnectionFault::InFile(at + 1, Box::new(fault)))?;
    }
    Ok((changed, count))
}

fn take(list: &mut ConnectionList, line: &Line) -> Result<(), ConnectionFault> {
    let given = ConnectionString::from(&line.url);
    let hides = |text: &str| crate::record::json::safe(text) != text;
    if hides(&line.url) || line.user.as_deref().is_some_and(hides) {
        return Err(ConnectionFault::HiddenCharacter);
    }
    given.check().map_err(ConnectionFault::Unusable)?;
    if given.has_login() {
        return Err(ConnectionFault::Login);
    }
    let string = line.user.as_deref().map_or_else(|| given.clone(), |user| given.with_user(user));
    let known = list.save(&string, &line.name)?;
    known.color = line.color;
    known.write_mode = known.write_mode.or(line.write_mode);
    Ok(())
}
