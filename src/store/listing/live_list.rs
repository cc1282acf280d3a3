//! The stream list as the window follows it: in step with its source until the connection ends.

use super::catch_up::ListMatch;
use super::stream_list::StreamList;
use crate::record::Created;
use crate::store::grpc::Session;
use crate::store::grpc::conversion::store_error;
use crate::store::retry::asked_again;
use crate::store::stream_subscription::Feed;
use crate::store::update_sender::UpdateSender;
use crate::store::{Listing, StoreError, Update};
use eventstore::{Error, SubscriptionEvent};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};

/// Rows in one update.
const BATCH: usize = 512;
/// Expiries within this time are told at once.
const EXPIRY_STEP: Duration = Duration::from_millis(250);
/// The clock may be set meanwhile, so no wait for an expiry is longer.
const LONG: Duration = Duration::from_mins(1);

/// Keeps the list in step with its source; where reading is denied, rights that come back are seen.
pub async fn follow(
    session: Session,
    list: Arc<Mutex<StreamList>>,
    out: UpdateSender,
    mut retry: watch::Receiver<u64>,
) -> StoreError {
    let mut list = list.lock().await;
    loop {
        match follow_list(&session, &mut list, &out).await {
            Err(StoreError::AccessDenied(denied)) => {
                let denied = Some(denied);
                out.send(Update::Listing(Listing { denied, caught_up: false, ..list.listing() })).await;
                // The connection itself is well: opened streams go on.
                asked_again(&mut retry).await;
                list.choose_again();
            }
            Err(error) => return error,
            Ok(never) => match never {},
        }
    }
}

async fn follow_list(
    session: &Session,
    list: &mut StreamList,
    out: &UpdateSender,
) -> Result<std::convert::Infallible, StoreError> {
    let known = session.knows(list).await?;
    if known != ListMatch::Same {
        let category = list.category().to_owned();
        *list = StreamList::new(&category);
        let update = if known == ListMatch::Another { Update::AnotherDatabase } else { Update::Relisted };
        out.send(update).await;
    }
    list.choose(session).await?;
    let mut feed = Feed::of(session.subscribe(list).await);
    loop {
        let mut event = next_or_expiry(&mut feed, list).await;
        let mut taken = 0;
        while let Some(next) = event.take() {
            let next = match next {
                Ok(next) => next,
                Err(error) => return Err(session.explained(store_error(&error)).await),
            };
            list.absorb(&next);
            taken += 1;
            if taken < BATCH {
                event = feed.ready();
            }
        }
        while list.is_caught_up() && !session.read_unread(list).await? {
            tell(list, out).await;
        }
        tell(list, out).await;
    }
}

/// The next event of the subscription, or `None` when something expires before it comes.
async fn next_or_expiry(feed: &mut Feed, list: &StreamList) -> Option<Result<SubscriptionEvent, Error>> {
    let expiry = async {
        match list.next_expiry() {
            Some(at) => {
                let ticks = u64::try_from(at.0.saturating_sub(Created::now().0)).unwrap_or(0);
                tokio::time::sleep(Duration::from_micros(ticks / 10).clamp(EXPIRY_STEP, LONG)).await;
            }
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        event = feed.next() => Some(event),
        () = expiry => None,
    }
}

async fn tell(list: &mut StreamList, out: &UpdateSender) {
    let now = Created::now();
    list.expire(now);
    while list.has_changed() {
        out.send_with(|| Update::Rows(list.take_changed(BATCH, now))).await;
    }
    out.send(Update::Listing(list.listing())).await;
}
