//! What became of a write whose answer was lost: its event is looked for in the stream, never guessed.

use crate::decision::{Append, Expected};
use crate::record::{Record, Revision};
use crate::store::grpc::Session;
use crate::store::retry::backoff;
use crate::store::{AppendError, Life, StoreError, Written};
use std::time::{Duration, Instant};

/// How long a server that went away may take to come back, before the fate of a write is called unknown.
const PATIENCE: Duration = Duration::from_secs(10);
/// Events looked through where the write could have landed anywhere.
const NEWEST: usize = 4_096;

/// Looks once somebody answers; `None` where that is not soon, or where it does not tell.
pub(super) async fn find_patiently(
    session: &Session,
    append: &Append,
) -> Option<Result<Written, AppendError>> {
    let until = Instant::now() + PATIENCE;
    for attempt in 0.. {
        match find(session, append).await {
            Ok(known) => return known,
            Err(error) if Instant::now() >= until || !error.passes() => return None,
            Err(error) => tracing::debug!(?error, "the written event cannot be looked for yet"),
        }
        session.pause(backoff(attempt)).await;
    }
    None
}

/// That the event is there proves that it was written; that another stands in its place, that it never will be.
/// That nothing is there proves nothing: the request may still be on its way.
pub(super) async fn find(
    session: &Session,
    append: &Append,
) -> Result<Option<Result<Written, AppendError>>, StoreError> {
    let session = session.at_leader().await?;
    let ours = |record: &Record| append.events.first().is_some_and(|event| event.id == record.id);
    let after = match append.expected {
        Expected::NoStream => None,
        Expected::Exact(revision) => Some(revision),
        Expected::StreamExists | Expected::Any => {
            let newest = session.newest(&append.stream, NEWEST).await?;
            return Ok(newest.iter().find(|record| ours(record)).map(|record| Ok(written(record, append))));
        }
    };
    let mut first = None;
    let life =
        session.read_after(&append.stream, after, 1, |records| first = records.into_iter().next()).await?;
    let next = after.map_or(0, |after| after.0 + 1);
    Ok(match (first, life) {
        (Some(record), _) if ours(&record) => Some(Ok(written(&record, append))),
        (Some(record), _) if record.revision.0 == next => {
            let newest = session.newest(&append.stream, 1).await?;
            let actual = newest.first().map_or(record.revision, |newest| newest.revision);
            Some(Err(AppendError::Conflict { expected: append.expected, actual: Some(actual) }))
        }
        (None, Life::Tombstoned) => Some(Err(AppendError::Tombstoned(append.stream.clone()))),
        // Nothing is there yet, or what was at that place is truncated away.
        _ => None,
    })
}

fn written(first: &Record, append: &Append) -> Written {
    let last = first.revision.0 + append.events.len().saturating_sub(1) as u64;
    Written { revision: Revision(last), position: first.position, recovered: true, leader: None }
}
