//! A guarded client: every call has a deadline of its own, because the crate enforces none.

use super::catalogue::Catalogue;
use super::connection::{display_address, prepare};
use super::convert::{Interner, append_error, expected, position, store_error};
use super::doctor;
use super::follow::Feed;
use super::tail::Tail;
use super::{Append, AppendError, Declared, Journal, Life, StoreError, StreamRow, Written, lost};
use crate::record::{Position, Record, Revision, StreamName};
use eventstore::{
    AppendToStreamOptions, Client, ClientSettings, Credentials, Error, EventData, ReadAllOptions,
    ReadStreamOptions, StreamPosition, SubscribeToStreamOptions, Subscription,
};
use serde_json::value::RawValue;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

const DEADLINE: Duration = Duration::from_secs(10);
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
/// Records handed on at once.
const BATCH: usize = 512;

/// A connection that answered once; cheap to clone.
#[derive(Clone)]
pub struct Session {
    pub(super) client: Client,
    pub(super) credentials: Option<Credentials>,
    address: Arc<str>,
    server: Arc<str>,
    journal: Option<Journal>,
    /// The name of a production database that is not to be written to.
    production: Option<String>,
    /// As it was given, to connect anew; may hold a password, never shown.
    given: Arc<str>,
}

/// Options of every kind take credentials in the same way.
macro_rules! signed {
    ($session:expr, $options:expr) => {
        match &$session.credentials {
            Some(credentials) => $options.authenticated(credentials.clone()),
            None => $options,
        }
    };
}

pub(super) use signed;

impl Session {
    /// Parses the string and waits for the server's first answer.
    pub async fn connect(connection_string: &str) -> Result<Self, StoreError> {
        let prepared = prepare(connection_string)?;
        let address = display_address(&prepared.url);
        let settings: ClientSettings = prepared
            .url
            .parse()
            .map_err(|e: eventstore::ClientSettingsParseError| StoreError::ConnectionString(e.to_string()))?;
        let client = Client::new(settings).map_err(|e| store_error(&e))?;
        match timeout(CONNECT_DEADLINE, client.server_info()).await {
            Ok(Ok(info)) => {
                let server = info.version().to_string().into();
                let (credentials, given) = (prepared.credentials, connection_string.into());
                Ok(Self {
                    client,
                    credentials,
                    address: address.into(),
                    server,
                    journal: None,
                    production: None,
                    given,
                })
            }
            Ok(Err(error)) => Err(doctor::cause(&address, prepared.tls, store_error(&error)).await),
            Err(_) => Err(StoreError::Timeout(CONNECT_DEADLINE.as_secs())),
        }
    }

    /// Another connection to the same server.
    pub(super) async fn anew(&self) -> Result<Self, StoreError> {
        Self::connect(&self.given).await
    }

    /// The same session; what it writes is noted.
    #[must_use]
    pub fn journaled(self, journal: Option<Journal>) -> Self {
        Self { journal, ..self }
    }

    /// The same session; writes nothing where the database declares itself production.
    pub async fn guarded(self) -> Self {
        let declared = self.declared().await.filter(|declared| declared.production);
        Self { production: declared.map(|declared| declared.name), ..self }
    }

    /// Host and port.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The server's version.
    pub fn server(&self) -> &str {
        &self.server
    }

    /// All events of the stream, forwards, in batches.
    pub async fn read(&self, stream: &StreamName, sink: impl FnMut(Vec<Record>)) -> Result<Life, StoreError> {
        self.read_after(stream, None, usize::MAX, sink).await
    }

    /// At most so many events of the stream, from after a revision.
    pub async fn read_after(
        &self,
        stream: &StreamName,
        after: Option<Revision>,
        most: usize,
        mut sink: impl FnMut(Vec<Record>),
    ) -> Result<Life, StoreError> {
        let mut pages = self.pages(stream, after);
        pages.most = most;
        while let Some(records) = pages.next().await? {
            sink(records);
        }
        Ok(pages.life)
    }

