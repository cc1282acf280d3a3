//! The streams of a definition folded by two definitions, while somebody wants them compared.

use super::grpc::Session;
use super::update_sender::UpdateSender;
use super::{ComparedFolds, ComparedStream, ComparisonStep, StoreError, Update};
use crate::aggregate::Registry;
use crate::aggregate::script::Scope;
use crate::history::Comparison;
use crate::record::StreamName;
use futures::StreamExt;
use std::time::Duration;
use tokio::time::Instant;

/// Streams read at once.
const READS: usize = 8;
/// Most rows of one update.
const ROWS: usize = 256;
/// Longest time between two updates while streams are done.
const STEP: Duration = Duration::from_millis(100);
/// How long events are folded before other tasks have their turn; one event may take longer.
const TURN: Duration = Duration::from_millis(2);

/// Compares from the first stream on, by name; ends only where the connection does.
pub async fn compare(session: Session, folds: ComparedFolds, out: UpdateSender) -> StoreError {
    let ended = match compare_streams(&session, &folds, &out).await {
        Err(error) if error.passes() => return error,
        ended => ended,
    };
    send(&folds, &out, ComparisonStep::Ended(ended)).await;
    std::future::pending().await
}

async fn send(folds: &ComparedFolds, out: &UpdateSender, step: ComparisonStep) {
    out.send(Update::Compared { ticket: folds.ticket, step }).await;
}

async fn compare_streams(
    session: &Session,
    folds: &ComparedFolds,
    out: &UpdateSender,
) -> Result<(), StoreError> {
    send(folds, out, ComparisonStep::Listing).await;
    let streams = streams(session, &folds.scope).await?;
    send(folds, out, ComparisonStep::Listed(streams.len() as u64)).await;
    let mut comparing =
        futures::stream::iter(streams).map(|stream| compare_stream(session, folds, stream)).buffered(READS);
    let (mut done, mut unreadable, mut differing) = (0, 0, Vec::new());
    let mut due = Instant::now();
    while let Some(compared) = comparing.next().await {
        done += 1;
        match compared {
            Ok(found) => differing.extend(found),
            Err(StoreError::AccessDenied(_)) => unreadable += 1,
            Err(error) => return Err(error),
        }
        if differing.len() == ROWS || due <= Instant::now() {
            let differing = std::mem::take(&mut differing);
            send(folds, out, ComparisonStep::Streams { done, unreadable, differing }).await;
            due = Instant::now() + STEP;
        }
    }
    send(folds, out, ComparisonStep::Streams { done, unreadable, differing }).await;
    Ok(())
}

async fn streams(session: &Session, scope: &Scope) -> Result<Vec<StreamName>, StoreError> {
    let category = match scope {
        Scope::Stream(stream) => return Ok(vec![StreamName::new(stream)]),
        Scope::Category(category) => category,
        Scope::All => "*",
    };
    // Only the names are of use, so the folds that cost least make the list.
    let (rows, _) = session.list_keeping(category, Registry::default(), None).await?;
    Ok(rows.into_iter().map(|row| row.stream).collect())
}

async fn compare_stream(
    session: &Session,
    folds: &ComparedFolds,
    stream: StreamName,
) -> Result<Option<ComparedStream>, StoreError> {
    let other = folds.other.for_stream(&stream).clone();
    let mut comparison = Comparison::new(folds.one.clone(), other, &stream);
    let (mut pages, mut changed) = (session.pages(&stream, None), Vec::new());
    let mut turn = Instant::now();
    while let Some(pack) = pages.pack().await? {
        for at in 0..pack.len() {
            if let Some(record) = pack.get(at) {
                changed.clear();
                comparison.apply(record, &mut changed);
            }
            if turn.elapsed() > TURN {
                tokio::task::yield_now().await;
                turn = Instant::now();
            }
        }
    }
    Ok(comparison.difference().map(|difference| ComparedStream { stream, difference }))
}
