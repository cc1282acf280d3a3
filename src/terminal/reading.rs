//! Reading from whichever node answers.

use crate::aggregate::{Aggregate, Registry};
use crate::decision::{Append, Origin};
use crate::history::{Replay, Timeline};
use crate::record::{Record, Revision, StreamName, gone_until};
use crate::store::{
    AppendError, Journal, Life, Listing, Permit, Resolve, Session, StoreError, StreamRow, Written,
};
use std::sync::Arc;
use std::time::Duration;

/// The program that serves the sandbox may end between two calls; then another, or we, serve it.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(150);

/// All that can be read of a stream now.
pub struct Stream {
    pub name: StreamName,
    pub records: Vec<Record>,
    pub life: Life,
    /// Of the newest event, readable or not, where the server tells.
    pub last: Option<Revision>,
}

impl Stream {
    /// Every record, folded.
    pub fn replay(&self) -> Replay {
        let mut replay = Replay::new(self.aggregate(), self.name.clone());
        if self.life == Life::Live && self.records.is_empty() {
            replay.begins_truncated();
        }
        for record in &self.records {
            replay.apply(record, &mut Vec::new());
        }
        replay
    }

    fn aggregate(&self) -> Arc<dyn Aggregate> {
        Registry::default().for_stream(&self.name).clone()
    }

    /// The timeline before the first record.
    pub fn empty_timeline(&self) -> Timeline {
        let mut timeline = Timeline::new(self.aggregate(), self.name.clone());
        if self.life == Life::Live && self.records.is_empty() {
            timeline.begins_truncated();
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
            Life::Live if self.records.is_empty() => {
                let gone = self.last.map_or_else(|| "its events are gone".to_owned(), gone_until);
                Some(format!("Stream {name} exists, but {gone}: its state is unknown."))
            }
            _ => {
                let gone = gone_until(Revision(self.records.first()?.revision.0.checked_sub(1)?));
                let told = if self.replay().is_known() {
                    "the state is complete from what followed"
                } else {
                    "the state is incomplete"
                };
                Some(format!("Stream {name} is truncated: {gone}, {told}."))
            }
        }
    }
}

/// The database of one verb: connected once, and again only where nobody answers.
pub struct Database {
    resolve: Resolve,
    journal: Journal,
    /// Who writes and where.
    pub origin: Origin,
    session: tokio::sync::Mutex<Option<Session>>,
}

impl Database {
    pub fn new(resolve: Resolve, journal: &Journal, origin: Origin) -> Self {
        Self { resolve, journal: journal.clone(), origin, session: tokio::sync::Mutex::default() }
    }

    async fn session(&self) -> Result<Session, StoreError> {
        let mut kept = self.session.lock().await;
        if let Some(session) = &*kept {
            return Ok(session.clone());
        }
        let session = Session::connect((self.resolve)().await?).await?;
        Ok(kept.insert(session).clone())
    }

    /// The program that served it may have gone: who serves is asked anew.
    async fn again(&self, why: &StoreError) {
        tracing::debug!(?why, "once more");
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

/// The streams of a category, and where they come from.
pub async fn list(database: &Database, category: &str) -> Result<(Vec<StreamRow>, Listing), StoreError> {
    patiently(database, async || database.session().await?.list_with_source(category).await).await
}

/// Reads at most so many events of the stream.
pub async fn read(database: &Database, name: &str, most: usize) -> Result<Stream, StoreError> {
    let name = StreamName::new(name);
    patiently(database, async || {
        let (records, life, last) = database.session().await?.read_resolved(&name, most).await?;
        Ok(Stream { name: name.clone(), records, life, last })
    })
    .await
}

/// Appends; once more with the same event ids where it was not sent because nobody answered.
pub async fn append(database: &Database, append: &Append, permit: Permit) -> Result<Written, AppendError> {
    let once = async || {
        let session = database.session().await.map_err(AppendError::Failed)?;
        session.writer().noting(Some(database.journal.clone())).append(append, permit).await
    };
    for _ in 1..TRIES {
        match once().await {
            Err(AppendError::Failed(why)) if why.passes() => database.again(&why).await,
            other => return other,
        }
    }
    once().await
}
