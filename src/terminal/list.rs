//! `hindsight list`.

use super::database::Database;
use super::failure::Failure;
use super::moments::past_moment;
use super::output::{Output, Text, state_note};
use super::reading;
use super::selection::Selection;
use super::table::{Cell, Look, table};
use crate::aggregate::{BUILT_IN, Column, Registry, Tone};
use crate::cli::List;
use crate::record::json::{json_line, raw};
use crate::sentences::{at_moment, unknown_streams, unseen};
use crate::store::{Listing, Presence, StreamRow, shared_columns};
use serde::ser::{Serialize, Serializer};
use serde_json::value::RawValue;

/// The published shape of one line.
#[derive(serde::Serialize)]
pub struct Line<'a> {
    stream: &'a str,
    revision: Option<u64>,
    events: u64,
    status: &'a str,
    user: Option<&'a str>,
    total: Option<Box<RawValue>>,
    last_event: Option<String>,
    problems: u32,
    /// Short fields by their path; absent where the state's fields are `user` and `total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<State<'a>>,
}

struct State<'a>(&'a [crate::store::Cell]);

impl Serialize for State<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let value = |cell: &crate::store::Cell| {
            if cell.is_text { Ok(cell.text.to_string()) } else { Err(raw(&cell.text)) }
        };
        serializer.collect_map(self.0.iter().map(|cell| (&*cell.path, Token(value(cell)))))
    }
}

/// A JSON string's text, or a token as it was stored.
struct Token(Result<String, Option<Box<RawValue>>>);

impl Serialize for Token {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Ok(text) => text.serialize(serializer),
            Err(token) => token.serialize(serializer),
        }
    }
}

pub async fn list(list: &List, database: &Database) -> Result<Output, Failure> {
    let registry = database.registry.clone();
    let aggregate = &**registry.for_category(&list.category);
    let schema = aggregate.schema();
    let at = list.at.as_deref().map(|at| past_moment("--at", at)).transpose()?;
    let selection = Selection::new(list, schema, &registry, at)?;
    let (rows, listing) = match at {
        None => reading::list(database, &list.category).await?,
        Some(at) => reading::list_at(database, &list.category, at).await?,
    };
    let unknown = unknown_streams(rows.iter().filter(|row| row.presence == Presence::Unknown).count() as u64);
    let as_of = at.map(|at| format!("As it was at {}.", at_moment(at)));
    let columns = if schema.columns.is_empty() { shared_columns(&rows) } else { schema.columns.clone() };
    let is_empty = rows.is_empty();
    let rows = selection.of(rows, &columns)?;
    let source = source(&listing);
    if list.json {
        let registry = registry.clone();
        let lines = rows.into_iter().map(move |row| json_line(&line(&row, &registry)));
        let notes = as_of.into_iter().chain([source]).chain(unknown).collect();
        return Ok(Output { text: Text::of(lines), notes });
    }
    let note = match state_note(aggregate) {
        _ if is_empty && at.is_some() => format!("There was no stream then. {source}"),
        _ if is_empty => format!("{} {source}", nothing(&list.category)),
        _ if rows.is_empty() => format!("No stream of these matches. {source}"),
        Some(note) => format!("{source} {note}"),
        None => source,
    };
    let text = if rows.is_empty() { String::new() } else { text(&rows, &columns, Look::of_stdout()) };
    Ok(Output { text: text.into(), notes: as_of.into_iter().chain([note]).chain(unknown).collect() })
}

/// Where the list comes from, how far, and what it cannot show.
pub fn source(listing: &Listing) -> String {
    let confirmed =
        listing.confirmed.map_or_else(String::new, |at| format!(", up to position {}", at.commit));
    let unseen = listing.unseen.map_or("", unseen);
    format!("From {}{confirmed}. {unseen}", listing.source.replace('`', ""))
}

pub fn nothing(category: &str) -> String {
    match category {
        "" | "*" => "There is no stream.".to_owned(),
        BUILT_IN => format!("There is no stream of category {BUILT_IN}. `hindsight create` makes the first."),
        other => format!("There is no stream of category {other}: none whose name begins with {other}-."),
    }
}

pub fn line<'a>(row: &'a StreamRow, registry: &Registry) -> Line<'a> {
    let has_columns = !registry.for_stream(&row.stream).schema().columns.is_empty();
    Line {
        stream: row.stream.as_str(),
        revision: row.revision.map(|revision| revision.0),
        events: row.events,
        status: row.word(),
        user: row.cell("UserID").map(|cell| &*cell.text),
        total: row.cell("Total").and_then(|cell| raw(&cell.text)),
        last_event: row.last_event.map(crate::record::Created::rfc3339),
        problems: row.problems,
        state: (!has_columns).then_some(State(&row.cells)),
    }
}

/// Numbers stand together before the time, texts at the end, where they may be long.
pub fn text(rows: &[StreamRow], columns: &[Column], look: Look) -> String {
    let (numbers, texts): (Vec<_>, Vec<_>) = columns.iter().partition(|column| column.numeric);
    let labels = |columns: &[&Column]| -> Vec<Cell> {
        columns.iter().map(|column| column.label.to_uppercase().into()).collect()
    };
    let row = |row: &StreamRow| -> Vec<Cell> {
        let cells = |columns: &[&Column]| -> Vec<Cell> {
            let cell = |column: &&Column| row.cell(&column.path).map_or("-", |cell| &*cell.text).into();
            columns.iter().map(cell).collect()
        };
        let revision = row.revision.map_or_else(|| "-".to_owned(), |revision| revision.to_string());
        let time = row.last_event.map_or_else(|| "-".to_owned(), |at| at.date_time(&jiff::tz::TimeZone::UTC));
        let warns = if row.problems > 0 { Tone::Warning } else { Tone::Neutral };
        let problems = Cell::new(&row.problems.to_string(), warns);
        let known: [Cell; 4] = [
            row.stream.as_str().into(),
            revision.into(),
            row.events.to_string().into(),
            Cell::new(row.word(), tone(row)),
        ];
        [known.to_vec(), cells(&numbers), vec![time.into(), problems], cells(&texts)].concat()
    };
    let heading = [
        ["STREAM", "REVISION", "EVENTS", "STATUS"].map(Cell::from).to_vec(),
        labels(&numbers),
        ["LAST EVENT (UTC)", "PROBLEMS"].map(Cell::from).to_vec(),
        labels(&texts),
    ]
    .concat();
    let all: Vec<_> = std::iter::once(heading).chain(rows.iter().map(row)).collect();
    let right: Vec<usize> =
        [1, 2].into_iter().chain(4..4 + numbers.len()).chain([5 + numbers.len()]).collect();
    table(&all, &right, look)
}

fn tone(row: &StreamRow) -> Tone {
    match row.presence {
        Presence::Live => row.status.as_ref().map_or(Tone::Neutral, |status| status.tone),
        Presence::Locked | Presence::Unknown => Tone::Warning,
        Presence::Deleted | Presence::Tombstoned => Tone::Bad,
    }
}
