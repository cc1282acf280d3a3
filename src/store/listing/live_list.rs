//! The stream list as the window follows it: in step with its source until the connection ends.

use super::kept_lists::KeptLists;
use super::list_keeper::ListKeeper;
use super::list_match::ListMatch;
use super::stream_list::StreamList;
use crate::record::Created;
use crate::store::grpc::Session;
use crate::store::grpc::conversion::store_error;
use crate::store::retry::asked_again;
use crate::store::update_sender::UpdateSender;
use crate::store::{Listing, StoreError, Update};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, watch};
use tokio::time::Instant;

/// Events taken in before the time is looked at.
const BATCH: usize = 512;
/// Rows in one update: few enough that the updates before one frame fit into it.
const ROWS: usize = 128;
/// Shortest time between two tellings while the list catches up, so that a stream's row is not made for each of its events,
/// and later, so that one event is told at once and many together.
const CATCH_UP_STEP: Duration = Duration::from_millis(100);
const LIVE_STEP: Duration = Duration::from_millis(10);
/// Expiries within this time are told at once.
const EXPIRY_STEP: Duration = Duration::from_millis(250);
/// The clock may be set meanwhile, so no wait for an expiry is longer.
const LONG: Duration = Duration::from_mins(1);

/// Keeps the list in step with its source; where reading is denied, rights that come back are seen.
pub async fn follow(
    session: Session,
    list: Arc<Mutex<StreamList>>,
    kept: Option<KeptLists>,
    out: UpdateSender,
    mut retry: watch::Receiver<u64>,
) -> StoreError {
    let mut list = list.lock().await;
    loop {
        match follow_list(&session, &mut list, kept.clone(), &out).await {
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
    kept: Option<KeptLists>,
    out: &UpdateSender,
) -> Result<std::convert::Infallible, StoreError> {
    let mut keeper = ListKeeper::new(kept);
    if let Some(kept) = keeper.kept().filter(|_| list.is_new())
        && let Some(resumed) = kept.resumed(session, list).await?
    {
        *list = resumed;
        tell(list, out).await;
    }
    let known = session.knows(list).await?;
    if known != ListMatch::Same {
        *list = list.begun_again();
        let update = if known == ListMatch::Another { Update::AnotherDatabase } else { Update::Relisted };
        out.send(update).await;
    }
    list.choose(session).await?;
    let mut feed = session.subscribe(list).await;
    // When the window may be told again; `None` while there is nothing to tell.
    let (mut due, mut last_told) = (None, None::<Instant>);
    loop {
        let mut event = tokio::select! {
            event = feed.next() => Some(event),
            () = wait_until(due) => None,
            () = expiry(list) => None,
            () = wait_until(keeper.due(list)) => None,
        };
        let was_caught_up = list.is_caught_up();
        let mut taken = 0;
        while let Some(next) = event.take() {
            let next = match next {
                Ok(next) => next,
                Err(error) => return Err(session.explained(store_error(&error)).await),
            };
            list.absorb(next);
            taken += 1;
            if taken < BATCH {
                event = feed.ready();
            }
        }
        while list.is_caught_up() && !session.read_unread(list).await? {
            tell(list, out).await;
        }
        let step = if was_caught_up { LIVE_STEP } else { CATCH_UP_STEP };
        due = last_told.map(|told| told + step).filter(|due| *due > Instant::now());
        if due.is_none() || was_caught_up != list.is_caught_up() {
            let has_changed = list.has_changed();
            tell(list, out).await;
            // The first rows are told at once.
            (due, last_told) = (None, has_changed.then(Instant::now).or(last_told));
        }
        keeper.keep(session, list).await;
    }
}

async fn wait_until(due: Option<Instant>) {
    match due {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}

/// Ends when the next event of a stream has expired.
async fn expiry(list: &StreamList) {
    match list.next_expiry() {
        Some(at) => {
            let ticks = u64::try_from(at.0.saturating_sub(Created::now().0)).unwrap_or(0);
            tokio::time::sleep(Duration::from_micros(ticks / 10).clamp(EXPIRY_STEP, LONG)).await;
        }
        None => std::future::pending().await,
    }
}

async fn tell(list: &mut StreamList, out: &UpdateSender) {
    let now = Created::now();
    list.expire(now);
    while list.has_changed() {
        out.send_with(|| Update::Rows(list.take_changed(ROWS, now))).await;
    }
    out.send(Update::Listing(list.listing())).await;
}
