//! A stream written into a file: its head first, then its events as they are read.

mod export_file;
mod export_lines;
mod exporting;

pub use export_file::ExportFile;
pub use export_lines::ExportLines;
pub use exporting::export;

use crate::record::history_file::{Head, HistoryLife, Missing, Server};
use crate::record::{Created, Record, Revision, StreamName};
use crate::store::grpc::Session;
use crate::store::{Life, StoreError};

impl Session {
    /// What is to be said before the events, up to this revision; `None` where there is no such stream. Of a file that is
    /// served, with what its own head says.
    pub async fn export_head(
        &self,
        stream: &StreamName,
        until: Option<Revision>,
        served: Option<&Head>,
    ) -> Result<Option<Head>, StoreError> {
        let (records, life, told) = self.read_resolved(stream, 1).await?;
        let life = match life {
            Life::Missing => return Ok(None),
            Life::SoftDeleted => HistoryLife::SoftDeleted,
            Life::Tombstoned => HistoryLife::Tombstoned,
            Life::Reading | Life::Live | Life::Failed(_) => HistoryLife::Live,
        };
        let first = records.first().map(|record| record.revision);
        let newest = if first.is_some() { self.newest_revision(stream).await? } else { None };
        let end = newest.or(told);
        let last = if first.is_some() { end.min(until.or(end)) } else { end };
        let served_whole = served.filter(|served| served.stream == *stream);
        let mut incomplete = served_whole.map_or_else(Vec::new, |served| served.incomplete.clone());
        let begins_later = first.map_or(end.is_some(), |first| first.0 > 0);
        incomplete.extend(begins_later.then_some(Missing::Beginning));
        incomplete.extend((last < end).then_some(Missing::End));
        let metadata = match self.stream_metadata(stream).await {
            Err(StoreError::AccessDenied(_)) => {
                incomplete.push(Missing::Metadata);
                None
            }
            read => read?,
        };
        incomplete.sort_unstable();
        incomplete.dedup();
        let here = || Server { address: self.address().to_string(), version: self.server().to_string() };
        Ok(Some(Head {
            server: served.map_or_else(here, |served| served.server.clone()),
            time: Created::now(),
            stream: stream.clone(),
            life,
            first,
            last,
            incomplete,
            metadata,
        }))
    }

    /// The newest event of the stream's metadata; metadata has none.
    async fn stream_metadata(&self, stream: &StreamName) -> Result<Option<Record>, StoreError> {
        if stream.as_str().starts_with("$$") {
            return Ok(None);
        }
        Ok(self.newest(&StreamName::new(&format!("$${stream}")), 1).await?.pop())
    }

    /// The events that the head announces, from after a revision.
    pub fn export_lines(&self, head: &Head, after: Option<Revision>) -> ExportLines {
        ExportLines::new(self, head, after)
    }
}
