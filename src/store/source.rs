//! Where the stream list comes from: the best source that the server has and lets this user read.

use super::directory::Directory;
use super::session::{Session, signed};
use super::{Denial, Life, StoreError};
use crate::record::{Position, Record, StreamName};
use eventstore::{
    StreamPosition, SubscribeToAllOptions, SubscribeToStreamOptions, Subscription, SubscriptionFilter,
};
use futures::StreamExt;

/// Streams read between two updates.
const BATCH: usize = 512;
/// Streams read at once.
const READS: usize = 16;
pub const STREAMS: &str = "$streams";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// `$all`, filtered by name: events and limits in one pass.
    All,
    /// The category's links: this user may not read `$all`.
    Links,
    /// The names in `$streams`; each stream is read by itself.
    Names,
}

impl Source {
    /// As shown; code stands between backticks.
    pub fn shown(self, category: &str) -> String {
        match (self, category) {
            (Self::All, "" | "*") => "`$all`, every stream".to_owned(),
            (Self::All, category) => format!("`$all`, prefix `{category}-`"),
            (Self::Links, category) => format!("`$ce-{category}`"),
            (Self::Names, _) => format!("`{STREAMS}`"),
        }
    }

    /// What the list cannot show for it, and whether that is worth a warning.
    pub fn unseen(self) -> (&'static str, bool) {
        match self {
            Self::All => ("Events that a scavenge removed are not in $all.", false),
            Self::Links => (
                "This user may not read $all: the list is as late as the projection that makes the links, and has no events that it could not read.",
                true,
            ),
            Self::Names => (
                "This user may not read $all: new streams appear, later events of a listed one do not.",
                true,
            ),
        }
    }
}

/// What an earlier list proves of the database that answers now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    Same,
    /// The list must be read anew; the database may be the same.
    Stale,
    Another,
}

fn every(category: &str) -> bool {
    matches!(category, "" | "*")
}

impl Session {
    /// `$all` where it may be read, else the category's links, else the names.
    pub(super) async fn choose(&self, category: &str) -> Result<Source, StoreError> {
        if allowed(self.event_at(None).await)?.is_some() {
            return Ok(Source::All);
        }
        if !every(category) && self.begins(&format!("$ce-{category}")).await? {
            return Ok(Source::Links);
        }
        if self.begins(STREAMS).await? {
            return Ok(Source::Names);
        }
        // The refusal of `$all` says more where the login itself is refused.
        let denial = match self.event_at(None).await {
            Err(StoreError::AccessDenied(Denial::Rights(user))) => Denial::Listing(user),
            Err(StoreError::AccessDenied(denial)) => denial,
            _ => Denial::Listing(self.user().unwrap_or_default().to_owned()),
        };
        Err(StoreError::AccessDenied(denial))
    }

    /// Whether the stream can be read from its event 0.
    pub(super) async fn begins(&self, stream: &str) -> Result<bool, StoreError> {
        let (stream, mut first) = (StreamName::new(stream), None);
        let read = self.read_after(&stream, None, 1, |records| first = records.first().map(|r| r.revision.0));
        allowed(read.await)?;
        Ok(first == Some(0))
    }

    /// What comes after all that the directory has seen.
    pub(super) async fn subscribe(&self, directory: &Directory) -> Subscription {
        let category = directory.category();
        match directory.source() {
            Some(Source::Links) => self.subscribe_to_links(&format!("$ce-{category}"), directory, true).await,
            Some(Source::Names) => self.subscribe_to_links(STREAMS, directory, false).await,
            Some(Source::All) | None => self.subscribe_to_all(directory.position(), category).await,
        }
    }

    async fn subscribe_to_links(&self, stream: &str, directory: &Directory, resolve: bool) -> Subscription {
        let from = directory
            .link()
            .map_or(StreamPosition::Start, |(revision, _)| StreamPosition::Position(revision));
        let options = SubscribeToStreamOptions::default().start_from(from);
        let options = if resolve { options.resolve_link_tos() } else { options };
        self.client().subscribe_to_stream(stream, &signed!(self, options)).await
    }

