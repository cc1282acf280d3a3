//! A stored event, kept or lent.

use super::name::StreamName;
use super::place::{Position, Revision};
use super::time::Created;
use std::sync::Arc;
use uuid::Uuid;

/// One stored event, without loss.
#[derive(Debug, Clone, PartialEq)]
pub struct Record {
    pub stream: StreamName,
    pub revision: Revision,
    pub id: Uuid,
    pub event_type: Arc<str>,
    pub created: Created,
    pub position: Position,
    /// Stored as `application/json`; says nothing about whether it is JSON.
    pub declared_json: bool,
    pub data: Box<[u8]>,
    pub metadata: Box<[u8]>,
    /// What a link leads to, where it was asked for and is there.
    pub target: Option<Box<Self>>,
}

impl Record {
    /// Whether it points to an event of another stream.
    pub fn is_link(&self) -> bool {
        RecordRef::from(self).is_link()
    }
}

/// The same as a [`Record`], its bytes and names where they are kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RecordRef<'a> {
    pub stream: &'a StreamName,
    pub revision: Revision,
    pub id: Uuid,
    pub event_type: &'a Arc<str>,
    pub created: Created,
    pub position: Position,
    pub declared_json: bool,
    pub data: &'a [u8],
    pub metadata: &'a [u8],
    pub target: Option<&'a Record>,
}

impl<'a> From<&'a Record> for RecordRef<'a> {
    fn from(record: &'a Record) -> Self {
        Self {
            stream: &record.stream,
            revision: record.revision,
            id: record.id,
            event_type: &record.event_type,
            created: record.created,
            position: record.position,
            declared_json: record.declared_json,
            data: &record.data,
            metadata: &record.metadata,
            target: record.target.as_deref(),
        }
    }
}

impl RecordRef<'_> {
    /// A copy of its own.
    pub fn to_record(self) -> Record {
        Record {
            stream: self.stream.clone(),
            revision: self.revision,
            id: self.id,
            event_type: self.event_type.clone(),
            created: self.created,
            position: self.position,
            declared_json: self.declared_json,
            data: self.data.into(),
            metadata: self.metadata.into(),
            target: self.target.cloned().map(Box::new),
        }
    }

    /// Whether it points to an event of another stream.
    pub fn is_link(self) -> bool {
        &**self.event_type == "$>"
    }

    /// Whether it is a link or bears the version that projections write into their events' metadata.
    pub(super) fn is_derived(self) -> bool {
        #[derive(serde::Deserialize)]
        struct Projected {
            #[serde(rename = "$v")]
            version: Option<serde::de::IgnoredAny>,
        }
        let projected =
            || serde_json::from_slice::<Projected>(self.metadata).is_ok_and(|m| m.version.is_some());
        self.is_link() || projected()
    }
}
