//! From the client's types to ours.

use crate::decision::Expected;
use crate::record::{Created, Position, Record, RecordRef, Revision, StreamName};
use crate::store::{AppendError, ConnectionCause, Denial, StoreError};
use eventstore::{CurrentRevision, Error, ExpectedRevision, RecordedEvent, ResolvedEvent, StreamPosition};
use std::collections::HashSet;
use std::sync::Arc;
use tonic::Code;

/// Names that come again and again are kept once.
#[derive(Debug, Default)]
pub struct Interner {
    types: HashSet<Arc<str>>,
    last_stream: Option<StreamName>,
    last_type: Option<Arc<str>>,
}

/// A stream can hold hostile numbers of types; beyond this many they are not shared.
const MAX_TYPES: usize = 1_000;

/// What stands in the stream that was read: the link where it is one, else the event. The crate's own
/// `get_original_event` panics where there is neither.
pub fn original(resolved: &ResolvedEvent) -> Option<&RecordedEvent> {
    resolved.link.as_ref().or(resolved.event.as_ref())
}

/// Revision and stream that a link's data names, as `0@order-1`.
pub fn link_target(link: &RecordedEvent) -> Option<(&str, &str)> {
    named_target(&link.data)
}

/// The same of the data alone.
pub fn named_target(data: &[u8]) -> Option<(&str, &str)> {
    std::str::from_utf8(data).ok()?.split_once('@')
}

impl Interner {
    /// The event itself, or the link with what it leads to.
    pub fn resolved(&mut self, resolved: &ResolvedEvent) -> Option<Record> {
        match (&resolved.link, &resolved.event) {
            (Some(link), target) => {
                let target = target.as_ref().map(|event| Box::new(self.record(event)));
                Some(Record { target, ..self.record(link) })
            }
            (None, event) => event.as_ref().map(|event| self.record(event)),
        }
    }

    pub fn record(&mut self, event: &RecordedEvent) -> Record {
        Record { metadata: event.custom_metadata.as_ref().into(), ..self.without_metadata(event) }
    }

    /// What a fold needs of the event. The bytes are copied: a slice would keep the whole receive buffer alive.
    pub fn without_metadata(&mut self, event: &RecordedEvent) -> Record {
        Record {
            stream: self.stream(&event.stream_id),
            revision: Revision(event.revision),
            id: event.id,
            event_type: self.event_type(&event.event_type),
            created: created(event),
            position: position(event.position),
            declared_json: event.is_json,
            data: event.data.as_ref().into(),
            metadata: Box::default(),
            target: None,
        }
    }

    /// The event where the client keeps it.
    pub fn lend<'a>(&'a mut self, event: &'a RecordedEvent) -> RecordRef<'a> {
        if self.last_type.as_ref().is_none_or(|last| **last != *event.event_type) {
            self.last_type = Some(self.event_type(&event.event_type));
        }
        if self.last_stream.as_ref().is_none_or(|last| last.as_str() != event.stream_id) {
            self.last_stream = Some(StreamName::new(&event.stream_id));
        }
        RecordRef {
            stream: self.last_stream.get_or_insert_with(|| StreamName::new("")),
            revision: Revision(event.revision),
            id: event.id,
            event_type: self.last_type.get_or_insert_with(|| "".into()),
            created: created(event),
            position: position(event.position),
            declared_json: event.is_json,
            data: &event.data,
            metadata: &event.custom_metadata,
            target: None,
        }
    }

    fn stream(&mut self, name: &str) -> StreamName {
        match &self.last_stream {
            Some(last) if last.as_str() == name => last.clone(),
            _ => self.last_stream.insert(StreamName::new(name)).clone(),
        }
    }

    fn event_type(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.types.get(name) {
            return known.clone();
        }
        let name: Arc<str> = name.into();
        if self.types.len() < MAX_TYPES {
            self.types.insert(name.clone());
        }
        name
    }
}

/// When the event was stored.
pub fn created(event: &RecordedEvent) -> Created {
    Created(event.metadata.get("created").and_then(|ticks| ticks.parse().ok()).unwrap_or(0))
}

