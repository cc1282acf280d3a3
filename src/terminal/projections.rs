//! `hindsight projections`.

use super::database::Database;
use super::failure::Failure;
use super::output::{Output, Text};
use super::table::{Cell, Look, table};
use crate::aggregate::Tone;
use crate::cli::ListProjections;
use crate::record::json::json_line;
use crate::record::{Created, StreamName};
use crate::sentences::{lag, projections_untold, results_unlisted};
use crate::store::{Lag, Projection};

/// The published shape of one line.
#[derive(serde::Serialize)]
struct Line<'a> {
    name: &'a str,
    status: Option<&'a str>,
    reason: Option<&'a str>,
    position: &'a str,
    progress: Option<f32>,
    /// `null` where nobody can tell.
    behind: Option<Behind>,
    results: Vec<&'a str>,
}

#[derive(serde::Serialize)]
struct Behind {
    events: u64,
    /// There are more than that.
    more: bool,
    positions: Option<u64>,
    since: Option<String>,
}

pub async fn projections(options: &ListProjections, database: &Database) -> Result<Output, Failure> {
    let name = options.name.as_deref();
    let told = database.patiently(async |session| session.projections(name).await).await?;
    let mut notes: Vec<String> = told.untold.iter().map(projections_untold).collect();
    notes.extend(told.unlisted.as_ref().map(results_unlisted));
    if told.projections.is_empty() {
        if let Some(name) = name {
            let text =
                format!("There is no projection {name}. `hindsight projections` shows those that there are.");
            return Err(Failure::Usage(text));
        }
        notes.push("There are no projections that this user can see.".to_owned());
    }
    if options.json {
        let lines: Vec<_> = told.projections.iter().map(|one| json_line(&line(one))).collect();
        return Ok(Output { text: Text::of(lines.into_iter()), notes });
    }
    let mut text = table(&rows(&told.projections), &[], Look::of_stdout());
    for one in &told.projections {
        for stream in &one.results {
            text.push_str(&crate::record::json::safe(&format!("{} → {stream}", one.name)));
            text.push('\n');
        }
    }
    Ok(Output { text: text.into(), notes })
}

fn rows(projections: &[Projection]) -> Vec<Vec<Cell>> {
    if projections.is_empty() {
        return Vec::new();
    }
    let head = ["PROJECTION", "STATUS", "POSITION", "BEHIND", "RESULTS"].map(Cell::from).to_vec();
    let now = Created::now();
    let row = |one: &Projection| {
        let tone = if one.lag == Lag::None { Tone::Neutral } else { Tone::Warning };
        let reason = one.reason.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
        vec![
            one.name.as_str().into(),
            format!("{}{reason}", one.status.as_deref().unwrap_or("not told")).into(),
            one.position.as_str().into(),
            Cell::new(&lag(one.lag, now), tone),
            one.results.len().to_string().into(),
        ]
    };
    std::iter::once(head).chain(projections.iter().map(row)).collect()
}

fn line(one: &Projection) -> Line<'_> {
    Line {
        name: &one.name,
        status: one.status.as_deref(),
        reason: one.reason.as_deref(),
        position: &one.position,
        progress: one.progress,
        behind: match one.lag {
            Lag::None => Some(Behind { events: 0, more: false, positions: Some(0), since: None }),
            Lag::Behind { events, more, positions, since } => {
                Some(Behind { events, more, positions, since: since.map(Created::rfc3339) })
            }
            Lag::Unknown => None,
        },
        results: one.results.iter().map(StreamName::as_str).collect(),
    }
}
