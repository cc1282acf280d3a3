//! The two long-lived tasks of a connection: the stream list and the opened stream. Each ends only with an error.

use super::convert::{Interner, store_error};
use super::directory::Directory;
use super::session::Session;
use super::source::Source;
use super::worker::Outlet;
use super::{Append, Connection, Life, Listing, StoreError, Ticket, Update};
use crate::record::{Record, Revision, StreamName};
use eventstore::{Error, Subscription, SubscriptionEvent};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinSet;

/// Events on their way from the subscription to us.
const AHEAD: usize = 512;
/// Rows or records in one update.
const BATCH: usize = 512;
/// How often rights, the login and the production declaration are asked again.
const ASK_AGAIN: Duration = Duration::from_secs(10);

/// The opened stream and how far it was read; survives a reconnection.
#[derive(Debug)]
pub struct Followed {
    pub ticket: Ticket,
    pub stream: StreamName,
    pub last: Mutex<Option<Revision>>,
}

/// A subscription on a task of its own: one that the server ends with OK spins without ever yielding.
pub struct Feed {
    events: mpsc::Receiver<Result<SubscriptionEvent, Error>>,
    _task: JoinSet<()>,
}

impl Feed {
    pub fn of(mut subscription: Subscription) -> Self {
        let (sender, events) = mpsc::channel(AHEAD);
        let mut task = JoinSet::new();
        task.spawn(async move {
            loop {
                let event = subscription.next_subscription_event().await;
                let ended = event.is_err();
                if sender.send(event).await.is_err() || ended {
                    return;
                }
            }
        });
        Self { events, _task: task }
    }

    pub async fn next(&mut self) -> Result<SubscriptionEvent, Error> {
        self.events.recv().await.unwrap_or(Err(Error::ConnectionClosed))
    }

    /// What is there already, without waiting.
    fn ready(&mut self) -> Option<Result<SubscriptionEvent, Error>> {
        self.events.try_recv().ok()
    }
}

