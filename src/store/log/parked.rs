//! Messages that a group of a persistent subscription could not handle: links in the group's parked stream.

use crate::record::{Created, Record, Revision, StreamName};
use crate::store::StoreError;
use crate::store::grpc::Session;
use crate::store::grpc::conversion::named_target;
use serde::Deserialize;

const PREFIX: &str = "$persistentsubscription-";
const SUFFIX: &str = "-parked";
/// Messages read of one group.
const MOST: usize = 10_000;

/// A message that waits to be replayed or thrown away.
#[derive(Debug, Clone, PartialEq)]
pub struct ParkedMessage {
    /// `STREAM::GROUP`.
    pub group: String,
    /// Its place in the group's parked stream.
    pub parked: Revision,
    pub stream: StreamName,
    /// When it was parked, by its metadata, else by the database.
    pub added: String,
    pub created: Created,
    /// `None` where nothing says why.
    pub reason: Option<String>,
    /// `None` where the server does not note it.
    pub retries: Option<u64>,
    /// The stream and the revision that it names.
    pub names: Option<(StreamName, Revision)>,
    /// The event that it stands for; `None` where that is gone.
    pub event: Option<Box<Record>>,
}

/// As the server writes it; what is missing is not told.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Metadata {
    added: Option<String>,
    reason: Option<String>,
    retry_count: Option<u64>,
}

/// The stream of a group's parked messages.
pub fn parked_stream(group: &str) -> StreamName {
    StreamName::new(&format!("{PREFIX}{group}{SUFFIX}"))
}

fn group(stream: &StreamName) -> Option<&str> {
    stream.as_str().strip_prefix(PREFIX)?.strip_suffix(SUFFIX).filter(|group| group.contains("::"))
}

impl ParkedMessage {
    fn of(record: Record) -> Option<Self> {
        let metadata: Metadata = serde_json::from_slice(&record.metadata).unwrap_or_default();
        let names = named_target(&record.data)
            .and_then(|(revision, stream)| Some((StreamName::new(stream), Revision(revision.parse().ok()?))));
        Some(Self {
            group: group(&record.stream)?.to_owned(),
            parked: record.revision,
            added: metadata.added.unwrap_or_else(|| record.created.rfc3339()),
            created: record.created,
            reason: metadata.reason,
            retries: metadata.retry_count,
            names,
            event: if record.is_link() { record.target } else { None },
            stream: record.stream,
        })
    }
}

impl Session {
    /// The parked messages of a group, or of all; those of each in the order in which they were parked.
    pub async fn parked(&self, group: Option<&str>) -> Result<Vec<ParkedMessage>, StoreError> {
        let streams = match group {
            Some(group) => vec![parked_stream(group)],
            None => self.streams_named(PREFIX).await?.into_iter().collect(),
        };
        let mut messages = Vec::new();
        for stream in streams.iter().filter(|stream| self::group(stream).is_some()) {
            let (records, ..) = self.read_resolved(stream, MOST).await?;
            messages.extend(records.into_iter().filter_map(ParkedMessage::of));
        }
        Ok(messages)
    }
}
