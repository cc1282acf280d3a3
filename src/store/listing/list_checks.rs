//! Checks of the streams of a list of links that was kept.

use super::catch_up::{BATCH, READS};
use super::list_source::allowed;
use super::listed_stream::StreamCheck;
use super::stream_list::StreamList;
use crate::record::{Created, StreamName};
use crate::store::StoreError;
use crate::store::grpc::Session;
use crate::store::stream_limits::Limits;
use futures::StreamExt;

impl Session {
    /// Checks some of the streams that must be; answers whether all are checked.
    pub(super) async fn check_some(&self, list: &mut StreamList) -> Result<bool, StoreError> {
        let due = list.unchecked(BATCH);
        let all = due.len() < BATCH;
        let mut checks = futures::stream::iter(due)
            .map(|(stream, is_limited)| self.check(stream, is_limited))
            .buffer_unordered(READS);
        while let Some(check) = checks.next().await {
            let (stream, check) = check?;
            list.compare(&stream, &check, Created::now());
        }
        Ok(all)
    }

    async fn check(
        &self,
        stream: StreamName,
        is_limited: bool,
    ) -> Result<(StreamName, StreamCheck), StoreError> {
        let mut first = None;
        let read = self.read_after(&stream, None, 1, |records| first = records.first().map(|r| r.revision));
        let life = allowed(read.await)?;
        let beginning = life.map(|life| (first, life));
        let limits = if is_limited || beginning.is_none() { self.limits(&stream).await? } else { None };
        Ok((stream, StreamCheck { beginning, limits }))
    }

    /// `None` where this user may not read them.
    async fn limits(&self, stream: &StreamName) -> Result<Option<Limits>, StoreError> {
        let about = StreamName::new(&format!("$${stream}"));
        let newest = allowed(self.newest(&about, 1).await)?;
        Ok(newest.map(|newest| newest.first().map(|record| Limits::of(&record.data)).unwrap_or_default()))
    }
}
