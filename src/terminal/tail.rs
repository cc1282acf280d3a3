//! `hindsight tail`: what is written now, everywhere.

use super::database::Database;
use super::failure::Failure;
use super::find::refused;
use super::log_line::LogLines;
use super::output::{note, print};
use crate::aggregate::{EventFilter, Sought};
use crate::cli::Tail;
use crate::record::Position;
use crate::sentences::{no_log, store_error};
use crate::store::{LogEvent, LogScope, StoreError};
use std::time::Duration;

/// Before the connection is tried again.
const PAUSE: Duration = Duration::from_millis(500);

pub async fn tail(tail: &Tail, database: &Database) -> Result<(), Failure> {
    let words = tail.filter.as_deref().unwrap_or_default();
    let sought = Sought::words(words).map_err(|error| refused(words, &error))?;
    let filter = EventFilter { category: tail.category.clone(), event_type: tail.event_type.clone(), sought };
    tokio::select! {
        ended = follow(tail, &filter, database) => ended,
        pressed = tokio::signal::ctrl_c() => {
            tracing::trace!(?pressed, "ended by a person");
            Ok(())
        }
    }
}

async fn follow(tail: &Tail, filter: &EventFilter, database: &Database) -> Result<(), Failure> {
    let scope = LogScope::of(filter.category.as_deref(), filter.event_type.as_deref(), tail.system);
    let newest = database
        .patiently(async |session| session.newest_of_log(tail.last, filter, &scope).await)
        .await
        .map_err(denied)?;
    database.note().iter().for_each(|text| note(text));
    let mut lines = LogLines::new(tail.json);
    let shown: String = newest.records.iter().map(|record| lines.line(record)).collect();
    print(&shown)?;
    if tail.no_follow {
        return Ok(());
    }
    let (mut after, mut is_lost) = (newest.head, false);
    loop {
        let followed = database
            .once(async |session| {
                let mut feed = session.log_feed(after, &scope).await;
                loop {
                    let event = feed.next().await?;
                    if std::mem::take(&mut is_lost) {
                        note("The database answers again.");
                    }
                    if let Err(failure) = show(event, &mut after, filter, &mut lines) {
                        return Ok(failure);
                    }
                }
            })
            .await;
        match followed {
            Ok(failure) => return Err(failure),
            Err(why) if why.passes() || matches!(why, StoreError::Server(_)) => {
                if !is_lost {
                    note(&format!("{} Tried again until it answers.", store_error(&why)));
                }
                is_lost = true;
                tokio::time::sleep(PAUSE).await;
            }
            Err(why) => return Err(denied(why)),
        }
    }
}

fn show(
    event: LogEvent,
    after: &mut Option<Position>,
    filter: &EventFilter,
    lines: &mut LogLines,
) -> Result<(), Failure> {
    match event {
        LogEvent::Event(record) => {
            *after = Some(record.position);
            if filter.is_met(&record) { print(&lines.line(&record)) } else { Ok(()) }
        }
        LogEvent::Checkpoint(at) => {
            *after = Some(at);
            Ok(())
        }
        LogEvent::CaughtUp | LogEvent::Other => Ok(()),
    }
}

/// Where `$all` may not be read, what can be.
pub fn denied(why: StoreError) -> Failure {
    match &why {
        StoreError::AccessDenied(denial) => Failure::Server(no_log(denial)),
        _ => why.into(),
    }
}
