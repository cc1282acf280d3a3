//! Where the stream list comes from: the best source that the server has and lets this user read.

use super::directory::Directory;
use super::session::{Failure, Session, raw, signed};
use super::{Denial, Life, StoreError};
use crate::record::{Position, StreamName};
use eventstore::{
    Error, ReadStreamOptions, ResolvedEvent, StreamPosition, SubscribeToAllOptions, SubscribeToStreamOptions,
    Subscription, SubscriptionFilter,
};

/// Links handed on at once.
const BATCH: usize = 512;
const STREAMS: &str = "$streams";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// `$all`, filtered by name: sees everything, and looks at everything to find it.
    All,
    /// The category's links for what was there, then `$all` for what comes.
    Category,
    /// The category's links alone: this user may not read `$all`.
    CategoryAlone,
    /// The names in `$streams`; each stream is read by itself.
    Names,
}

impl Source {
    pub fn follows_all(self) -> bool {
        matches!(self, Self::All | Self::Category)
    }

    /// As shown; code stands between backticks.
    pub fn shown(self, category: &str) -> String {
        match (self, category) {
            (Self::All, "" | "*") => "`$all`, every stream".to_owned(),
            (Self::All, category) => format!("`$all`, prefix `{category}-`"),
            (Self::Category, category) => format!("`$ce-{category}`, then `$all`"),
            (Self::CategoryAlone, category) => format!("`$ce-{category}`"),
            (Self::Names, _) => format!("`{STREAMS}`"),
        }
    }

    /// What the list cannot show for it, and whether that is worth a warning.
    pub fn unseen(self) -> (&'static str, bool) {
        match self {
            Self::All => ("Streams whose events a scavenge removed are not in $all.", false),
            Self::Category => ("A $maxCount that was set before is seen once it hides an event.", false),
            Self::CategoryAlone => (
                "This user may not read $all: the list is as late as the projection that makes the links.",
                true,
            ),
            Self::Names => (
                "This user may not read $all: new streams appear, later events of a listed one do not.",
                true,
            ),
        }
    }
}

fn every(category: &str) -> bool {
    matches!(category, "" | "*")
}

impl Session {
    /// Category links where they are whole, else `$all`, else the names.
    pub(super) async fn choose(&self, category: &str) -> Result<Source, StoreError> {
        let all = allowed(self.event_at(None).await)?.is_some();
        if !every(category) && self.begins(&format!("$ce-{category}")).await? {
            return Ok(if all { Source::Category } else { Source::CategoryAlone });
        }
        if all {
            return Ok(Source::All);
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
    async fn begins(&self, stream: &str) -> Result<bool, StoreError> {
        let (stream, mut first) = (StreamName::new(stream), None);
        let read = self.read_after(&stream, None, 1, |records| first = records.first().map(|r| r.revision.0));
        allowed(read.await)?;
        Ok(first == Some(0))
    }

    /// The links that are there, from after the one seen last.
    pub(super) fn links(&self, directory: &Directory) -> Links {
        let wanted = directory.source() == Some(Source::Category) && directory.position().is_none();
        let stream = format!("$ce-{}", directory.category());
        Links { session: self.clone(), stream, read: None, ended: !wanted }
    }

    /// What comes after all that the directory has seen.
    pub(super) async fn subscribe(&self, directory: &Directory) -> Subscription {
        let category = directory.category();
        match directory.source() {
            Some(Source::CategoryAlone) => {
                self.subscribe_to_links(&format!("$ce-{category}"), directory, true).await
            }
            Some(Source::Names) => self.subscribe_to_links(STREAMS, directory, false).await,
            Some(Source::All | Source::Category) | None => {
                self.subscribe_to_all(directory.position(), category).await
            }
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

    /// A reset database is known by another event, or another link, at the place of the last one.
    pub(super) async fn same_database(&self, directory: &Directory) -> Result<bool, StoreError> {
        let there = match (directory.source(), directory.last(), directory.link()) {
            (Some(Source::All | Source::Category), Some((position, id)), _) => {
                self.event_at(Some(position)).await.map(|found| found.map(|record| record.id) == Some(id))
            }
            (Some(source), _, Some((revision, id))) => {
                let category = directory.category();
                let stream =
                    if source == Source::Names { STREAMS.to_owned() } else { format!("$ce-{category}") };
                self.id_at(&stream, revision).await.map(|found| found == Some(id))
            }
            _ => return Ok(true),
        };
        match there {
            Err(StoreError::Server(_)) => Ok(false),
            there => there,
        }
    }

    /// The id of an event, by its revision.
    async fn id_at(&self, stream: &str, revision: u64) -> Result<Option<uuid::Uuid>, StoreError> {
        let after = revision.checked_sub(1).map(crate::record::Revision);
        let (stream, mut id) = (StreamName::new(stream), None);
        self.read_after(&stream, after, 1, |records| id = records.first().map(|r| r.id)).await?;
        Ok(id)
    }

    /// Truncated streams are folded from what can still be read; answers whether all are.
    pub(super) async fn refold(&self, directory: &mut Directory) -> Result<bool, StoreError> {
        for _ in 0..BATCH {
            let Some(stream) = directory.next_truncated() else { return Ok(true) };
            let mut records = Vec::new();
            let life = allowed(self.read(&stream, |batch| records.extend(batch)).await)?;
            // A stream that this user may not read is listed by what was seen of it.
            let life = life.unwrap_or(Life::Missing);
            directory.refold(&stream, &records, &life);
            // Who follows $all from the start has seen the metadata already.
            if directory.source() != Some(Source::All) {
                let newest = allowed(self.newest(&StreamName::new(&format!("$${stream}")), 1).await)?;
                directory.limit(&stream, newest.iter().flatten().next());
            }
        }
        Ok(directory.next_truncated().is_none())
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

/// A read of links with what they lead to.
pub struct Links {
    session: Session,
    stream: String,
    read: Option<eventstore::ReadStream>,
    ended: bool,
}

impl Links {
    /// The next batch, `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<ResolvedEvent>>, StoreError> {
        if self.ended {
            return Ok(None);
        }
        if self.read.is_none() {
            let options = ReadStreamOptions::default().resolve_link_tos();
            let options = signed!(self.session, options);
            self.read = Some(raw(self.session.client().read_stream(self.stream.as_str(), &options)).await?);
        }
        let Some(read) = &mut self.read else { return Ok(None) };
        let mut batch = Vec::new();
        while batch.len() < BATCH && !self.ended {
            match raw(read.next()).await {
                Ok(Some(event)) => batch.push(event),
                Ok(None) | Err(Failure::Said(Error::ResourceNotFound)) => self.ended = true,
                Err(failure) => return Err(self.session.explained(failure).await),
            }
        }
        Ok(Some(batch))
    }
}
