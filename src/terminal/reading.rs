//! Reading from whichever node answers.

use super::pending::{Resolve, Session};
use crate::domain::OrderFold;
use crate::history::Timeline;
use crate::record::{Record, StreamName};
use crate::store::{Append, AppendError, Life, StoreError, Written};

/// The program that serves the sandbox may end between two calls; then another, or we, serve it.
const TRIES: u32 = 3;

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

pub async fn session(resolve: &Resolve) -> Result<Session, StoreError> {
    Session::connect(&resolve().await?).await
}

/// Reads the whole stream.
pub async fn read(resolve: &Resolve, name: &str) -> Result<Stream, StoreError> {
    let name = StreamName::new(name);
    let mut tries = 0;
    loop {
        tries += 1;
        match read_once(resolve, &name).await {
            Err(StoreError::Unreachable(why)) if tries < TRIES => tracing::debug!(%why, "once more"),
            Ok(Stream { life: Life::Failed(error), .. }) => return Err(error),
            other => return other,
        }
    }
}

async fn read_once(resolve: &Resolve, name: &StreamName) -> Result<Stream, StoreError> {
    let mut records = Vec::new();
    let life = session(resolve).await?.read(name, |batch| records.extend(batch)).await?;
    Ok(Stream { name: name.clone(), records, life })
}

/// Appends; once more with the same event ids where the server went away, which cannot double an event.
pub async fn append(resolve: &Resolve, append: &Append) -> Result<Written, AppendError> {
    let mut tries = 0;
    loop {
        tries += 1;
        let session = session(resolve).await.map_err(AppendError::Failed)?;
        match session.append(append).await {
            Err(AppendError::Lost(why) | AppendError::Failed(why @ StoreError::Unreachable(_)))
                if tries < TRIES =>
            {
                tracing::debug!(%why, "once more");
            }
            other => return other,
        }
    }
}
