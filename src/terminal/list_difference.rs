//! `hindsight list --diff`: what changed between two moments.

use super::database::Database;
use super::failure::Failure;
use super::list::source;
use super::moments::past_moment;
use super::output::{Output, Text};
use super::selection::Selection;
use super::table::{Cell, Look, table};
use crate::aggregate::Tone;
use crate::cli::List;
use crate::history::Change;
use crate::record::Created;
use crate::record::json::{json_line, one_line, raw};
use crate::sentences::{at_moment, change_kind};
use crate::store::{ChangeKind, PastList, StreamChange, StreamRow};
use serde_json::value::RawValue;

/// Longest value of a field in the table, in characters; `--json` has all of it.
const SHOWN: usize = 60;

/// The published shape of one line.
#[derive(serde::Serialize)]
struct Line<'a> {
    stream: &'a str,
    change: &'a str,
    /// Null where the stream did not exist yet.
    before: Option<Side<'a>>,
    after: Option<Side<'a>>,
    fields: Vec<FieldLine<'a>>,
}

#[derive(serde::Serialize)]
struct Side<'a> {
    revision: Option<u64>,
    events: u64,
    status: &'a str,
}

#[derive(serde::Serialize)]
struct FieldLine<'a> {
    field: &'a str,
    /// Null where the field did not exist.
    before: Option<Box<RawValue>>,
    after: Option<Box<RawValue>>,
}

impl<'a> From<&'a StreamRow> for Side<'a> {
    fn from(row: &'a StreamRow) -> Self {
        Self { revision: row.revision.map(|revision| revision.0), events: row.events, status: row.word() }
    }
}

impl<'a> From<&'a Change> for FieldLine<'a> {
    fn from(change: &'a Change) -> Self {
        let (before, after) = (change.before.as_deref().and_then(raw), change.after.as_deref().and_then(raw));
        Self { field: &change.field, before, after }
    }
}

pub async fn list_difference(list: &List, database: &Database) -> Result<Output, Failure> {
    let (from, to) = moments(list)?;
    let aggregate = database.registry.for_category(&list.category).clone();
    let selection = Selection::new(list, aggregate.schema(), &database.registry, Some(to))?;
    let mut past = PastList::new(&list.category, database.registry.clone());
    let changes = database.patiently(async |session| past.difference(&session, from, to).await).await?;
    let is_asked = |change: &StreamChange| {
        [&change.before, &change.after].into_iter().flatten().any(|row| selection.holds(row))
    };
    let changes: Vec<_> = changes.into_iter().filter(is_asked).collect();
    let notes = vec![counts(&changes, from, to), source(&past.listing())];
    let changes = changes.into_iter().take(selection.limit());
    if list.json {
        return Ok(Output { text: Text::of(changes.map(|change| json_line(&line(&change)))), notes });
    }
    let changes: Vec<_> = changes.collect();
    let text = if changes.is_empty() { String::new() } else { text(&changes, Look::of_stdout()) };
    Ok(Output { text: text.into(), notes })
}

/// The earlier moment and the later one.
fn moments(list: &List) -> Result<(Created, Created), Failure> {
    let from = past_moment("--diff", list.diff.as_deref().unwrap_or_default())?;
    let to = list.at.as_deref().map(|at| past_moment("--at", at)).transpose()?;
    let to = to.unwrap_or_else(Created::now);
    if from < to {
        return Ok((from, to));
    }
    let (from, to) = (at_moment(from), at_moment(to));
    Err(Failure::Usage(format!("--diff {from} is not before --at {to}. Give the earlier moment to --diff.")))
}

fn counts(changes: &[StreamChange], from: Created, to: Created) -> String {
    let count = |kind| changes.iter().filter(|change| change.kind == kind).count();
    let kinds = [ChangeKind::New, ChangeKind::Gone, ChangeKind::Changed, ChangeKind::Unknown];
    let counts: Vec<_> = kinds.map(|kind| format!("{} {}", count(kind), change_kind(kind))).to_vec();
    format!("From {} to {}: {}.", at_moment(from), at_moment(to), counts.join(", "))
}

fn line(change: &StreamChange) -> Line<'_> {
    Line {
        stream: change.stream.as_str(),
        change: change_kind(change.kind),
        before: change.before.as_ref().map(Side::from),
        after: change.after.as_ref().map(Side::from),
        fields: change.fields.iter().map(FieldLine::from).collect(),
    }
}

fn text(changes: &[StreamChange], look: Look) -> String {
    let heading = ["STREAM", "CHANGE", "BEFORE", "AFTER", "FIELDS"].map(Cell::from).to_vec();
    let side = |row: Option<&StreamRow>| -> Cell {
        let told = |row: &StreamRow| {
            let at = row.revision.map_or_else(String::new, |revision| format!(" at {revision}"));
            format!("{}{at}", row.word())
        };
        row.map_or_else(|| "-".to_owned(), told).into()
    };
    let row = |change: &StreamChange| {
        let fields: Vec<_> = change.fields.iter().map(field).collect();
        let fields = if fields.is_empty() { "-".to_owned() } else { fields.join("  ") };
        vec![
            change.stream.as_str().into(),
            Cell::new(change_kind(change.kind), tone(change.kind)),
            side(change.before.as_ref()),
            side(change.after.as_ref()),
            fields.into(),
        ]
    };
    let all: Vec<_> = std::iter::once(heading).chain(changes.iter().map(row)).collect();
    table(&all, &[], look)
}

fn field(change: &Change) -> String {
    let shown = |token: Option<&str>| one_line(token.unwrap_or("none").as_bytes(), SHOWN);
    let (path, after) = (&change.field, shown(change.after.as_deref()));
    match change.before.as_deref() {
        Some(before) => format!("{path} {} → {after}", shown(Some(before))),
        None => format!("{path} {after}"),
    }
}

fn tone(kind: ChangeKind) -> Tone {
    match kind {
        ChangeKind::New => Tone::Good,
        ChangeKind::Gone => Tone::Bad,
        ChangeKind::Changed => Tone::Neutral,
        ChangeKind::Unknown => Tone::Warning,
    }
}
