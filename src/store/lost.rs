//! What became of a write whose answer was lost: its event is looked for in the stream, never guessed.

use super::client::Session;
use super::follow::backoff;
use super::{Append, AppendError, Expected, Life, StoreError, Written};
use crate::record::{Record, Revision};
use std::time::{Duration, Instant};

/// How long a server that went away may take to come back.
const PATIENCE: Duration = Duration::from_secs(10);
/// Events looked through where the write could have landed anywhere.
const NEWEST: usize = 4_096;

enum Trace {
    Written(Written),
    /// Another event is where the write would be.
    Overtaken(Revision),
    Tombstoned,
    Nothing,
    /// The place where the write would be cannot be read.
    Unknowable,
}

/// Looks until the event is found, was missing twice, or nobody answered for too long.
pub(super) async fn settle(
    session: &Session,
    append: &Append,
    why: StoreError,
) -> Result<Written, AppendError> {
    let until = Instant::now() + PATIENCE;
    let mut missed = false;
    for attempt in 0.. {
        match look(session, append).await {
            Ok(Trace::Written(written)) => return Ok(written),
            Ok(Trace::Overtaken(actual)) => {
                return Err(AppendError::Conflict { expected: append.expected, actual: Some(actual) });
            }
            Ok(Trace::Tombstoned) => return Err(AppendError::Tombstoned(append.stream.clone())),
            Ok(Trace::Nothing) if missed => return Err(AppendError::NotAppended(why)),
            // The request may still be on its way through the server.
            Ok(Trace::Nothing) => missed = true,
            Ok(Trace::Unknowable) => break,
            Err(_) if Instant::now() >= until => break,
            Err(error) => tracing::debug!(%error, "the written event cannot be looked for yet"),
        }
        tokio::time::sleep(backoff(attempt)).await;
    }
    Err(AppendError::Lost(why))
}

async fn look(session: &Session, append: &Append) -> Result<Trace, StoreError> {
    // The connection that lost the answer may be dead without knowing it.
    let session = session.anew().await?;
    let ours = |record: &Record| append.events.first().is_some_and(|event| event.id == record.id);
    let after = match append.expected {
        Expected::NoStream => None,
        Expected::Exact(revision) => Some(revision),
        Expected::StreamExists | Expected::Any => {
            let newest = session.newest(&append.stream, NEWEST).await?;
            let whole = newest.len() < NEWEST;
            return Ok(match newest.iter().find(|record| ours(record)) {
                Some(record) => Trace::Written(written(record, append)),
                None if whole => Trace::Nothing,
                None => Trace::Unknowable,
            });
        }
    };
    let mut first = None;
    let life =
        session.read_after(&append.stream, after, 1, |records| first = records.into_iter().next()).await?;
    let next = after.map_or(0, |after| after.0 + 1);
    Ok(match (first, life) {
        (Some(record), _) if ours(&record) => Trace::Written(written(&record, append)),
        (Some(record), _) if record.revision.0 == next => {
            let newest = session.newest(&append.stream, 1).await?;
            Trace::Overtaken(newest.first().map_or(record.revision, |newest| newest.revision))
        }
        // What was at that place is truncated away.
        (Some(_), _) => Trace::Unknowable,
        (None, Life::Tombstoned) => Trace::Tombstoned,
        (None, _) => Trace::Nothing,
    })
}

fn written(first: &Record, append: &Append) -> Written {
    let last = first.revision.0 + append.events.len().saturating_sub(1) as u64;
    Written { revision: Revision(last), position: first.position, recovered: true }
}
