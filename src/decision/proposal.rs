//! The exact write of what was decided, the same for window, terminal and HTTP.

use super::{Append, Expected, Proposed};
use crate::aggregate::NewEvent;
use crate::record::{Record, RecordRef, StreamName};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who writes and where, as the event's metadata says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    pub who: String,
    pub place: String,
}

/// The metadata of an event; the names with `$` are `EventStoreDB`'s.
#[derive(Serialize)]
struct Metadata<'a> {
    #[serde(rename = "$correlationId")]
    correlation: &'a str,
    #[serde(rename = "$causationId", skip_serializing_if = "Option::is_none")]
    causation: Option<Uuid>,
    who: &'a str,
    #[serde(rename = "where")]
    place: &'a str,
}

/// The event that a command was decided on and that its own follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    pub event_id: Uuid,
    /// Its `$correlationId`, where it has one that is text.
    pub correlation: Option<String>,
}

impl From<&Record> for Cause {
    fn from(record: &Record) -> Self {
        RecordRef::from(record).into()
    }
}

impl From<RecordRef<'_>> for Cause {
    fn from(record: RecordRef<'_>) -> Self {
        Self::new(record.id, record.metadata)
    }
}

impl Cause {
    pub fn new(event_id: Uuid, metadata: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Correlated {
            #[serde(rename = "$correlationId")]
            correlation: Option<String>,
        }
        let metadata = serde_json::from_slice::<Correlated>(metadata).ok();
        Self { event_id, correlation: metadata.and_then(|metadata| metadata.correlation) }
    }
}

/// What makes one write different from another with the same events.
#[derive(Debug, Clone)]
pub struct Identity<'a> {
    /// Of the first event; the same id again is the same write.
    pub event_id: Uuid,
    pub origin: &'a Origin,
}

/// The correlation that a stream's first event begins: the stream's id where that is a UUID, else one made from its name.
fn own_correlation(stream: &StreamName) -> Uuid {
    Uuid::try_parse(stream.id())
        .unwrap_or_else(|_| Uuid::new_v5(&Uuid::NAMESPACE_OID, stream.as_str().as_bytes()))
}

/// Events that follow the cause, which is none for a stream's first ones.
pub(super) fn propose(
    stream: &StreamName,
    expected: Expected,
    events: &[NewEvent],
    cause: Option<&Cause>,
    identity: &Identity<'_>,
) -> Append {
    let Identity { event_id, origin } = *identity;
    let followed = cause.and_then(|cause| cause.correlation.clone());
    let correlation = followed.unwrap_or_else(|| own_correlation(stream).to_string());
    let causation = cause.map(|cause| cause.event_id);
    let metadata = Metadata { correlation: &correlation, causation, who: &origin.who, place: &origin.place };
    // Our own struct of strings and UUIDs always serializes.
    let metadata = serde_json::to_vec(&metadata).unwrap_or_default();
    let proposed = |(place, event): (usize, &NewEvent)| Proposed {
        id: if place == 0 { event_id } else { Uuid::new_v5(&event_id, &place.to_be_bytes()) },
        event_type: event.event_type.clone(),
        data: event.data.clone(),
        metadata: metadata.clone().into(),
    };
    Append { stream: stream.clone(), expected, events: events.iter().enumerate().map(proposed).collect() }
}
