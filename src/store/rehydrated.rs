//! A stream's aggregate for a command or an answer: folded as its events come, which are not kept.

use super::grpc::Session;
use super::{Life, StoreError};
use crate::decision::{Cause, Head};
use crate::history::Replay;
use crate::record::{Provenance, Revision};
use uuid::Uuid;

#[derive(Debug)]
pub struct Rehydrated {
    pub replay: Replay,
    /// The first event that was read.
    pub first: Option<(Revision, Uuid)>,
    /// The newest event, readable or not, where the server tells.
    pub last: Option<Revision>,
    /// The newest event that was folded.
    pub head: Option<(Revision, Uuid)>,
    pub life: Life,
    /// The same event, which a command follows.
    pub cause: Option<Cause>,
    /// Whether the events read are links or a projection's throughout: nothing is written there.
    pub provenance: Provenance,
}

impl Rehydrated {
    /// What a command is decided on.
    pub fn command_head(&self) -> Head<'_> {
        let tombstoned = self.life == Life::Tombstoned;
        Head { tombstoned, provenance: self.provenance, ..Head::after(&self.replay, self.cause.clone()) }
    }
}

impl Session {
    /// Folds the replay on by the events of its stream from after a revision, until another one where that is given.
    pub async fn rehydrate(
        &self,
        mut replay: Replay,
        after: Option<Revision>,
        until: Option<Revision>,
    ) -> Result<Rehydrated, StoreError> {
        let mut pages = self.pages(replay.stream(), after);
        if let Some(until) = until {
            let from = after.map_or(0, |after| after.0 + 1);
            let most = until.0.saturating_sub(from).saturating_add(1);
            pages.most = usize::try_from(most).unwrap_or(usize::MAX);
        }
        let (mut first, mut head, mut metadata) = (None, None, Vec::new());
        let (mut provenance, mut changed) = (Provenance::default(), Vec::new());
        pages
            .each(|record| {
                if until.is_some_and(|until| record.revision > until) {
                    return;
                }
                provenance.note(record);
                replay.apply(record, &mut changed);
                changed.clear();
                head = Some((record.revision, record.id));
                first = first.or(head);
                metadata.clear();
                metadata.extend_from_slice(record.metadata);
            })
            .await?;
        if pages.life == Life::Live && first.is_none() {
            replay.begins_truncated();
        }
        let cause = head.map(|(_, id)| Cause::new(id, &metadata));
        Ok(Rehydrated { replay, first, last: pages.last, head, life: pages.life, cause, provenance })
    }
}
