//! Reading from whichever node answers.

use crate::domain::OrderFold;
use crate::history::Timeline;
use crate::record::{Record, StreamName};
use crate::store::{
    Append, AppendError, Journal, Life, Permit, Resolve, Session, StoreError, StreamRow, Written,
};
use std::time::Duration;

/// The program that serves the sandbox may end between two calls; then another, or we, serve it.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(150);

/// All that can be read of a stream now.
pub struct Stream {
    pub name: StreamName,
    pub records: Vec<Record>,
    pub life: Life,
}

impl Stream {
    pub fn timeline(&self) -> Timeline<OrderFold> {
        let mut timeline = Timeline::new(OrderFold::of_stream(self.name.as_str()));
        for record in &self.records {
            timeline.push(record.clone());
        }
        timeline
    }

    /// What is gone, so that nobody takes the rest for the whole.
    pub fn note(&self) -> Option<String> {
        let name = &self.name;
        match self.life {
            Life::SoftDeleted => {
                Some(format!("Stream {name} is soft-deleted: its events are gone, new ones may follow."))
            }
            Life::Tombstoned => Some(format!("Stream {name} is tombstoned: it never takes events again.")),
            _ => match self.records.first()?.revision.0 {
                0 => None,
                1 => {
                    Some(format!("Stream {name} is truncated: revision 0 is gone, the state is incomplete."))
                }
                first => Some(format!(
                    "Stream {name} is truncated: revisions 0\u{2013}{} are gone, the state is incomplete.",
                    first - 1
                )),
            },
        }
    }
}

async fn session(resolve: &Resolve) -> Result<Session, StoreError> {
    Session::connect(resolve().await?).await
}

/// Tries again while nobody answers, each time asking anew who serves.
async fn patiently<T>(mut call: impl AsyncFnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
    for _ in 1..TRIES {
        match call().await {
            Err(why) if why.passes() || matches!(why, StoreError::Server(_)) => {
                tracing::debug!(%why, "once more");
            }
            other => return other,
        }
        tokio::time::sleep(PAUSE).await;
    }
    call().await
}

/// The streams of a category.
pub async fn list(resolve: &Resolve, category: &str) -> Result<Vec<StreamRow>, StoreError> {
    patiently(async || session(resolve).await?.list(category).await).await
}

/// Reads the whole stream.
pub async fn read(resolve: &Resolve, name: &str) -> Result<Stream, StoreError> {
    let name = StreamName::new(name);
    patiently(async || {
        let mut records = Vec::new();
        match session(resolve).await?.read(&name, |batch| records.extend(batch)).await? {
            Life::Failed(error) => Err(error),
            life => Ok(Stream { name: name.clone(), records, life }),
        }
    })
    .await
}

/// Appends; once more with the same event ids where it was not sent because nobody answered.
pub async fn append(
    resolve: &Resolve,
    append: &Append,
    permit: Permit,
    journal: &Journal,
) -> Result<Written, AppendError> {
    for _ in 1..TRIES {
        match append_once(resolve, append, permit, journal).await {
            Err(AppendError::Failed(why)) if why.passes() => tracing::debug!(%why, "once more"),
            other => return other,
        }
        tokio::time::sleep(PAUSE).await;
    }
    append_once(resolve, append, permit, journal).await
}

async fn append_once(
    resolve: &Resolve,
    append: &Append,
    permit: Permit,
    journal: &Journal,
) -> Result<Written, AppendError> {
    let session = session(resolve).await.map_err(AppendError::Failed)?;
    session.journaled(Some(journal.clone())).append(append, permit).await
}
