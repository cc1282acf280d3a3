//! The two long-lived tasks of a connection: the stream list and the opened stream. Each ends only with an error.

use super::convert::{Interner, original, store_error};
use super::directory::Directory;
use super::session::Session;
use super::source::Known;
use super::worker::Outlet;
use super::{Connection, Life, Listing, StoreError, Ticket, Update};
use crate::decision::Append;
use crate::record::{Created, Record, Revision, StreamName};
use eventstore::{Error, Subscription, SubscriptionEvent};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, mpsc, watch};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Events on their way from the subscription to us.
const AHEAD: usize = 512;
/// Rows or records in one update.
const BATCH: usize = 512;
/// Expiries within this time are told at once.
const EXPIRY_STEP: Duration = Duration::from_millis(250);
/// The clock may be set meanwhile, so no wait for an expiry is longer.
const LONG: Duration = Duration::from_mins(1);
/// How often the server is asked for a sign of life, and how long it may take.
const PING: Duration = Duration::from_secs(2);
const PING_DEADLINE: Duration = Duration::from_secs(5);
/// How often rights, the login and the production declaration are asked again.
const ASK_AGAIN: Duration = Duration::from_secs(10);

/// The opened stream and how far it was read; survives a reconnection.
#[derive(Debug)]
pub struct Followed {
    pub ticket: Ticket,
    pub stream: StreamName,
    /// The newest event that was handed on.
    pub last: Mutex<Option<(Revision, Uuid)>>,
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
                out.send(Update::Listing(Listing { denied, caught_up: false, ..directory.listing() })).await;
                // The connection itself is well: opened streams go on.
                asked_again(&mut retry).await;
                directory.choose_again();
            }
            Err(error) => return error,
            Ok(never) => match never {},
        }
    }
}

/// Asks the server for signs of life, and now and then what it says of itself and of the user.
pub async fn standing(
    session: Session,
    mut online: Connection,
    out: Outlet,
    mut retry: watch::Receiver<u64>,
) -> StoreError {
    let mut asked = Instant::now();
    loop {
        let started = Instant::now();
        if let Ok(Ok(head)) = tokio::time::timeout(PING_DEADLINE, session.head()).await {
            out.send(Update::Pulse { at: Instant::now(), latency: started.elapsed(), head }).await;
        }
        let asks_now = tokio::select! {
            () = tokio::time::sleep(PING) => asked.elapsed() >= ASK_AGAIN,
            changed = retry.changed() => {
                if changed.is_err() {
                    return std::future::pending().await;
                }
                true
            }
        };
        if asks_now {
            asked = Instant::now();
            let now = online_as(&session).await;
            if now != online {
                online = now;
                out.send(Update::Connection(online.clone())).await;
            }
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
    let known = session.knows(directory).await?;
    if known != Known::Same {
        let category = directory.category().to_owned();
        *directory = Directory::new(&category);
        let update = if known == Known::Another { Update::AnotherDatabase } else { Update::Relisted };
        out.send(update).await;
    }
    directory.choose(session).await?;
    let mut feed = Feed::of(session.subscribe(directory).await);
    loop {
        let mut event = next_or_expiry(&mut feed, directory).await;
        let mut taken = 0;
        while let Some(next) = event.take() {
            let next = match next {
                Ok(next) => next,
                Err(error) => return Err(session.explained(store_error(&error)).await),
            };
            directory.absorb(&next);
            taken += 1;
            if taken < BATCH {
                event = feed.ready();
            }
        }
        while directory.is_caught_up() && !session.read_unread(directory).await? {
            tell(directory, out).await;
        }
        tell(directory, out).await;
    }
}

/// The next event of the subscription, or `None` when something expires before it comes.
async fn next_or_expiry(feed: &mut Feed, directory: &Directory) -> Option<Result<SubscriptionEvent, Error>> {
    let expiry = async {
        match directory.next_expiry() {
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

async fn tell(directory: &mut Directory, out: &Outlet) {
    let now = Created::now();
    directory.expire(now);
    while directory.has_changed() {
        out.send_with(|| Update::Rows(directory.take_changed(BATCH, now))).await;
    }
    out.send(Update::Listing(directory.listing())).await;
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
                life(&followed, &out, Life::Failed(error), None).await;
                asked_again(&mut retry).await;
            }
            Err(error) => return error,
            Ok(never) => match never {},
        }
    }
}

async fn life(followed: &Followed, out: &Outlet, life: Life, last: Option<Revision>) {
    out.send(Update::Life { ticket: followed.ticket, life, last }).await;
}

async fn follow_stream(
    session: &Session,
    followed: &Followed,
    out: &Outlet,
) -> Result<std::convert::Infallible, StoreError> {
    let mut last = followed.last.lock().await;
    // What was read last is read again: it proves that the history is the same.
    let after = last.and_then(|(revision, _)| revision.0.checked_sub(1)).map(Revision);
    let mut pages = session.pages(&followed.stream, after);
    let mut proves = *last;
    while let Some(records) = pages.next().await? {
        if let (Some((revision, id)), Some(first)) = (proves.take(), records.first())
            && first.revision == revision
            && first.id != id
        {
            out.send(Update::FormerStream { ticket: followed.ticket }).await;
            return std::future::pending().await;
        }
        hand_on(followed, &mut last, records, out).await;
    }
    life(followed, out, pages.life.clone(), pages.last).await;
    if pages.life == Life::Tombstoned {
        return std::future::pending().await;
    }
    let after = last.map(|(revision, _)| revision);
    let mut feed = Feed::of(session.subscribe_to_stream(&followed.stream, after).await);
    let mut interner = Interner::default();
    loop {
        let mut records = Vec::new();
        let mut event = Some(feed.next().await);
        while let Some(next) = event.take() {
            match next {
                Ok(SubscriptionEvent::EventAppeared(resolved)) => {
                    records.extend(original(&resolved).map(|event| interner.record(event)));
                }
                Ok(_) => {}
                Err(Error::ResourceDeleted) => {
                    life(followed, out, Life::Tombstoned, None).await;
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
            life(followed, out, Life::Live, None).await;
        }
    }
}

/// The place is reserved first, so that an abort between handing on and remembering cannot lose or repeat a record.
async fn hand_on(
    followed: &Followed,
    last: &mut Option<(Revision, Uuid)>,
    mut records: Vec<Record>,
    out: &Outlet,
) {
    records.retain(|record| last.is_none_or(|(last, _)| record.revision > last));
    let newest = records.last().map(|record| (record.revision, record.id));
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