pub fn position(position: eventstore::Position) -> Position {
    Position { commit: position.commit, prepare: position.prepare }
}

/// Where `$all` is read from: its beginning without a position.
pub fn read_from(position: Option<Position>) -> StreamPosition<eventstore::Position> {
    position.map_or(StreamPosition::Start, |Position { commit, prepare }| {
        StreamPosition::Position(eventstore::Position { commit, prepare })
    })
}

pub fn expected(expected: Expected) -> ExpectedRevision {
    match expected {
        Expected::NoStream => ExpectedRevision::NoStream,
        Expected::StreamExists => ExpectedRevision::StreamExists,
        Expected::Exact(revision) => ExpectedRevision::Exact(revision.0),
        Expected::Any => ExpectedRevision::Any,
    }
}

/// Whether the client has no connection: nothing was sent, and only a new client helps.
pub fn is_disconnection(error: &Error) -> bool {
    match error {
        Error::ConnectionClosed | Error::GrpcConnectionError(_) => true,
        Error::ServerError(text) => text.contains("(Connect)"),
        _ => false,
    }
}

/// Whether the connection broke during the call: it may have been done or not.
pub fn is_broken(error: &Error) -> bool {
    let signs =
        ["(SendRequest)", "h2 protocol error", "error reading a body", "connection error", "transport error"];
    matches!(error, Error::ServerError(text) if signs.iter().any(|sign| text.contains(sign)))
}

/// What a server says in its status, without the rest of that.
fn message(text: &str) -> String {
    let said = text.split_once("message: \"").and_then(|(_, rest)| rest.rsplit_once("\", details"));
    let said = said.map_or(text, |(said, _)| said);
    let said = said.split("metadata: MetadataMap").next().unwrap_or(said);
    crate::record::json::one_line(said.as_bytes(), 300)
}

/// Said by a server that starts or has no leader at this moment; it did nothing of what it was asked.
fn is_not_ready(error: &Error) -> bool {
    let says = |text: &str| {
        ["Server Is Not Ready", "Server Is Too Busy", "No leader info available"]
            .iter()
            .any(|t| text.contains(t))
    };
    matches!(error, Error::ServerError(text) if says(text))
}

/// What the client said, as a cause.
pub fn store_error(error: &Error) -> StoreError {
    match error {
        Error::AccessDenied => StoreError::AccessDenied(Denial::Unclear),
        Error::ConnectionClosed | Error::GrpcConnectionError(_) => {
            StoreError::Unreachable(ConnectionCause::Lost)
        }
        error if is_disconnection(error) => StoreError::Unreachable(ConnectionCause::Gone),
        error if is_broken(error) => StoreError::Unreachable(ConnectionCause::Broken),
        error if is_not_ready(error) => StoreError::NotReady,
        Error::ServerError(text) if text.contains("InvalidPosition") || text.contains("invalid position") => {
            StoreError::InvalidPosition
        }
        Error::ServerError(text) => StoreError::Server(message(text)),
        Error::NotLeaderException(leader) => {
            StoreError::NotLeader(format!("{}:{}", leader.host, leader.port))
        }
        Error::DeadlineExceeded => StoreError::Timeout(10),
        other => StoreError::Server(message(&other.to_string())),
    }
}

pub fn append_error(error: &Error, append: &crate::decision::Append) -> AppendError {
    match error {
        Error::WrongExpectedVersion { current, .. } => AppendError::Conflict {
            expected: append.expected,
            actual: match current {
                CurrentRevision::Current(revision) => Some(Revision(*revision)),
                CurrentRevision::NoStream => None,
            },
        },
        Error::ResourceDeleted => AppendError::Tombstoned(append.stream.clone()),
        // Said by a server that has looked at the request and did not write.
        Error::AccessDenied
        | Error::NotLeaderException(_)
        | Error::UnsupportedFeature
        | Error::Grpc {
            code: Code::InvalidArgument | Code::ResourceExhausted | Code::Unauthenticated, ..
        } => AppendError::Failed(store_error(error)),
        error if is_disconnection(error) || is_not_ready(error) => AppendError::Failed(store_error(error)),
        other => AppendError::Unknown(store_error(other)),
    }
}
