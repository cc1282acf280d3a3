//! Where a person stands in a lesson, and what its steps came to; plain data.

use super::model::{Expecting, Lesson, Step, StepText};
use super::outcome::Outcome;
use crate::record::StreamName;
use crate::store::{AppendError, StoreError};
use std::collections::BTreeMap;
use std::sync::Arc;
use uuid::Uuid;

/// What a person chose at steps that let one choose.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices(BTreeMap<usize, Expecting>);

impl Choices {
    pub fn at(&self, step: usize) -> Option<Expecting> {
        self.0.get(&step).copied()
    }

    /// Whether any revision was to be expected in this step or before.
    pub fn is_any_until(&self, step: usize) -> bool {
        self.0.range(..=step).any(|(_, expecting)| *expecting == Expecting::Any)
    }

    #[must_use]
    pub fn with(mut self, step: usize, expecting: Expecting) -> Self {
        self.0.insert(step, expecting);
        self
    }
}

/// Why a step is not done; it is gone on with where it stopped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    pub step: usize,
    /// The place of the act that failed; past the last one where the outcome could not be read.
    pub act: usize,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    Store(StoreError),
    Append(AppendError),
    /// The fields make no command; a sentence.
    Command(String),
    /// The writer has not read, or decided on nothing.
    NothingToSend(Arc<str>),
}

/// One time through a lesson, on streams of its own.
#[derive(Debug, Clone)]
pub struct Run {
    id: Uuid,
    lesson: Arc<Lesson>,
    choices: Choices,
    streams: Vec<StreamName>,
    steps: Vec<StepText>,
    try_it: String,
    at: usize,
    outcomes: Vec<Arc<Outcome>>,
    is_pending: bool,
    failure: Option<Failure>,
}

impl Run {
    /// At its first step; the id names its streams and events.
    pub fn new(lesson: Arc<Lesson>, choices: Choices, id: Uuid) -> Self {
        let streams = lesson.streams.iter().zip(ids(id)).map(|(stream, id)| name(&stream.category, &id));
        let streams: Vec<StreamName> = streams.collect();
        let filled = |text: &str| filled(text, &lesson, &streams);
        let step = |(at, step): (usize, &Step)| {
            let text = step.if_any.as_ref().filter(|_| choices.is_any_until(at)).unwrap_or(&step.text);
            let lines = text.lines.iter().map(|line| filled(line)).collect();
            StepText { title: filled(&text.title), lines }
        };
        Self {
            steps: lesson.steps.iter().enumerate().map(step).collect(),
            try_it: filled(&lesson.try_it),
            id,
            choices,
            streams,
            at: 0,
            outcomes: Vec::new(),
            is_pending: false,
            failure: None,
            lesson,
        }
    }

    /// The same lesson from its beginning, on other streams.
    #[must_use]
    pub fn again(&self, id: Uuid) -> Self {
        Self::new(self.lesson.clone(), Choices::default(), id)
    }

    /// Another run, at the step with the choice, which is done once the steps before it are.
    #[must_use]
    pub fn chosen(&self, step: usize, expecting: Expecting, id: Uuid) -> Self {
        let choices = self.choices.clone().with(step, expecting);
        let mut run = Self::new(self.lesson.clone(), choices, id);
        run.go_to(step);
        run
    }

    pub fn id(&self) -> Uuid {
        self.id
    }

    pub fn lesson(&self) -> &Arc<Lesson> {
        &self.lesson
    }

    pub fn choices(&self) -> &Choices {
        &self.choices
    }

    /// In the order of the lesson's streams.
    pub fn streams(&self) -> &[StreamName] {
        &self.streams
    }

    pub fn about(&self) -> &str {
        &self.lesson.about
    }

    /// With the names of this run.
    pub fn steps(&self) -> &[StepText] {
        &self.steps
    }

    pub fn try_it(&self) -> &str {
        &self.try_it
    }

    /// The place of the step that is shown, from 0.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Steps that are done.
    pub fn done(&self) -> usize {
        self.outcomes.len()
    }

    /// What the step that is shown came to; `None` while it is not done.
    pub fn outcome(&self) -> Option<&Arc<Outcome>> {
        self.outcomes.get(self.at)
    }

    /// What any step came to.
    pub fn outcome_of(&self, step: usize) -> Option<&Arc<Outcome>> {
        self.outcomes.get(step)
    }

    /// Why the step that is shown is not done.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref().filter(|_| self.outcome().is_none())
    }

    /// A step is being done.
    pub fn is_pending(&self) -> bool {
        self.is_pending
    }

    pub fn is_last(&self) -> bool {
        self.at + 1 >= self.steps.len()
    }

    /// Shows a step; those before it that are not done are to be done first.
    pub fn go_to(&mut self, step: usize) {
        self.at = step.min(self.steps.len().saturating_sub(1));
    }

    pub fn forward(&mut self) {
        self.go_to(self.at.saturating_add(1));
    }

    pub fn back(&mut self) {
        self.at = self.at.saturating_sub(1);
    }

    /// The step that failed is to be gone on with.
    pub fn retry(&mut self) {
        self.failure = None;
    }

    /// Whether the runner is to do the next step now; it is under way from then on.
    pub fn take_due(&mut self) -> bool {
        let is_due = !self.is_pending && self.failure.is_none() && self.outcomes.len() <= self.at;
        self.is_pending |= is_due;
        is_due
    }

    /// The answer of the runner.
    pub fn performed(&mut self, result: Result<Outcome, Failure>) {
        self.is_pending = false;
        match result {
            Ok(outcome) if self.outcomes.len() < self.steps.len() => self.outcomes.push(Arc::new(outcome)),
            Ok(_) => {}
            Err(failure) => {
                self.at = self.at.min(failure.step);
                self.failure = Some(failure);
            }
        }
    }
}

/// Eight hexadecimal digits for each stream.
fn ids(id: Uuid) -> impl Iterator<Item = String> {
    (0_u8..).map(move |place| {
        let id = if place == 0 { id } else { Uuid::new_v5(&id, &[place]) };
        id.simple().to_string().chars().take(8).collect()
    })
}

fn name(category: &str, id: &str) -> StreamName {
    StreamName::new(&format!("{category}-{id}"))
}

/// The text with the names of the run's streams.
pub(super) fn filled(text: &str, lesson: &Lesson, streams: &[StreamName]) -> String {
    let mut text = text.to_owned();
    for (stream, name) in lesson.streams.iter().zip(streams) {
        text = text.replace(&format!("{{{}}}", stream.name), name.id());
        text = text.replace(&format!("{{{}.stream}}", stream.name), name.as_str());
    }
    text
}
