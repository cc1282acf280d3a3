//! `hindsight find --ever` and `--first`: what was true at some time.

use super::database::Database;
use super::failure::Failure;
use super::find::{parsed, unknown};
use super::list::{nothing, source};
use super::moments::past_moment;
use super::output::{Output, Text, note};
use super::table::{Cell, Look, table};
use crate::cli::Find;
use crate::record::Created;
use crate::record::json::json_line;
use crate::sentences::at_moment;
use crate::store::{FirstTrue, PastList};
use jiff::tz::TimeZone;
use std::sync::Arc;

/// The published shape of one line.
#[derive(serde::Serialize)]
struct Line<'a> {
    stream: &'a str,
    revision: u64,
    r#type: &'a str,
    id: String,
    created: String,
}

pub async fn find_ever(find: &Find, database: &Database) -> Result<Output, Failure> {
    let condition = Arc::new(parsed(&find.condition)?);
    if !condition.ages().is_empty() {
        let text = "--ever asks each event of the past, and last < 2h asks the list of now. Leave out --ever, or ask for fields.";
        return Err(Failure::Usage(text.to_owned()));
    }
    let until = find.at.as_deref().map(|at| past_moment("--at", at)).transpose()?;
    let mut past = PastList::new(&find.category, database.registry.clone());
    let (mut found, streams) =
        database.patiently(async |session| past.ever(&session, &condition, until).await).await?;
    let mut said = match (streams, found.first()) {
        (0, _) => nothing(&find.category),
        (_, None) => format!("Never true in {streams} stream{}.", if streams == 1 { "" } else { "s" }),
        (_, Some(first)) => {
            let (stream, revision) = (&first.stream, first.revision);
            format!("Ever true in {} of {streams}, first in {stream} at revision {revision}.", found.len())
        }
    };
    if let Some(at) = until {
        said = format!("Until {}. {said}", at_moment(at));
    }
    said.extend([" ", &source(&past.listing())]);
    if found.is_empty() {
        let at = until.unwrap_or_else(Created::now);
        database.patiently(async |session| past.at(&session, at).await.map(drop)).await?;
        let rows: Vec<_> = past.rows().values().cloned().collect();
        if let Some(unknown) = unknown(&condition, &rows, &database.registry) {
            said.extend([" ", &unknown]);
        }
        note(&said);
        return Err(Failure::NotFound);
    }
    if find.first {
        found.truncate(1);
    }
    if find.json {
        let lines = found.into_iter().map(|first| json_line(&line(&first)));
        return Ok(Output { text: Text::of(lines), notes: vec![said] });
    }
    Ok(Output { text: text(&found, Look::of_stdout()).into(), notes: vec![said] })
}

fn line(first: &FirstTrue) -> Line<'_> {
    Line {
        stream: first.stream.as_str(),
        revision: first.revision.0,
        r#type: &first.event_type,
        id: first.id.to_string(),
        created: first.created.rfc3339(),
    }
}

fn text(found: &[FirstTrue], look: Look) -> String {
    let heading = ["STREAM", "REVISION", "EVENT", "FIRST TRUE (UTC)"].map(Cell::from).to_vec();
    let row = |first: &FirstTrue| -> Vec<Cell> {
        let created = first.created.date_time(&TimeZone::UTC);
        vec![
            first.stream.as_str().into(),
            first.revision.to_string().into(),
            (&*first.event_type).into(),
            created.into(),
        ]
    };
    let all: Vec<_> = std::iter::once(heading).chain(found.iter().map(row)).collect();
    table(&all, &[1], look)
}