    async fn subscribe_to_all(&self, after: Option<Position>, category: &str) -> Subscription {
        let filter = SubscriptionFilter::on_stream_name();
        let filter = if every(category) {
            filter.regex(r"^(\$\$)?[^$]")
        } else {
            filter.add_prefix(format!("{category}-")).add_prefix(format!("$${category}-"))
        };
        let from = after.map_or(StreamPosition::Start, |p| {
            StreamPosition::Position(eventstore::Position { commit: p.commit, prepare: p.prepare })
        });
        let options = SubscribeToAllOptions::default().position(from).filter(filter);
        self.client().subscribe_to_all(&signed!(self, options)).await
    }

    /// Only an answer that proves another database is taken for one: a failed call is an error.
    pub(super) async fn knows(&self, directory: &Directory) -> Result<Known, StoreError> {
        match (directory.source(), directory.last(), directory.link()) {
            (Some(Source::All), Some((position, id)), _) => {
                match self.event_at(Some(position)).await {
                    Ok(Some(record)) if record.position == position && record.id == id => Ok(Known::Same),
                    Ok(Some(record)) if record.position == position => Ok(Known::Another),
                    // Scavenged away, or another log: the first event of all tells.
                    Ok(Some(_)) => self.begins_as(directory.first()).await,
                    // The log is shorter than it was, or has no record there.
                    Ok(None) | Err(StoreError::InvalidPosition) => Ok(Known::Another),
                    Err(error) => Err(error),
                }
            }
            (Some(source), _, Some((revision, id))) => {
                let category = directory.category();
                let stream =
                    if source == Source::Names { STREAMS.to_owned() } else { format!("$ce-{category}") };
                // A projection that was reset writes its links anew.
                let same = self.id_at(&stream, revision).await? == Some(id);
                Ok(if same { Known::Same } else { Known::Stale })
            }
            _ => Ok(Known::Same),
        }
    }

    async fn begins_as(&self, first: Option<(Position, uuid::Uuid)>) -> Result<Known, StoreError> {
        let now = self.first_event().await?.map(|record| (record.position, record.id));
        Ok(match (first, now) {
            (Some(before), Some(now)) if before.0 == now.0 && before.1 != now.1 => Known::Another,
            _ => Known::Same,
        })
    }

    /// The first event that the database still has; `None` where there is none, or this user may not read it.
    pub(super) async fn first_event(&self) -> Result<Option<Record>, StoreError> {
        let start = Position { commit: 0, prepare: 0 };
        Ok(allowed(self.event_at(Some(start)).await)?.flatten())
    }

    /// The id of an event, by its revision.
    async fn id_at(&self, stream: &str, revision: u64) -> Result<Option<uuid::Uuid>, StoreError> {
        let after = revision.checked_sub(1).map(crate::record::Revision);
        let (stream, mut id) = (StreamName::new(stream), None);
        self.read_after(&stream, after, 1, |records| {
            id = records.first().filter(|r| r.revision.0 == revision).map(|r| r.id);
        })
        .await?;
        Ok(id)
    }

    /// Reads some of the streams that links told of; answers whether all are read.
    pub(super) async fn read_unread(&self, directory: &mut Directory) -> Result<bool, StoreError> {
        let due = directory.unread(BATCH);
        let all = due.len() < BATCH;
        let mut reads =
            futures::stream::iter(due).map(|stream| self.read_listed(stream)).buffer_unordered(READS);
        while let Some(read) = reads.next().await {
            let (stream, records, life, metadata) = read?;
            directory.replace(&stream, &records, &life, metadata.as_ref());
        }
        Ok(all)
    }

    /// A stream that this user may not read is listed by what was seen of it.
    async fn read_listed(
        &self,
        stream: StreamName,
    ) -> Result<(StreamName, Vec<Record>, Life, Option<Record>), StoreError> {
        let mut records = Vec::new();
        let life = allowed(self.read(&stream, |batch| records.extend(batch)).await)?.unwrap_or(Life::Missing);
        let newest = allowed(self.newest(&StreamName::new(&format!("$${stream}")), 1).await)?;
        Ok((stream, records, life, newest.into_iter().flatten().next()))
    }
}

/// No rights are an answer, too.
fn allowed<T>(answer: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match answer {
        Ok(answer) => Ok(Some(answer)),
        Err(StoreError::AccessDenied(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
