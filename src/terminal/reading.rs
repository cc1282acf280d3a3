//! What a verb reads: a stream with its state, or the list.

use super::database::Database;
use crate::aggregate::{Aggregate, Registry};
use crate::history::{Replay, Timeline};
use crate::record::{Record, Revision, StreamName, gone_until};
use crate::store::{Life, Listing, Session, StoreError, StreamRow};
use std::sync::Arc;

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

/// The streams of a category, and where they come from.
pub async fn list(database: &Database, category: &str) -> Result<(Vec<StreamRow>, Listing), StoreError> {
    let lists = || Some(database.lists.clone());
    database.patiently(async |session| session.list_keeping(category, lists()).await).await
}

/// Reads at most so many events of the stream.
pub async fn read(database: &Database, name: &str, most: usize) -> Result<Stream, StoreError> {
    let name = StreamName::new(name);
    let read = async |session: Session| session.read_resolved(&name, most).await;
    let (records, life, last) = database.patiently(read).await?;
    Ok(Stream { name, records, life, last })
}
