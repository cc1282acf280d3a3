//! Streams of the database's own, by the beginning of their names.

use super::feed::LogEvent;
use super::feed::LogScope;
use crate::record::StreamName;
use crate::store::StoreError;
use crate::store::grpc::{DEADLINE, Session};
use std::collections::BTreeSet;

/// More are not told apart from an attack on memory.
const MOST: usize = 100_000;

impl Session {
    /// Streams whose names begin so, as `$all` has them: also those that are deleted.
    pub(super) async fn streams_named(&self, prefix: &str) -> Result<BTreeSet<StreamName>, StoreError> {
        let mut streams = BTreeSet::new();
        let Some(head) = self.event_at(None).await? else { return Ok(streams) };
        let mut feed = self.log_feed(None, &LogScope::Streams(vec![prefix.to_owned()])).await;
        loop {
            let next = tokio::time::timeout(DEADLINE, feed.next()).await;
            match next.map_err(|_| StoreError::Timeout(DEADLINE.as_secs()))?? {
                LogEvent::Event(record) => {
                    let is_last = record.position >= head.position;
                    if streams.len() < MOST {
                        streams.insert(record.stream);
                    }
                    if is_last {
                        return Ok(streams);
                    }
                }
                LogEvent::Checkpoint(at) if at >= head.position => return Ok(streams),
                LogEvent::CaughtUp => return Ok(streams),
                LogEvent::Checkpoint(_) | LogEvent::Other => {}
            }
        }
    }
}
