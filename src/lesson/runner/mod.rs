//! Does the steps of a run, each once and in their order, by the program's own ways to read, decide and write.

mod acts;
mod cards;
mod shown;
mod words;

use super::model::{Act, Lesson, Step};
use super::outcome::Outcome;
use super::reading::BY_CATEGORY;
use super::run::{Choices, Failure, Run, Why};
use super::sandbox::Sandbox;
use super::sentence::Sentence;
use crate::aggregate::Registry;
use crate::history::Timeline;
use crate::record::StreamName;
use crate::store::{AppendError, Session, StoppedProjection, StoreError};
use cards::Cards;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use uuid::Uuid;

/// Events of a stream that a lesson looks at: its own are few, and others may write into it.
const MOST: usize = 1_000;

/// The live half of a [`Run`]; dropping it starts a stopped projection again, and [`Runner::leave`] waits for that.
pub struct Runner {
    sandbox: Sandbox,
    id: Uuid,
    lesson: Arc<Lesson>,
    choices: Choices,
    streams: Vec<StreamName>,
    /// None of the user's definitions: what a lesson says is true of the built-in aggregates.
    registry: Registry,
    session: Option<Session>,
    /// The step that is due, and its first act that is not done.
    step: usize,
    act: usize,
    /// Of the acts of the step that are done.
    notes: Vec<Sentence>,
    /// By their places in the lesson.
    writers: Vec<Writer>,
    cards: Cards,
    /// Who wrote what, by event id.
    authors: HashMap<Uuid, Arc<str>>,
    /// Events that the server took, and those of them that it took in this step.
    taken: HashSet<Uuid>,
    fresh: HashSet<Uuid>,
    /// Events that it refused.
    refused: Vec<Refused>,
    stopped: Option<StoppedProjection>,
}

/// What a writer holds: what was read, and what was decided on it.
#[derive(Default)]
struct Writer {
    read: Option<(usize, Timeline)>,
    decided: Option<crate::decision::Append>,
}

struct Refused {
    id: Uuid,
    stream: StreamName,
    event_type: Arc<str>,
    by: Option<Arc<str>>,
}

impl Runner {
    /// Of a run of which nothing is done yet.
    pub fn new(sandbox: Sandbox, run: &Run) -> Self {
        let lesson = run.lesson().clone();
        Self {
            sandbox,
            id: run.id(),
            choices: run.choices().clone(),
            streams: run.streams().to_vec(),
            registry: Registry::default(),
            session: None,
            step: 0,
            act: 0,
            notes: Vec::new(),
            writers: lesson.writers.iter().map(|_| Writer::default()).collect(),
            cards: Cards::default(),
            authors: HashMap::new(),
            taken: HashSet::new(),
            fresh: HashSet::new(),
            refused: Vec::new(),
            stopped: None,
            lesson,
        }
    }

    /// Does the next step, or what is left of it after a failure; past the last step it looks once more.
    pub async fn perform(&mut self) -> Result<Outcome, Failure> {
        let done = self.rest_of_step().await;
        match done {
            Ok(outcome) => {
                if self.step + 1 < self.lesson.steps.len() {
                    self.step += 1;
                    self.act = 0;
                    self.notes.clear();
                    self.fresh.clear();
                }
                Ok(outcome)
            }
            Err(why) => {
                // The server may be another process by the next attempt.
                self.session = None;
                Err(Failure { step: self.step, act: self.act, why })
            }
        }
    }

    async fn rest_of_step(&mut self) -> Result<Outcome, Why> {
        let lesson = self.lesson.clone();
        let Some(step) = lesson.steps.get(self.step) else {
            return Err(StoreError::Internal("doing a step").into());
        };
        let session = self.session().await?;
        while let Some(act) = step.acts.get(self.act) {
            // Boxed, as writes are large.
            Box::pin(self.perform_act(&session, act)).await?;
            self.act += 1;
        }
        self.outcome(&session, step).await
    }

    /// Ends the run; a projection that it stopped runs again then.
    pub async fn leave(mut self) -> Result<(), StoreError> {
        if self.stopped.is_none() {
            return Ok(());
        }
        let session = self.session().await?;
        self.start(&session).await
    }

    async fn start(&mut self, session: &Session) -> Result<(), StoreError> {
        session.start_projection(BY_CATEGORY).await?;
        if let Some(stopped) = self.stopped.take() {
            stopped.is_started();
        }
        Ok(())
    }

    async fn session(&mut self) -> Result<Session, StoreError> {
        if let Some(session) = &self.session {
            return Ok(session.clone());
        }
        let session = Session::connect((self.sandbox.resolve)().await?).await?;
        let stops = |step: &Step| step.acts.iter().any(|act| matches!(act, Act::Disable(_)));
        if self.step == 0 && self.lesson.steps.iter().any(stops) {
            // A program that was killed in this lesson has left it stopped.
            session.start_projection(BY_CATEGORY).await?;
        }
        Ok(self.session.insert(session).clone())
    }

    /// The stream with all that is read of it.
    async fn timeline(&self, session: &Session, stream: usize) -> Result<Timeline, StoreError> {
        let name = self.stream(stream);
        let mut timeline = Timeline::new(self.registry.for_stream(&name).clone(), name.clone());
        session
            .read_after(&name, None, MOST, |records| {
                for record in records {
                    timeline.push(record);
                }
            })
            .await?;
        Ok(timeline)
    }

    /// The run has a name for each of the lesson's streams.
    fn stream(&self, place: usize) -> StreamName {
        self.streams.get(place).cloned().unwrap_or_else(|| StreamName::new(""))
    }

    fn filled(&self, text: &str) -> String {
        super::run::filled(text, &self.lesson, &self.streams)
    }

    /// The same for the same act of the same run, so that nothing is done twice.
    fn event_id(&self, label: &str) -> Uuid {
        Uuid::new_v5(&self.id, label.as_bytes())
    }

    fn writer_name(&self, place: usize) -> Arc<str> {
        self.lesson.writers.get(place).cloned().unwrap_or_else(|| "".into())
    }
}

impl From<StoreError> for Why {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<AppendError> for Why {
    fn from(error: AppendError) -> Self {
        Self::Append(error)
    }
}
