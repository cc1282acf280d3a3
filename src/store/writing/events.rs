//! The events of a write as the client takes them.

use crate::decision::Append;
use crate::store::{AppendError, StoreError};
use eventstore::EventData;
use serde_json::value::RawValue;

/// Data that is no JSON is refused: it would be written as something else.
pub fn events(append: &Append) -> Result<Vec<EventData>, AppendError> {
    let mut events = Vec::with_capacity(append.events.len());
    for proposed in &append.events {
        let raw: Result<&RawValue, _> = serde_json::from_slice(&proposed.data);
        let event = raw.and_then(|raw| EventData::json(&*proposed.event_type, &raw));
        let event = event.map_err(|e| AppendError::Failed(StoreError::NoJson(e.to_string())))?;
        let event = event.id(proposed.id);
        let metadata = bytes::Bytes::copy_from_slice(&proposed.metadata);
        events.push(if metadata.is_empty() { event } else { event.metadata(metadata) });
    }
    Ok(events)
}
