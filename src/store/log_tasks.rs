//! The tail of `$all` and one question of it for the window, while they are asked for; each goes on where a lost connection left it.

use super::log::{LogAsks, LogEvent, LogQuestion, LogQuestions, LogScope, LogStep, Search};
use crate::aggregate::EventFilter;
use crate::record::Position;
use crate::store::grpc::Session;
use crate::store::update_sender::UpdateSender;
use crate::store::{StoreError, Ticket, Update};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::Instant;

/// Events that the tail begins with.
const NEWEST: usize = 100;
/// Most events of one update.
const BATCH: usize = 128;
/// Shortest time between two counts.
const STEP: Duration = Duration::from_millis(100);

/// How far what is asked for is answered; survives a reconnection.
#[derive(Debug, Default)]
struct LogPlace {
    has_begun: bool,
    after: Option<Position>,
    looked: u64,
    hits: usize,
    is_over: bool,
}

type HeldPlace = Arc<Mutex<LogPlace>>;

/// The tasks of one worker, each with how far what it was asked for is answered.
#[derive(Debug, Default)]
pub struct LogTasks {
    questions: LogQuestions,
    tail: Option<AbortHandle>,
    tail_place: HeldPlace,
    answer: Option<AbortHandle>,
    answer_place: HeldPlace,
}

impl LogTasks {
    /// Another database: all that is asked is answered from the beginning, once it is connected.
    pub fn forget(&mut self, questions: LogQuestions) {
        self.questions = questions;
        (self.tail_place, self.answer_place) = Default::default();
    }

    /// Turns to other questions, what is the same goes on.
    pub fn turn_to(
        &mut self,
        questions: LogQuestions,
        session: Option<&Session>,
        tasks: &mut JoinSet<StoreError>,
        out: &UpdateSender,
    ) {
        let before = std::mem::replace(&mut self.questions, questions);
        if before.tail != self.questions.tail {
            self.tail_place = HeldPlace::default();
            self.begin_tail(session, tasks, out);
        }
        if before.asked != self.questions.asked {
            self.answer_place = HeldPlace::default();
            self.begin_answer(session, tasks, out);
        }
    }

    /// On a new connection, everything goes on.
    pub fn begin(&mut self, session: &Session, tasks: &mut JoinSet<StoreError>, out: &UpdateSender) {
        self.begin_tail(Some(session), tasks, out);
        self.begin_answer(Some(session), tasks, out);
    }

    fn begin_tail(&mut self, session: Option<&Session>, tasks: &mut JoinSet<StoreError>, out: &UpdateSender) {
        self.tail.take().iter().for_each(AbortHandle::abort);
        if let (Some(session), Some(ticket)) = (session, self.questions.tail) {
            let task = tail(session.clone(), ticket, self.tail_place.clone(), out.clone());
            self.tail = Some(tasks.spawn(task));
        }
    }

    fn begin_answer(
        &mut self,
        session: Option<&Session>,
        tasks: &mut JoinSet<StoreError>,
        out: &UpdateSender,
    ) {
        self.answer.take().iter().for_each(AbortHandle::abort);
        if let (Some(session), Some(question)) = (session, self.questions.asked.clone()) {
            let task = answer(session.clone(), question, self.answer_place.clone(), out.clone());
            self.answer = Some(tasks.spawn(task));
        }
    }
}

/// Tells what is written until the connection ends.
async fn tail(session: Session, ticket: Ticket, place: HeldPlace, out: UpdateSender) -> StoreError {
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
async fn answer(session: Session, question: LogQuestion, place: HeldPlace, out: UpdateSender) -> StoreError {
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
