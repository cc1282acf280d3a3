//! The tail of `$all` and one question of it for the window, while they are asked for; each goes on where a lost connection left it.

use super::feed::{LogEvent, LogScope};
use super::question::{LogAsks, LogQuestion, LogStep};
use super::scan::Search;
use crate::aggregate::EventFilter;
use crate::record::Position;
use crate::store::grpc::Session;
use crate::store::update_sender::UpdateSender;
use crate::store::{StoreError, Ticket, Update};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::Instant;

/// Events that the tail begins with.
const NEWEST: usize = 100;
/// Most events of one update.
const BATCH: usize = 128;
/// Shortest time between two counts.
const STEP: Duration = Duration::from_millis(100);

/// How far what is asked for is answered; survives a reconnection.
#[derive(Debug, Default)]
pub struct LogPlace {
    has_begun: bool,
    after: Option<Position>,
    looked: u64,
    hits: usize,
    is_over: bool,
}

pub type HeldPlace = Arc<Mutex<LogPlace>>;

/// Tells what is written until the connection ends.
pub async fn tail(session: Session, ticket: Ticket, place: HeldPlace, out: UpdateSender) -> StoreError {
    let mut place = place.lock().await;
    match follow(&session, ticket, &mut place, &out).await {
        Err(why) if why.passes() => why,
        Err(why) => {
            send(&out, ticket, LogStep::Ended(Err(why))).await;
            std::future::pending().await
        }
        Ok(never) => match never {},
    }
}

async fn follow(
    session: &Session,
    ticket: Ticket,
    place: &mut LogPlace,
    out: &UpdateSender,
) -> Result<std::convert::Infallible, StoreError> {
    if !place.has_begun {
        let newest = session.newest_of_log(NEWEST, &EventFilter::default(), &LogScope::Own).await?;
        send(out, ticket, LogStep::Events(newest.records)).await;
        (place.has_begun, place.after) = (true, newest.head);
    }
    let mut feed = session.log_feed(place.after, &LogScope::Own).await;
    loop {
        let (mut records, mut last) = (Vec::new(), place.after);
        let mut next = Some(feed.next().await);
        while let Some(event) = next {
            match event? {
                LogEvent::Event(record) => {
                    last = Some(record.position);
                    records.push(record);
                }
                LogEvent::Checkpoint(at) => last = Some(at),
                LogEvent::CaughtUp | LogEvent::Other => {}
            }
            next = if records.len() < BATCH { feed.ready().await } else { None };
        }
        if !records.is_empty() {
            send(out, ticket, LogStep::Events(records)).await;
        }
        place.after = last;
    }
}

/// Answers the question until the connection ends.
pub async fn answer(
    session: Session,
    question: LogQuestion,
    place: HeldPlace,
    out: UpdateSender,
) -> StoreError {
    let mut place = place.lock().await;
    if !place.is_over {
        let answered = match &*question.asks {
            LogAsks::Search(search) => look(&session, question.ticket, search, &mut place, &out).await,
            LogAsks::Projections => session.projections(None).await.map(LogStep::Projections),
            LogAsks::Parked => session.parked(None).await.map(LogStep::Parked),
        };
        let step = match answered {
            Err(why) if why.passes() => return why,
            Err(why) => LogStep::Ended(Err(why)),
            Ok(step) => step,
        };
        send(&out, question.ticket, step).await;
        place.is_over = true;
    }
    std::future::pending().await
}

async fn look(
    session: &Session,
    ticket: Ticket,
    search: &Search,
    place: &mut LogPlace,
    out: &UpdateSender,
) -> Result<LogStep, StoreError> {
    let limit = search.limit.saturating_sub(place.hits).max(1);
    let search = Search { after: place.after.or(search.after), limit, ..search.clone() };
    let mut scan = session.scan(&search).await?;
    if !place.has_begun {
        send(out, ticket, LogStep::Begins(scan.start().clone())).await;
        place.has_begun = true;
    }
    let (before, mut due) = (place.looked, Instant::now());
    loop {
        let step = scan.next().await?;
        let found = step.hits.len();
        if found > 0 {
            send(out, ticket, LogStep::Events(step.hits)).await;
        }
        place.hits += found;
        (place.after, place.looked) = (scan.position(), before + scan.looked());
        if due <= Instant::now() || step.end.is_some() {
            send(out, ticket, LogStep::Looked(place.looked)).await;
            due = Instant::now() + STEP;
        }
        if let Some(end) = step.end {
            return Ok(LogStep::Ended(Ok(end)));
        }
        tokio::task::yield_now().await;
    }
}

async fn send(out: &UpdateSender, ticket: Ticket, step: LogStep) {
    out.send(Update::Log { ticket, step }).await;
}
