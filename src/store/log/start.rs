//! Where a scan of `$all` begins: near a moment, where links in order of time lead there.

use crate::record::{Created, Position, Record, Revision, StreamName};
use crate::store::StoreError;
use crate::store::grpc::Session;

/// Clocks of a database's nodes may differ by so much, in 100-ns ticks: a minute.
pub const SLACK: i64 = 60 * 10_000_000;

/// Where a scan began, and by what that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ScanStart {
    Beginning,
    /// Where an earlier one stopped.
    GoesOn(Position),
    /// By the links of this stream, which are in the order of time where clocks do not go back.
    Near {
        stream: StreamName,
    },
}

impl Session {
    /// The place of the last link of the stream that was made before the moment, found by halves; `None` where none was.
    pub(super) async fn place_before(
        &self,
        stream: &StreamName,
        at: Created,
    ) -> Result<Option<Position>, StoreError> {
        let Some(newest) = self.newest_revision(stream).await? else { return Ok(None) };
        let before = Created(at.0.saturating_sub(SLACK));
        let (mut low, mut high, mut found) = (0, newest.0.saturating_add(1), None);
        while low < high {
            let middle = low + (high - low) / 2;
            match self.link_at(stream, middle).await? {
                Some(link) if link.created < before => {
                    found = Some(link.position);
                    low = link.revision.0.max(middle).saturating_add(1);
                }
                // Later than that, or gone.
                _ => high = middle,
            }
        }
        Ok(found)
    }

    /// The event of this revision, or the first one after it that is left.
    pub(in crate::store) async fn link_at(
        &self,
        stream: &StreamName,
        revision: u64,
    ) -> Result<Option<Record>, StoreError> {
        let mut found = None;
        let after = revision.checked_sub(1).map(Revision);
        self.read_after(stream, after, 1, |records| found = records.into_iter().next()).await?;
        Ok(found)
    }
}
