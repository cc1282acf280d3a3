//! The line of an event.

use super::exact::{CreatedText, Exact, ExactBytes};
use super::fault::LineFault;
use crate::record::json::json_line;
use crate::record::{Position, Record, Revision, StreamName};
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

const JSON: &str = "application/json";
const BINARY: &str = "application/octet-stream";

/// The published shape of a line; an event of a stream that the head does not name says its own.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EventLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<&'a str>,
    revision: u64,
    id: Uuid,
    position: Option<PositionLine>,
    created: CreatedText,
    r#type: &'a str,
    content_type: &'a str,
    data: Exact<'a>,
    metadata: Exact<'a>,
    #[expect(clippy::option_option, reason = "absent, null and there are three things in JSON")]
    /// Only of links: the event that it leads to, null where that is gone.
    #[serde(skip_serializing_if = "Option::is_none")]
    target: Option<Option<Box<Self>>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PositionLine {
    commit: u64,
    prepare: u64,
}

/// What a server that tells no positions sends in their place.
const UNTOLD: u64 = u64::MAX;

impl<'a> EventLine<'a> {
    /// Of the stream that the head names.
    pub fn own(record: &'a Record) -> Self {
        let target = record.target.as_deref();
        let target = record.is_link().then(|| target.map(|target| Box::new(Self::of(target))));
        Self { stream: None, target, ..Self::of(record) }
    }

    fn of(record: &'a Record) -> Self {
        let Position { commit, prepare } = record.position;
        Self {
            stream: Some(record.stream.as_str()),
            revision: record.revision.0,
            id: record.id,
            position: (commit != UNTOLD).then_some(PositionLine { commit, prepare }),
            created: CreatedText(record.created),
            r#type: &record.event_type,
            content_type: if record.declared_json { JSON } else { BINARY },
            data: Exact(&record.data),
            metadata: Exact(&record.metadata),
            target: None,
        }
    }
}

/// With its line end.
pub fn event_line(record: &Record) -> String {
    json_line(&EventLine::own(record))
}

/// The same, read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadEvent {
    stream: Option<String>,
    revision: u64,
    id: Uuid,
    position: Option<PositionLine>,
    created: CreatedText,
    r#type: String,
    content_type: String,
    data: ExactBytes,
    metadata: ExactBytes,
    #[expect(clippy::option_option, reason = "absent, null and there are three things in JSON")]
    #[serde(default, deserialize_with = "present")]
    target: Option<Option<Box<Self>>>,
}

#[expect(clippy::option_option, reason = "absent, null and there are three things in JSON")]
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<Box<ReadEvent>>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

/// An event that was read; without a position where the server told none.
pub struct Parsed {
    pub record: Record,
    pub has_position: bool,
    pub target: Option<Box<Self>>,
}

impl ReadEvent {
    /// Of the stream that the head names.
    pub fn own(self, stream: &StreamName) -> Result<Parsed, LineFault> {
        self.of(Some(stream))
    }

    fn of(self, head: Option<&StreamName>) -> Result<Parsed, LineFault> {
        let stream = match (head, self.stream) {
            (Some(stream), None) => stream.clone(),
            (None, Some(stream)) => StreamName::new(&stream),
            (Some(_), Some(_)) => return Err(LineFault::Json("only targets name a stream".to_owned())),
            (None, None) => return Err(LineFault::Json("the target names no stream".to_owned())),
        };
        let declared_json = match &*self.content_type {
            JSON => true,
            BINARY => false,
            _ => return Err(LineFault::ContentType(self.content_type)),
        };
        let revision = Revision(self.revision);
        if i64::try_from(self.revision).is_err() || self.revision == i64::MAX.cast_unsigned() {
            return Err(LineFault::Revision(revision));
        }
        let position = self.position.as_ref();
        let fits =
            |at: &PositionLine| at.prepare > 0 && at.prepare <= at.commit && i64::try_from(at.commit).is_ok();
        if !position.is_none_or(fits) {
            return Err(LineFault::Position);
        }
        let (commit, prepare) = position.map_or((UNTOLD, UNTOLD), |at| (at.commit, at.prepare));
        let record = Record {
            stream,
            revision,
            id: self.id,
            event_type: self.r#type.into(),
            created: self.created.0,
            position: Position { commit, prepare },
            declared_json,
            data: self.data.0,
            metadata: self.metadata.0,
            target: None,
        };
        // A target leads no further, and what is no link leads nowhere.
        let may_lead = head.is_some() && record.is_link();
        let target = match self.target {
            Some(_) if !may_lead => return Err(LineFault::Target),
            Some(Some(target)) => Some(Box::new(target.of(None)?)),
            Some(None) | None => None,
        };
        Ok(Parsed { record, has_position: self.position.is_some(), target })
    }
}