    /// The newest events of the stream, newest first, at most so many.
    pub(super) async fn newest(&self, stream: &StreamName, most: usize) -> Result<Vec<Record>, StoreError> {
        let options = ReadStreamOptions::default().position(StreamPosition::End).backwards().max_count(most);
        let options = signed!(self, options);
        let (mut records, mut interner) = (Vec::new(), Interner::default());
        let mut read = match raw(self.client.read_stream(stream.as_str(), &options)).await {
            Ok(read) => read,
            Err(failure) => return nothing_there(failure).map(|()| records),
        };
        loop {
            match raw(read.next()).await {
                Ok(Some(event)) => {
                    records.extend(event.link.as_ref().or(event.event.as_ref()).map(|e| interner.record(e)));
                }
                Ok(None) => return Ok(records),
                Err(failure) => return nothing_there(failure).map(|()| records),
            }
        }
    }

    /// The stream in batches, from after a revision.
    pub(super) fn pages(&self, stream: &StreamName, after: Option<Revision>) -> Pages {
        Pages {
            session: self.clone(),
            stream: stream.clone(),
            after,
            most: usize::MAX,
            read: None,
            interner: Interner::default(),
            life: Life::Reading,
        }
    }

    /// Writes exactly this; JSON with the ids given, so that a retry cannot double it.
    pub async fn append(&self, append: &Append) -> Result<Written, AppendError> {
        if let Some(name) = &self.production {
            return Err(AppendError::Production(name.clone()));
        }
        let Some(journal) = &self.journal else { return self.settled(append).await };
        let sent = journal.sent(&self.address, append);
        let result = self.settled(append).await;
        journal.answered(sent, &result);
        result
    }

    async fn settled(&self, append: &Append) -> Result<Written, AppendError> {
        match self.write(append).await {
            Err(AppendError::Lost(why)) => lost::settle(self, append, why).await,
            other => other,
        }
    }

    async fn write(&self, append: &Append) -> Result<Written, AppendError> {
        if append.stream.as_str().starts_with('$') {
            let why = format!(
                "{} belongs to the database. Nothing is written to streams that begin with $.",
                append.stream
            );
            return Err(AppendError::Failed(StoreError::AccessDenied(why)));
        }
        let mut events = Vec::with_capacity(append.events.len());
        for proposed in &append.events {
            let raw: Result<&RawValue, _> = serde_json::from_slice(&proposed.data);
            let event = raw.and_then(|raw| EventData::json(proposed.event_type, &raw));
            let event = event
                .map_err(|e| AppendError::Failed(StoreError::Server(format!("the event is no JSON: {e}"))))?;
            let event = event.id(proposed.id);
            let metadata = bytes::Bytes::copy_from_slice(&proposed.metadata);
            events.push(if metadata.is_empty() { event } else { event.metadata(metadata) });
        }
        let options = AppendToStreamOptions::default().expected_revision(expected(append.expected));
        let options = signed!(self, options);
        match timeout(DEADLINE, self.client.append_to_stream(append.stream.as_str(), &options, events)).await
        {
            Ok(Ok(written)) => Ok(Written {
                revision: Revision(written.next_expected_version),
                position: position(written.position),
                recovered: false,
            }),
            Ok(Err(error)) => Err(append_error(&error, append)),
            Err(_) => Err(AppendError::Lost(StoreError::Timeout(DEADLINE.as_secs()))),
        }
    }

    /// The stream list as it is now.
    pub async fn list(&self, category: &str) -> Result<Vec<StreamRow>, StoreError> {
        Ok(Catalogue::new(category).refreshed(self).await?.values().cloned().collect())
    }

    pub(super) async fn subscribe_to_stream(
        &self,
        stream: &StreamName,
        after: Option<Revision>,
    ) -> Subscription {
        let from = after.map_or(StreamPosition::Start, |revision| StreamPosition::Position(revision.0));
        let options = SubscribeToStreamOptions::default().start_from(from);
        self.client.subscribe_to_stream(stream.as_str(), &signed!(self, options)).await
    }

    /// The stream's events from after a revision, and then what is written.
    pub async fn tail(&self, stream: &StreamName, after: Option<Revision>) -> Tail {
        let feed = Feed::of(self.subscribe_to_stream(stream, after).await);
        Tail { feed, interner: Interner::default() }
    }

