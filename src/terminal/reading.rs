//! What a verb reads: a stream with its state, or the list.

use super::database::Database;
use crate::aggregate::Registry;
use crate::history::Replay;
use crate::record::{Created, Record, Revision, StreamName, gone_until};
use crate::store::{Life, Listing, PastList, Rehydrated, Session, StoreError, StreamRow};

/// All that can be read of a stream now.
pub struct Stream {
    pub name: StreamName,
    pub records: Vec<Record>,
    pub life: Life,
    /// Of the newest event, readable or not, where the server tells.
    pub last: Option<Revision>,
}

/// What of a stream is gone, where its first event that can be read is this one.
pub fn gone_note(
    name: &StreamName,
    life: &Life,
    first: Option<Revision>,
    last: Option<Revision>,
    is_known: impl FnOnce() -> bool,
) -> Option<String> {
    match (life, first) {
        (Life::SoftDeleted, _) => {
            Some(format!("Stream {name} is soft-deleted: its events are gone, new ones may follow."))
        }
        (Life::Tombstoned, _) => Some(format!("Stream {name} is tombstoned: it never takes events again.")),
        (Life::Live, None) => {
            let gone = last.map_or_else(|| "its events are gone".to_owned(), gone_until);
            Some(format!("Stream {name} exists, but {gone}: its state is unknown."))
        }
        _ => {
            let gone = gone_until(Revision(first?.0.checked_sub(1)?));
            let told = if is_known() {
                "the state is complete from what followed"
            } else {
                "the state is incomplete"
            };
            Some(format!("Stream {name} is truncated: {gone}, {told}."))
        }
    }
}

/// The stream before its first event.
pub fn unread(registry: &Registry, name: &StreamName) -> Replay {
    Replay::new(registry.for_stream(name).clone(), name.clone())
}

/// The streams of a category, and where they come from.
pub async fn list(database: &Database, category: &str) -> Result<(Vec<StreamRow>, Listing), StoreError> {
    // A file is served elsewhere each time.
    let lists = || database.served.is_none().then(|| database.lists.clone());
    let list =
        async |session: Session| session.list_keeping(category, database.registry.clone(), lists()).await;
    database.patiently(list).await
}

/// The same as it was at the moment.
pub async fn list_at(
    database: &Database,
    category: &str,
    at: Created,
) -> Result<(Vec<StreamRow>, Listing), StoreError> {
    // After a lost connection it goes on with what it holds.
    let mut past = PastList::new(category, database.registry.clone());
    database.patiently(async |session| past.at(&session, at).await.map(drop)).await?;
    Ok((past.rows().values().cloned().collect(), past.listing()))
}

/// The same by other folds, of which nothing is kept.
pub async fn list_by(
    database: &Database,
    category: &str,
    registry: Registry,
) -> Result<(Vec<StreamRow>, Listing), StoreError> {
    database.patiently(async |session| session.list_keeping(category, registry.clone(), None).await).await
}

/// Reads at most so many events of the stream.
pub async fn read(database: &Database, name: &str, most: usize) -> Result<Stream, StoreError> {
    let name = StreamName::new(name);
    let read = async |session: Session| session.read_resolved(&name, most).await;
    let (records, life, last) = database.patiently(read).await?;
    Ok(Stream { name, records, life, last })
}

/// The stream's aggregate after all that can be read of it.
pub async fn rehydrate(
    database: &Database,
    name: &StreamName,
    registry: &Registry,
) -> Result<Rehydrated, StoreError> {
    let fold = async |session: Session| session.rehydrate(unread(registry, name), None, None).await;
    database.patiently(fold).await
}

/// What of the stream is gone, so that nobody takes the rest for the whole.
pub fn gone(stream: &Rehydrated) -> Option<String> {
    let first = stream.first.map(|(revision, _)| revision);
    gone_note(stream.replay.stream(), &stream.life, first, stream.last, || stream.replay.is_known())
}

/// The stream of that name, or else the one of the category with that id; with its first event.
pub async fn find(database: &Database, name: &str, category: &str) -> Result<Stream, StoreError> {
    let stream = read(database, name, 1).await?;
    if stream.life != Life::Missing || stream.name.is_system() || category == "*" {
        return Ok(stream);
    }
    let by_id = read(database, &format!("{category}-{name}"), 1).await?;
    Ok(if by_id.life == Life::Missing { stream } else { by_id })
}
