//! Between protobuf messages and the log's own types.

use crate::node::{
    log::{
        Record,
        proposed::{Content, Proposed},
    },
    proto::client::{self, streams as pb, uuid},
    read::page::Item,
};
use bytes::Bytes;
use pb::read_resp::{ReadEvent, read_event};
use std::collections::BTreeMap;
use uuid::{Structured, Value};

/// How ids are written in answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ids {
    Structured,
    Text,
}

impl Ids {
    pub fn write(self, id: [u8; 16]) -> client::Uuid {
        let id = ::uuid::Uuid::from_bytes(id);
        let value = match self {
            Ids::Text => Value::String(id.to_string()),
            Ids::Structured => {
                let (most, least) = id.as_u64_pair();
                let (most_significant_bits, least_significant_bits) =
                    (most.cast_signed(), least.cast_signed());
                Value::Structured(Structured { most_significant_bits, least_significant_bits })
            }
        };
        client::Uuid { value: Some(value) }
    }
}

/// The id, unless it is missing, malformed or nil.
pub fn id(sent: Option<&client::Uuid>) -> Option<[u8; 16]> {
    let id = match sent?.value.as_ref()? {
        Value::String(text) => ::uuid::Uuid::parse_str(text).ok()?,
        Value::Structured(s) => ::uuid::Uuid::from_u64_pair(
            s.most_significant_bits.cast_unsigned(),
            s.least_significant_bits.cast_unsigned(),
        ),
    };
    (!id.is_nil()).then(|| id.into_bytes())
}

/// The stream's name; bytes that are no UTF-8 are replaced as the real server does.
pub fn name(sent: Option<&client::StreamIdentifier>) -> Option<String> {
    sent.map(|s| String::from_utf8_lossy(&s.stream_name).into_owned())
}

pub fn identifier(name: &str) -> client::StreamIdentifier {
    client::StreamIdentifier { stream_name: Bytes::copy_from_slice(name.as_bytes()) }
}

/// Why an event is not taken.
#[derive(Debug)]
pub enum Bad {
    MissingKey(&'static str),
    Event(&'static str),
}

pub fn proposed(
    sent: Option<&client::Uuid>,
    mut metadata: BTreeMap<String, String>,
    meta: Bytes,
    data: Bytes,
) -> Result<Proposed, Bad> {
    let kind = metadata.remove("type").ok_or(Bad::MissingKey("type"))?;
    let content = metadata.remove("content-type").ok_or(Bad::MissingKey("content-type"))?;
    let id = id(sent).ok_or(Bad::Event("the event needs an id that is not empty"))?;
    if kind.is_empty() {
        return Err(Bad::Event("the event needs a type"));
    }
    let content = Content::of(content == "application/json", &data);
    Ok(Proposed { id, kind, content, data, meta })
}

/// Size that counts for the limits.
pub fn size(event: &Proposed) -> usize {
    event.data.len() + event.meta.len() + 2 * event.kind.encode_utf16().count()
}

pub fn event(item: Item, ids: Ids) -> ReadEvent {
    let (at, _) = item.original().map_or((0, 0), Record::place);
    ReadEvent {
        event: item.event.map(|r| recorded(r, ids)),
        link: item.link.map(|r| recorded(r, ids)),
        position: Some(read_event::Position::CommitPosition(at)),
    }
}

fn recorded(record: Record, ids: Ids) -> read_event::RecordedEvent {
    let (commit_position, prepare_position) = record.place();
    let Record { stream, kind, body, .. } = record;
    let content = if body.json { "application/json" } else { "application/octet-stream" };
    let pairs =
        [("type", kind.to_string()), ("content-type", content.into()), ("created", body.created.to_string())];
    read_event::RecordedEvent {
        id: Some(ids.write(body.id)),
        stream_identifier: Some(identifier(&stream)),
        stream_revision: body.revision.cast_unsigned(),
        prepare_position,
        commit_position,
        metadata: pairs.into_iter().map(|(k, v)| (k.to_owned(), v)).collect(),
        custom_metadata: body.meta,
        data: body.data,
    }
}
