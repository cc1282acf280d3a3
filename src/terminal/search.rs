//! `hindsight search`: all events of the database, looked at for a text or a condition.

use super::database::Database;
use super::failure::Failure;
use super::find::refused;
use super::log_line::LogLines;
use super::moments::past_moment;
use super::output::{note, print};
use super::tail::denied;
use crate::aggregate::{EventFilter, Sought};
use crate::cli;
use crate::record::{Position, count, plural};
use crate::sentences::{scan_start, store_error};
use crate::store::{Scan, ScanEnd, Search};
use std::time::Duration;
use tokio::time::Instant;

/// Between two counts on standard error.
const STEP: Duration = Duration::from_secs(2);

pub async fn search(options: &cli::Search, database: &Database) -> Result<(), Failure> {
    let search = understood(options)?;
    let scanned = database.patiently(async |session| session.scan(&search).await).await;
    let mut scan = scanned.map_err(denied)?;
    database.note().iter().for_each(|text| note(text));
    note(&scan_start(scan.start()));
    let (mut lines, mut hits, mut due) = (LogLines::new(options.json), 0, Instant::now() + STEP);
    let end = loop {
        let step = tokio::select! {
            step = scan.next() => step,
            pressed = tokio::signal::ctrl_c() => {
                tracing::trace!(?pressed, "ended by a person");
                break None;
            }
        };
        let step = step.map_err(|why| lost(&scan, &store_error(&why)))?;
        hits += step.hits.len() as u64;
        print(&step.hits.iter().map(|record| lines.line(record)).collect::<String>())?;
        if step.end.is_some() {
            break step.end;
        }
        if due <= Instant::now() {
            note(&format!("{} looked at, {} found.", plural(scan.looked(), "event"), count(hits)));
            due = Instant::now() + STEP;
        }
    };
    let said = format!("{} looked at, {} found.", plural(scan.looked(), "event"), count(hits));
    let at = match end {
        Some(ScanEnd::Complete) => None,
        Some(ScanEnd::Limit(at)) => Some(at),
        None => scan.position(),
    };
    match at {
        Some(at) => note(&format!("{said} There may be more. Go on with --after {}", at.typed())),
        None => note(&said),
    }
    if hits == 0 { Err(Failure::NotFound) } else { Ok(()) }
}

fn understood(options: &cli::Search) -> Result<Search, Failure> {
    let sought = Sought::text(&options.sought).map_err(|error| refused(&options.sought, &error))?;
    if sought == Sought::Anything {
        let text = "search needs a text or a condition. Use `hindsight tail` for whatever is written.";
        return Err(Failure::Usage(text.to_owned()));
    }
    let moment = |option: &str, text: &Option<String>| {
        text.as_deref().map(|text| past_moment(option, text)).transpose()
    };
    let (from, to) = (moment("--from", &options.from)?, moment("--to", &options.to)?);
    if from.zip(to).is_some_and(|(from, to)| from > to) {
        return Err(Failure::Usage("--from is later than --to. Exchange the two.".to_owned()));
    }
    let after = options.after.as_deref().map(|text| {
        Position::parse(text).ok_or_else(|| {
            let text = crate::record::json::safe(text).into_owned();
            Failure::Usage(format!(
                "--after: {text:?} is no position. Use the one that a search ended with, like 1234/1234."
            ))
        })
    });
    let filter =
        EventFilter { category: options.category.clone(), event_type: options.event_type.clone(), sought };
    let limit = options.limit.max(1);
    Ok(Search { filter, system: options.system, from, to, after: after.transpose()?, limit })
}

/// What was lost can be gone on with.
fn lost(scan: &Scan, why: &str) -> Failure {
    let on = scan.position().map(|at| format!(" Go on with --after {}", at.typed()));
    Failure::Server(format!("{why}{}", on.unwrap_or_default()))
}
