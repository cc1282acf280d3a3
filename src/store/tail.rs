//! One stream's events as they are written.

use super::StoreError;
use super::convert::{Interner, original, store_error};
use super::follow::Feed;
use super::session::Session;
use crate::record::Record;
use eventstore::{Error, SubscriptionEvent};

/// The events after a revision, what is there first, then live.
pub struct Tail {
    pub(super) session: Session,
    pub(super) feed: Feed,
    pub(super) interner: Interner,
}

impl Tail {
    /// The next event; `None` where the stream was tombstoned.
    pub async fn next(&mut self) -> Result<Option<Record>, StoreError> {
        loop {
            match self.feed.next().await {
                Ok(SubscriptionEvent::EventAppeared(resolved)) => {
                    let Some(event) = original(&resolved) else { continue };
                    if event.event_type != "$streamDeleted" {
                        return Ok(Some(self.interner.record(event)));
                    }
                }
                Ok(_) => {}
                Err(Error::ResourceDeleted) => return Ok(None),
                Err(error) => return Err(self.session.explained(store_error(&error)).await),
            }
        }
    }
}
