//! The exact write of what was decided, the same for window, terminal and HTTP.

use super::{Append, Expected, Proposed};
use crate::domain::{OrderEvent, encode};
use crate::record::{Record, StreamName};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Who writes and where, as the event's metadata says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    pub who: String,
    pub place: String,
}

impl Origin {
    /// The user of this session and the machine's name.
    pub fn here() -> Self {
        let named = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let who = named("USER").or_else(|| named("USERNAME")).unwrap_or_else(|| "unknown".to_owned());
        Self { who, place: gethostname::gethostname().to_string_lossy().into_owned() }
    }
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
        #[derive(Deserialize)]
        struct Correlated {
            #[serde(rename = "$correlationId")]
            correlation: Option<String>,
        }
        let metadata = serde_json::from_slice::<Correlated>(&record.metadata).ok();
        Self { event_id: record.id, correlation: metadata.and_then(|metadata| metadata.correlation) }
    }
}

/// What makes one write different from another with the same events.
#[derive(Debug, Clone)]
pub struct Identity<'a> {
    /// Of the first event; the same id again is the same write.
    pub event_id: Uuid,
    /// None for a stream's first event.
    pub cause: Option<Cause>,
    pub origin: &'a Origin,
}

/// The correlation that a stream's first event begins: the stream's id where that is a UUID, else one made from its name.
fn own_correlation(stream: &StreamName) -> Uuid {
    Uuid::try_parse(stream.id())
        .unwrap_or_else(|_| Uuid::new_v5(&Uuid::NAMESPACE_OID, stream.as_str().as_bytes()))
}

pub fn propose(
    stream: &StreamName,
    expected: Expected,
    events: &[OrderEvent],
    identity: Identity<'_>,
) -> Append {
    let Identity { event_id, cause, origin } = identity;
    let (causation, followed) = cause.map_or((None, None), |c| (Some(c.event_id), c.correlation));
    let correlation = followed.unwrap_or_else(|| own_correlation(stream).to_string());
    let metadata = Metadata { correlation: &correlation, causation, who: &origin.who, place: &origin.place };
    // Our own struct of strings and UUIDs always serializes.
    let metadata = serde_json::to_vec(&metadata).unwrap_or_default();
    let proposed = |(place, event): (usize, &OrderEvent)| Proposed {
        id: if place == 0 { event_id } else { Uuid::new_v5(&event_id, &place.to_be_bytes()) },
        event_type: event.event_type(),
        data: encode(event).into(),
        metadata: metadata.clone().into(),
    };
    Append { stream: stream.clone(), expected, events: events.iter().enumerate().map(proposed).collect() }
}
