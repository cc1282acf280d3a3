//! `hindsight connections list`: the connections that have a name.

use super::failure::Failure;
use super::output::print;
use super::table::{Cell, Look, table};
use crate::app::{ConnectionColor, ConnectionList, KnownConnection, WriteMode};
use crate::record::json::json_line;
use jiff::Timestamp;
use serde::Serialize;

/// The published shape of one line.
#[derive(Serialize)]
struct Line<'a> {
    name: &'a str,
    url: &'a str,
    user: Option<&'a str>,
    color: Option<ConnectionColor>,
    write_mode: Option<WriteMode>,
    /// RFC 3339.
    last_used: Option<String>,
}

pub fn connections(list: &ConnectionList, json: bool) -> Result<(), Failure> {
    if json {
        return print(&list.named().map(|(name, known)| json_line(&line(name, known))).collect::<String>());
    }
    if list.named().next().is_none() {
        return print("No connection has a name yet. `hindsight connections add NAME URL` gives one.\n");
    }
    let mut rows = vec![["NAME", "URL", "USER", "COLOUR", "WRITES", "LAST USED"].map(Cell::from).to_vec()];
    rows.extend(list.named().map(|(name, known)| row(&line(name, known))));
    print(&table(&rows, &[], Look::of_stdout()))
}

fn line<'a>(name: &'a str, known: &'a KnownConnection) -> Line<'a> {
    let last_used = known.last_used.and_then(|seconds| Timestamp::from_second(seconds).ok());
    Line {
        name,
        url: &known.url,
        user: known.user.as_deref(),
        color: known.color,
        write_mode: known.write_mode,
        last_used: last_used.map(|time| time.to_string()),
    }
}

fn row(line: &Line<'_>) -> Vec<Cell> {
    let color = line.color.map_or("", ConnectionColor::label);
    let mode = line.write_mode.map_or("", WriteMode::label);
    let user = line.user.unwrap_or_default();
    [line.name, line.url, user, color, mode, line.last_used.as_deref().unwrap_or("never")]
        .map(Cell::from)
        .to_vec()
}
