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

/// The database of one verb: connected once, and again only where nobody answers.
pub struct Database {
    resolve: Resolve,
    journal: Journal,
    session: tokio::sync::Mutex<Option<Session>>,
}

impl Database {
    pub fn new(resolve: Resolve, journal: &Journal) -> Self {
        Self { resolve, journal: journal.clone(), session: tokio::sync::Mutex::default() }
    }

    async fn session(&self) -> Result<Session, StoreError> {
        let mut kept = self.session.lock().await;
        if let Some(session) = &*kept {
            return Ok(session.clone());
        }
        let session = Session::connect((self.resolve)().await?).await?.journaled(Some(self.journal.clone()));
        Ok(kept.insert(session).clone())
    }

    /// The program that served it may have gone: who serves is asked anew.
    async fn again(&self, why: &StoreError) {
        tracing::debug!(%why, "once more");
        if matches!(why, StoreError::Unreachable(_)) {
            *self.session.lock().await = None;
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Tries again while nobody answers, each time asking anew who serves.
async fn patiently<T>(
    database: &Database,
    call: impl AsyncFn() -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    for _ in 1..TRIES {
        match call().await {
            Err(why) if why.passes() || matches!(why, StoreError::Server(_)) => database.again(&why).await,
            other => return other,
        }
    }
    call().await
}

/// The streams of a category.
pub async fn list(database: &Database, category: &str) -> Result<Vec<StreamRow>, StoreError> {
    patiently(database, async || database.session().await?.list(category).await).await
}

/// Reads the whole stream.
pub async fn read(database: &Database, name: &str) -> Result<Stream, StoreError> {
    let name = StreamName::new(name);
    patiently(database, async || {
        let mut records = Vec::new();
        match database.session().await?.read(&name, |batch| records.extend(batch)).await? {
            Life::Failed(error) => Err(error),
            life => Ok(Stream { name: name.clone(), records, life }),
        }
    })
    .await
}

/// Appends; once more with the same event ids where it was not sent because nobody answered.
pub async fn append(database: &Database, append: &Append, permit: Permit) -> Result<Written, AppendError> {
    let once = async || database.session().await.map_err(AppendError::Failed)?.append(append, permit).await;
    for _ in 1..TRIES {
        match once().await {
            Err(AppendError::Failed(why)) if why.passes() => database.again(&why).await,
            other => return other,
        }
    }
    once().await
}
