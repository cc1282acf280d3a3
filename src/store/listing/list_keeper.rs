//! When a list is written to disk: once it is caught up, and then from time to time while it changes.

use super::kept_lists::KeptLists;
use super::stream_list::StreamList;
use crate::store::grpc::Session;
use tokio::time::Instant;

#[derive(Debug, Default)]
pub struct ListKeeper {
    kept: Option<KeptLists>,
    last_written: Option<Instant>,
}

impl ListKeeper {
    pub fn new(kept: Option<KeptLists>) -> Self {
        Self { kept, last_written: None }
    }

    /// Where lists are kept, if they are.
    pub fn kept(&self) -> Option<&KeptLists> {
        self.kept.as_ref()
    }

    /// When the list is to be written; `None` where it is not.
    pub fn due(&self, list: &StreamList) -> Option<Instant> {
        let step = self.kept.as_ref().filter(|kept| kept.is_worth(list))?.step();
        Some(self.last_written.map_or_else(Instant::now, |written| written + step))
    }

    pub async fn keep(&mut self, session: &Session, list: &mut StreamList) {
        if self.due(list).is_some_and(|due| due <= Instant::now())
            && let Some(kept) = &self.kept
        {
            kept.keep(session, list).await;
            self.last_written = Some(Instant::now());
        }
    }
}
