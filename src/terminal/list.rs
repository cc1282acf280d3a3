//! `hindsight list`.

use super::reading::{self, Database};
use super::text::table;
use super::{Failure, Output};
use crate::aggregate::BUILT_IN;
use crate::cli::List;
use crate::record::json::{json_line, raw, safe};
use crate::store::{Listing, StreamRow};
use serde::Serialize;
use serde_json::value::RawValue;

/// The published shape of one line.
#[derive(Serialize)]
struct Line<'a> {
    stream: &'a str,
    revision: Option<u64>,
    events: u64,
    status: &'a str,
    user: Option<&'a str>,
    total: Option<Box<RawValue>>,
    last_event: Option<String>,
    problems: u32,
}

pub async fn list(list: &List, database: &Database) -> Result<Output, Failure> {
    let (mut rows, listing) = reading::list(database, &list.category).await?;
    rows.sort_by(|a, b| a.stream.cmp(&b.stream));
    let source = source(&listing);
    if list.json {
        let text = rows.iter().map(|row| json_line(&line(row))).collect();
        return Ok(Output { text, note: Some(source) });
    }
    let note = if rows.is_empty() { format!("{} {source}", nothing(&list.category)) } else { source };
    let note = Some(note);
    let text = if rows.is_empty() { String::new() } else { text(&rows) };
    Ok(Output { text, note })
}

/// Where the list comes from, how far, and what it cannot show.
fn source(listing: &Listing) -> String {
    let confirmed =
        listing.confirmed.map_or_else(String::new, |at| format!(", up to position {}", at.commit));
    format!("From {}{confirmed}. {}", listing.source.replace('`', ""), listing.unseen)
}

fn nothing(category: &str) -> String {
    match category {
        "" | "*" => "There is no stream.".to_owned(),
        BUILT_IN => {
            "There is no stream of category order. `hindsight create` makes the first order.".to_owned()
        }
        other => format!("There is no stream of category {other}: none whose name begins with {other}-."),
    }
}

fn line(row: &StreamRow) -> Line<'_> {
    Line {
        stream: row.stream.as_str(),
        revision: row.revision.map(|revision| revision.0),
        events: row.events,
        status: row.word(),
        user: row.cell("UserID").map(|cell| &*cell.text),
        total: row.cell("Total").and_then(|cell| raw(&cell.text)),
        last_event: row.last_event.map(crate::record::Created::rfc3339),
        problems: row.problems,
    }
}

fn text(rows: &[StreamRow]) -> String {
    let heading = ["STREAM", "REVISION", "EVENTS", "STATUS", "TOTAL", "LAST EVENT (UTC)", "PROBLEMS", "USER"];
    let cells = rows.iter().map(|row| {
        vec![
            safe(row.stream.as_str()).into_owned(),
            row.revision.map_or_else(|| "-".to_owned(), |revision| revision.to_string()),
            row.events.to_string(),
            row.word().to_owned(),
            row.cell("Total").map_or_else(|| "-".to_owned(), |cell| safe(&cell.text).into_owned()),
            row.last_event.map_or_else(|| "-".to_owned(), |at| at.date_time(&jiff::tz::TimeZone::UTC)),
            row.problems.to_string(),
            row.cell("UserID").map_or_else(|| "-".to_owned(), |cell| safe(&cell.text).into_owned()),
        ]
    });
    let all: Vec<_> = std::iter::once(heading.map(str::to_owned).to_vec()).chain(cells).collect();
    table(&all, &[1, 2, 4, 6])
}
