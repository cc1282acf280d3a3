//! The orders at other moments: their events are held while somebody asks.

use crate::aggregate::{BUILT_IN, Registry};
use crate::store::PastList;
use std::sync::{Arc, Mutex as Lock, PoisonError};
use std::time::Duration;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::AbortHandle;

/// How long the events are held after the last question: the next page comes soon.
const HELD: Duration = Duration::from_mins(2);

pub struct PastOrders {
    list: Arc<Mutex<PastList>>,
    /// Lets go of the events; begun again with each question.
    release: Lock<Option<AbortHandle>>,
}

fn none() -> PastList {
    PastList::new(BUILT_IN, Registry::default())
}

impl PastOrders {
    pub fn new() -> Self {
        Self { list: Arc::new(Mutex::new(none())), release: Lock::default() }
    }

    pub async fn get(&self) -> OwnedMutexGuard<PastList> {
        let list = self.list.clone();
        let release = tokio::spawn(async move {
            tokio::time::sleep(HELD).await;
            *list.lock().await = none();
        });
        let before =
            self.release.lock().unwrap_or_else(PoisonError::into_inner).replace(release.abort_handle());
        if let Some(before) = before {
            before.abort();
        }
        self.list.clone().lock_owned().await
    }

    /// After a panic: what may have been left half changed is read again.
    pub async fn start_over(&self) {
        *self.list.lock().await = none();
    }
}