/// Waits until it is time to ask again, or a person asks to.
async fn asked_again(retry: &mut watch::Receiver<u64>) {
    tokio::select! {
        () = tokio::time::sleep(ASK_AGAIN) => {}
        changed = retry.changed() => {
            if changed.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }
}

/// Keeps the list in step with its source; where reading is denied, rights that come back are seen.
pub async fn list(
    session: Session,
    directory: Arc<Mutex<Directory>>,
    out: Outlet,
    mut retry: watch::Receiver<u64>,
) -> StoreError {
    let mut directory = directory.lock().await;
    loop {
        match follow_list(&session, &mut directory, &out).await {
            Err(StoreError::AccessDenied(denied)) => {
                let denied = Some(denied.to_string());
                out.send(Update::Listing(Listing { denied, ..listing(&directory, false) })).await;
                // The connection itself is well: opened streams go on.
                asked_again(&mut retry).await;
                directory.choose_again();
            }
            Err(error) => return error,
            Ok(never) => match never {},
        }
    }
}

/// Tells when the database's declaration or its opinion of the user changes.
pub async fn standing(
    session: Session,
    mut online: Connection,
    out: Outlet,
    mut retry: watch::Receiver<u64>,
) -> StoreError {
    loop {
        asked_again(&mut retry).await;
        let now = online_as(&session).await;
        if now != online {
            online = now;
            out.send(Update::Connection(online.clone())).await;
        }
    }
}

/// The connection with what the database says now.
pub async fn online_as(session: &Session) -> Connection {
    Connection::Online {
        address: session.address().to_owned(),
        server: session.server().to_string(),
        declaration: session.declaration().await,
        refused: session.refused_login().await,
    }
}

/// Looks for a write of unknown fate until it is known.
pub async fn unknown(session: Session, ticket: Ticket, append: Append, out: Outlet) {
    for attempt in 0.. {
        if let Some(result) = session.find_written(&append).await {
            return out.send(Update::Appended { ticket, result }).await;
        }
        tokio::time::sleep(backoff(attempt)).await;
    }
}

async fn follow_list(
    session: &Session,
    directory: &mut Directory,
    out: &Outlet,
) -> Result<std::convert::Infallible, StoreError> {
    if !session.same_database(directory).await? {
        let category = directory.category().to_owned();
        *directory = Directory::new(&category);
        out.send(Update::Relisted).await;
    }
    directory.choose(session).await?;
    let mut links = session.links(directory);
    while let Some(batch) = links.next().await? {
        directory.take_links(&batch);
        tell(directory, false, out).await;
    }
    let mut feed = Feed::of(session.subscribe(directory).await);
    let mut caught_up = false;
    loop {
        let mut event = Some(feed.next().await);
        let mut taken = 0;
        while let Some(next) = event.take() {
            let next = match next {
                Ok(next) => next,
                Err(error) => return Err(session.explained(store_error(&error)).await),
            };
            caught_up |= matches!(next, SubscriptionEvent::CaughtUp);
            directory.absorb(&next);
            taken += 1;
            if taken < BATCH {
                event = feed.ready();
            }
        }
        while caught_up && !session.refold(directory).await? {
            tell(directory, false, out).await;
        }
        tell(directory, caught_up, out).await;
        // Links tell where events are, not where $all ends.
        let head = directory.source().is_some_and(Source::follows_all).then(|| directory.position());
        out.pulse(head.flatten()).await;
    }
}

async fn tell(directory: &mut Directory, caught_up: bool, out: &Outlet) {
    while directory.has_changed() {
        out.send_with(|| Update::Rows(directory.take_changed(BATCH))).await;
    }
    out.send(Update::Listing(listing(directory, caught_up))).await;
}

fn listing(directory: &Directory, caught_up: bool) -> Listing {
    let source = directory.source();
    let (unseen, warns) = source.map(Source::unseen).unwrap_or_default();
    let source = source.map(|source| source.shown(directory.category())).unwrap_or_default();
    Listing { seen: directory.seen(), caught_up, source, unseen, warns, denied: None }
}

/// Reads the stream, then follows it; where reading is denied, rights that come back are seen.
pub async fn stream(
    session: Session,
    followed: Arc<Followed>,
    out: Outlet,
    mut retry: watch::Receiver<u64>,
) -> StoreError {
    loop {
        match follow_stream(&session, &followed, &out).await {
            Err(error @ StoreError::AccessDenied(_)) => {
                life(&followed, &out, Life::Failed(error)).await;
                asked_again(&mut retry).await;
            }
            Err(error) => return error,
            Ok(never) => match never {},
        }
    }
}

async fn life(followed: &Followed, out: &Outlet, life: Life) {
    out.send(Update::Life { ticket: followed.ticket, life }).await;
}

async fn follow_stream(
    session: &Session,
    followed: &Followed,
    out: &Outlet,
) -> Result<std::convert::Infallible, StoreError> {
    let mut last = followed.last.lock().await;
    let mut pages = session.pages(&followed.stream, *last);
    while let Some(records) = pages.next().await? {
        hand_on(followed, &mut last, records, out).await;
    }
    life(followed, out, pages.life.clone()).await;
    if pages.life == Life::Tombstoned {
        return std::future::pending().await;
    }
    let mut feed = Feed::of(session.subscribe_to_stream(&followed.stream, *last).await);
    let mut interner = Interner::default();
    loop {
        let mut records = Vec::new();
        let mut event = Some(feed.next().await);
        while let Some(next) = event.take() {
            match next {
                Ok(SubscriptionEvent::EventAppeared(resolved)) => {
                    records.extend(
                        resolved.link.as_ref().or(resolved.event.as_ref()).map(|e| interner.record(e)),
                    );
                }
                Ok(_) => {}
                Err(Error::ResourceDeleted) => {
                    life(followed, out, Life::Tombstoned).await;
                    return std::future::pending().await;
                }
                Err(error) => return Err(session.explained(store_error(&error)).await),
            }
            if records.len() < BATCH {
                event = feed.ready();
            }
        }
        records.retain(|record| &*record.event_type != "$streamDeleted");
        if !records.is_empty() {
            hand_on(followed, &mut last, records, out).await;
            life(followed, out, Life::Live).await;
        }
    }
}

/// The place is reserved first, so that an abort between handing on and remembering cannot lose or repeat a record.
async fn hand_on(followed: &Followed, last: &mut Option<Revision>, mut records: Vec<Record>, out: &Outlet) {
    records.retain(|record| last.is_none_or(|last| record.revision > last));
    let newest = records.last().map(|record| record.revision);
    out.send_with(|| {
        *last = newest.or(*last);
        Update::Records { ticket: followed.ticket, records }
    })
    .await;
}

/// How long to wait before the `attempt`-th try: capped, with jitter so that clients do not come back in step.
pub fn backoff(attempt: u32) -> Duration {
    let base = Duration::from_millis(250).saturating_mul(1 << attempt.min(6)).min(Duration::from_secs(10));
    let jitter = u32::from(uuid::Uuid::new_v4().as_bytes()[0]);
    base.mul_f64(0.75 + f64::from(jitter) / 1024.0)
}
