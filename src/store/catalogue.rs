//! The rows of a category, brought up to date when somebody asks: no work between two questions, and no answer behind a write that was acknowledged.

use super::directory::Directory;
use super::session::{Session, raw};
use super::source::Known;
use super::{Listing, StoreError, StreamRow};
use crate::record::{Created, StreamName};
use eventstore::SubscriptionEvent;
use std::collections::BTreeMap;

#[derive(Debug)]
pub struct Catalogue {
    directory: Directory,
    rows: BTreeMap<StreamName, StreamRow>,
}

impl Catalogue {
    pub fn new(category: &str) -> Self {
        Self { directory: Directory::new(category), rows: BTreeMap::new() }
    }

    /// The rows by stream as they are now; reads only what was written since the last time.
    pub async fn refreshed(
        &mut self,
        session: &Session,
    ) -> Result<&BTreeMap<StreamName, StreamRow>, StoreError> {
        if session.knows(&self.directory).await? != Known::Same {
            *self = Self::new(self.directory.category());
        }
        self.directory.choose(session).await?;
        let mut subscription = session.subscribe(&self.directory).await;
        loop {
            let event = match raw(subscription.next_subscription_event()).await {
                Ok(event) => event,
                Err(failure) => return Err(session.explained(failure).await),
            };
            self.directory.absorb(&event);
            if matches!(event, SubscriptionEvent::CaughtUp) {
                break;
            }
        }
        while !session.read_unread(&mut self.directory).await? {}
        let now = Created::now();
        self.directory.expire(now);
        let changed = self.directory.take_changed(usize::MAX, now);
        self.rows.extend(changed.into_iter().map(|row| (row.stream.clone(), row)));
        Ok(&self.rows)
    }

    /// Where the rows come from, how far, and what they cannot show.
    pub fn listing(&self) -> Listing {
        self.directory.listing()
    }

    pub fn rows(&self) -> &BTreeMap<StreamName, StreamRow> {
        &self.rows
    }
}