    /// The event at a position, or the newest one; `None` where there is none.
    pub async fn event_at(&self, at: Option<Position>) -> Result<Option<Record>, StoreError> {
        let options = ReadAllOptions::default().max_count(1);
        let options = match at {
            Some(p) => options.position(StreamPosition::Position(eventstore::Position {
                commit: p.commit,
                prepare: p.prepare,
            })),
            None => options.position(StreamPosition::End).backwards(),
        };
        let mut stream = within(self.client.read_all(&signed!(self, options))).await?;
        let event = within(stream.next()).await?;
        Ok(event
            .as_ref()
            .and_then(|e| e.link.as_ref().or(e.event.as_ref()))
            .map(|e| Interner::default().record(e)))
    }

    /// What the database says of itself; none where it says nothing that can be read.
    pub(super) async fn declared(&self) -> Option<Declared> {
        let newest = self.newest(&StreamName::new("$server-info"), 1).await.ok()?;
        let record = newest.first().filter(|record| &*record.event_type == "$ServerInfo")?;
        serde_json::from_slice(&record.data).ok()
    }

    /// Whether a missing stream was deleted: its metadata says so.
    async fn missing_life(&self, stream: &StreamName) -> Result<Life, StoreError> {
        let options = ReadStreamOptions::default().max_count(1);
        let options = signed!(self, options);
        let name = format!("$${stream}");
        let event = match timeout(DEADLINE, self.client.read_stream(name.as_str(), &options)).await {
            Ok(Ok(mut stream)) => within(stream.next()).await.ok().flatten(),
            _ => None,
        };
        let metadata = event.as_ref().and_then(|e| e.event.as_ref());
        let deleted =
            metadata.is_some_and(|e| super::entry::truncate_before(&e.data) == Some(i64::MAX as u64));
        Ok(if deleted { Life::SoftDeleted } else { Life::Missing })
    }
}

/// A read in progress.
pub(super) struct Pages {
    session: Session,
    stream: StreamName,
    after: Option<Revision>,
    most: usize,
    read: Option<eventstore::ReadStream>,
    interner: Interner,
    /// Known when the last page was read.
    pub life: Life,
}

impl Pages {
    /// The next batch, `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<Record>>, StoreError> {
        if self.life != Life::Reading {
            return Ok(None);
        }
        match self.batch().await {
            Ok(records) if records.is_empty() => {
                self.life = Life::Live;
                Ok(None)
            }
            Ok(records) => Ok(Some(records)),
            Err(Failure::Said(Error::ResourceNotFound)) => {
                self.life = self.session.missing_life(&self.stream).await?;
                Ok(None)
            }
            Err(Failure::Said(Error::ResourceDeleted)) => {
                self.life = Life::Tombstoned;
                Ok(None)
            }
            Err(Failure::Said(error)) => Err(store_error(&error)),
            Err(Failure::Silent) => Err(StoreError::Timeout(DEADLINE.as_secs())),
        }
    }

    async fn batch(&mut self) -> Result<Vec<Record>, Failure> {
        let mut read = if let Some(read) = self.read.take() {
            read
        } else {
            let from = self.after.map_or(StreamPosition::Start, |r| StreamPosition::Position(r.0 + 1));
            let options = ReadStreamOptions::default().position(from).max_count(self.most);
            let options = signed!(self.session, options);
            raw(self.session.client.read_stream(self.stream.as_str(), &options)).await?
        };
        let mut records = Vec::new();
        while records.len() < BATCH {
            let Some(event) = raw(read.next()).await? else { break };
            if let Some(event) = event.link.as_ref().or(event.event.as_ref()) {
                records.push(self.interner.record(event));
            }
        }
        self.read = Some(read);
        Ok(records)
    }
}

pub(super) enum Failure {
    Said(Error),
    Silent,
}

impl From<Failure> for StoreError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Said(error) => store_error(&error),
            Failure::Silent => Self::Timeout(DEADLINE.as_secs()),
        }
    }
}

/// A stream that is missing or gone has no events; anything else is an error.
fn nothing_there(failure: Failure) -> Result<(), StoreError> {
    match failure {
        Failure::Said(Error::ResourceNotFound | Error::ResourceDeleted) => Ok(()),
        other => Err(other.into()),
    }
}

pub(super) async fn raw<T>(call: impl Future<Output = eventstore::Result<T>>) -> Result<T, Failure> {
    timeout(DEADLINE, call).await.map_err(|_| Failure::Silent)?.map_err(Failure::Said)
}

pub(super) async fn within<T>(call: impl Future<Output = eventstore::Result<T>>) -> Result<T, StoreError> {
    Ok(raw(call).await?)
}
