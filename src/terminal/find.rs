//! `hindsight find`.

use super::database::Database;
use super::failure::Failure;
use super::list::{line, nothing, source, text};
use super::moments::past_moment;
use super::output::{Output, Text, note, state_note};
use super::reading;
use super::table::Look;
use crate::aggregate::{Condition, ConditionError, FieldPath, Registry};
use crate::cli::Find;
use crate::record::Created;
use crate::record::json::{json_line, safe};
use crate::sentences::{at_moment, unknown_fields, unknown_streams};
use crate::store::{Presence, RowField, RowSort, StreamRow, meets, nearest_field, shared_columns};
use unicode_width::UnicodeWidthStr;

pub async fn find(find: &Find, database: &Database) -> Result<Output, Failure> {
    let condition = parsed(&find.condition)?;
    if !condition.is_of_state() {
        let text = "find asks for states, and problem, event and changed are asked of one stream's events. Ask for fields, or for what was ever true with --ever.";
        return Err(Failure::Usage(text.to_owned()));
    }
    let registry = database.registry.clone();
    let aggregate = &**registry.for_category(&find.category);
    let at = find.at.as_deref().map(|at| past_moment("--at", at)).transpose()?;
    let (rows, listing) = match at {
        None => reading::list(database, &find.category).await?,
        Some(at) => reading::list_at(database, &find.category, at).await?,
    };
    let schema = aggregate.schema();
    let columns = if schema.columns.is_empty() { shared_columns(&rows) } else { schema.columns.clone() };
    let source = source(&listing);
    let unknown = unknown(&condition, &rows, &registry);
    let all = rows.len();
    let gone = unknown_streams(rows.iter().filter(|row| row.presence == Presence::Unknown).count() as u64);
    let found: Vec<_> = rows.into_iter().filter(|row| holds(&condition, row, &registry, at)).collect();
    let found = RowSort::Name.sorted(found);
    let mut said = match all {
        0 if at.is_some() => "There was no stream then.".to_owned(),
        0 => nothing(&find.category),
        _ => format!("In {} of {all}.", found.len()),
    };
    if let Some(at) = at {
        said = format!("As it was at {}. {said}", at_moment(at));
    }
    for part in unknown
        .iter()
        .map(String::as_str)
        .chain([&*source])
        .chain(state_note(aggregate).as_deref())
        .chain(gone.as_deref())
    {
        said.push(' ');
        said.push_str(part);
    }
    if found.is_empty() {
        note(&said);
        return Err(Failure::NotFound);
    }
    if find.json {
        let lines = found.into_iter().map(move |row| json_line(&line(&row, &registry)));
        return Ok(Output { text: Text::of(lines), notes: vec![said] });
    }
    Ok(Output { text: text(&found, &columns, Look::of_stdout()).into(), notes: vec![said] })
}

fn holds(condition: &Condition, row: &StreamRow, registry: &Registry, at: Option<Created>) -> bool {
    let now = at.unwrap_or_else(Created::now);
    meets(condition, &**registry.for_stream(&row.stream), row, now)
}

/// A hint at a slip of the hand.
pub fn unknown(condition: &Condition, rows: &[StreamRow], registry: &Registry) -> Option<String> {
    let has = |row: &StreamRow, field: &FieldPath| {
        let state = row.state.as_ref()?;
        registry.for_stream(&row.stream).field(state, field).map(drop)
    };
    let is_unknown = |field: &&FieldPath| {
        RowField::named(field).is_none() && !rows.iter().any(|row| has(row, field).is_some())
    };
    let unknown = condition.fields().iter().filter(is_unknown);
    let near: Vec<_> = unknown.map(|field| (field.as_str(), nearest_field(field, rows, registry))).collect();
    unknown_fields(near.iter().map(|(field, near)| (*field, near.as_deref()))).filter(|_| !rows.is_empty())
}

pub fn parsed(text: &str) -> Result<Condition, Failure> {
    Condition::parse(text).map_err(|error| refused(text, &error))
}

/// The condition with a sign under the place that is wrong, and what is.
pub fn refused(condition: &str, error: &ConditionError) -> Failure {
    let before: String = condition.chars().take(error.column - 1).collect();
    note(condition);
    note(&format!("{}^", " ".repeat(safe(&before).width())));
    Failure::Usage(format!("This is no condition. {error}"))
}
