//! The problems of many streams, found while somebody asks for them.

use super::grpc::Session;
use super::update_sender::UpdateSender;
use super::{FoundProblem, PastQuestions, ProblemQuestion, ProblemStep, StoreError, Update};
use crate::aggregate::{Aggregate, Registry};
use crate::history::{Replay, Setters};
use crate::record::{Created, RecordRef, StreamName};
use futures::StreamExt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// Streams read at once.
const READS: usize = 8;
/// Most problems of one update.
const ROWS: usize = 256;
/// Longest time between two updates while streams are done.
const STEP: Duration = Duration::from_millis(100);
/// How long events are folded before other tasks have their turn.
const TURN: Duration = Duration::from_millis(2);

/// Answers until the connection ends.
pub async fn answer(
    session: Session,
    registry: Registry,
    mut questions: watch::Receiver<PastQuestions>,
    out: UpdateSender,
) -> StoreError {
    let mut answered = None;
    loop {
        let asked = questions.borrow_and_update().problems.clone();
        let ticket = asked.as_ref().map(|question| question.ticket);
        let Some(question) = asked.filter(|_| ticket != answered) else {
            answered = answered.filter(|_| ticket.is_some());
            changed(&mut questions).await;
            continue;
        };
        let search = Search { session: &session, registry: &registry, question: &question, out: &out };
        tokio::select! {
            ended = search.run() => {
                if let Err(error) = ended.as_ref() && error.passes() {
                    return error.clone();
                }
                search.send(ProblemStep::Ended(ended)).await;
                answered = ticket;
            }
            () = another(&mut questions, &question) => {}
        }
    }
}

async fn changed(questions: &mut watch::Receiver<PastQuestions>) {
    if questions.changed().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Ends once something else is asked for, or nothing.
async fn another(questions: &mut watch::Receiver<PastQuestions>, question: &ProblemQuestion) {
    while questions.borrow_and_update().problems.as_ref() == Some(question) {
        changed(questions).await;
    }
}

struct Search<'a> {
    session: &'a Session,
    registry: &'a Registry,
    question: &'a ProblemQuestion,
    out: &'a UpdateSender,
}

impl Search<'_> {
    async fn send(&self, step: ProblemStep) {
        self.out.send(Update::Problems { ticket: self.question.ticket, step }).await;
    }

    async fn run(&self) -> Result<(), StoreError> {
        self.send(ProblemStep::Begins).await;
        let streams = self.question.streams.iter().cloned();
        let mut reads = futures::stream::iter(streams).map(|stream| self.of_stream(stream)).buffered(READS);
        let (mut done, mut unreadable, mut found) = (0, 0, Vec::new());
        let mut due = Instant::now();
        while let Some(problems) = reads.next().await {
            done += 1;
            match problems {
                Ok(problems) => found.extend(problems),
                Err(StoreError::AccessDenied(_)) => unreadable += 1,
                Err(error) => return Err(error),
            }
            if found.len() >= ROWS || due <= Instant::now() {
                self.tell(done, unreadable, &mut found).await;
                due = Instant::now() + STEP;
            }
        }
        self.tell(done, unreadable, &mut found).await;
        Ok(())
    }

    async fn tell(&self, done: u64, unreadable: u64, found: &mut Vec<FoundProblem>) {
        loop {
            let rest = found.split_off(found.len().min(ROWS));
            let found_now = std::mem::replace(found, rest);
            self.send(ProblemStep::Found { done, unreadable, found: found_now }).await;
            if found.is_empty() {
                return;
            }
        }
    }

    async fn of_stream(&self, stream: StreamName) -> Result<Vec<FoundProblem>, StoreError> {
        let mut folding =
            Folding::new(self.registry.for_stream(&stream).clone(), &stream, self.question.until);
        let mut pages = self.session.pages(&stream, None);
        let mut turn = Instant::now();
        while let Some(pack) = pages.pack().await? {
            for at in 0..pack.len() {
                if let Some(record) = pack.get(at) {
                    folding.take(record);
                }
                if turn.elapsed() > TURN {
                    tokio::task::yield_now().await;
                    turn = Instant::now();
                }
            }
        }
        Ok(folding.found())
    }
}

/// One stream, folded as it is read.
struct Folding {
    replay: Replay,
    setters: Setters,
    changed: Vec<Arc<str>>,
    found: Vec<FoundProblem>,
    until: Option<Created>,
    /// Problems up to the last event that the moment includes; clocks go backwards in real logs.
    included: usize,
}

impl Folding {
    fn new(aggregate: Arc<dyn Aggregate>, stream: &StreamName, until: Option<Created>) -> Self {
        let replay = Replay::new(aggregate, stream.clone());
        let (setters, changed, found) = (Setters::default(), Vec::new(), Vec::new());
        Self { replay, setters, changed, found, until, included: 0 }
    }

    fn take(&mut self, record: RecordRef<'_>) {
        let last = self.replay.last();
        self.changed.clear();
        let Some((_, problem)) = self.replay.apply(record, &mut self.changed) else { return };
        self.found.extend(problem.map(|problem| FoundProblem {
            stream: self.replay.stream().clone(),
            revision: record.revision,
            event_type: record.event_type.clone(),
            kind: problem.kind,
            text: self.setters.sentence(&problem, last),
        }));
        self.setters.set(self.changed.drain(..), record.revision);
        if self.until.is_none_or(|until| record.created <= until) {
            self.included = self.found.len();
        }
    }

    fn found(mut self) -> Vec<FoundProblem> {
        self.found.truncate(self.included);
        self.found
    }
}
