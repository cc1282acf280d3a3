//! The problems of all streams of the list, by kind and by words.

use super::failure::Failure;
use crate::record::{Created, StreamName};
use crate::store::{FoundProblem, ProblemQuestion, ProblemStep, Ticket};
use std::sync::Arc;

/// Problems that are held at most; what is beyond is counted.
const MOST: usize = 50_000;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemsIntent {
    /// Only those of this kind; `None` is all.
    Kind(Option<&'static str>),
    /// Only those with these words in their stream, type, kind or sentence.
    Words(String),
    /// The window goes to the one at this place, and the view closes.
    Open(usize),
    /// The window goes to the next one, and the view stays.
    Next,
    Previous,
}

/// How far it is.
#[derive(Debug)]
pub enum ProblemsState {
    Reading,
    Done,
    Failed(Failure),
}

/// What was found so far.
#[derive(Debug)]
pub struct Problems {
    question: ProblemQuestion,
    /// That the list tells of these streams.
    expected: u64,
    state: ProblemsState,
    done: u64,
    unreadable: u64,
    found: Vec<FoundProblem>,
    /// Of each its stream, type, kind and sentence, in lower case.
    texts: Vec<Box<str>>,
    /// Of more than are held.
    total: u64,
    /// The kinds with how many are held, by name.
    kinds: Vec<(&'static str, usize)>,
    kind: Option<&'static str>,
    words: String,
    /// Those of the kind and with the words, by their places among all.
    shown: Vec<usize>,
    /// Where the window went last, among all.
    current: Option<usize>,
}

impl Problems {
    /// Of these streams, which have so many by the list.
    pub(super) fn new(
        ticket: Ticket,
        streams: Arc<[StreamName]>,
        until: Option<Created>,
        expected: u64,
    ) -> Self {
        Self {
            question: ProblemQuestion { ticket, streams, until },
            expected,
            state: ProblemsState::Reading,
            done: 0,
            unreadable: 0,
            found: Vec::new(),
            texts: Vec::new(),
            total: 0,
            kinds: Vec::new(),
            kind: None,
            words: String::new(),
            shown: Vec::new(),
            current: None,
        }
    }

    pub(super) fn step(&mut self, ticket: Ticket, step: ProblemStep) {
        if self.question.ticket != ticket || !self.is_running() {
            return;
        }
        match step {
            ProblemStep::Begins => {
                let ProblemQuestion { ticket, streams, until } = self.question.clone();
                let (kind, words) = (self.kind, std::mem::take(&mut self.words));
                *self = Self { kind, words, ..Self::new(ticket, streams, until, self.expected) };
            }
            ProblemStep::Found { done, unreadable, found } => {
                (self.done, self.unreadable) = (done, unreadable);
                self.total += found.len() as u64;
                let room = MOST - self.found.len();
                found.into_iter().take(room).for_each(|problem| self.add(problem));
            }
            ProblemStep::Ended(Ok(())) => self.state = ProblemsState::Done,
            ProblemStep::Ended(Err(why)) => self.state = ProblemsState::Failed(why.into()),
        }
    }

    fn add(&mut self, problem: FoundProblem) {
        match self.kinds.binary_search_by_key(&problem.kind, |(kind, _)| *kind) {
            Ok(place) => self.kinds[place].1 += 1,
            Err(place) => self.kinds.insert(place, (problem.kind, 1)),
        }
        let parts = [problem.stream.as_str(), &problem.event_type, problem.kind, &problem.text];
        self.texts.push(parts.join(" ").to_lowercase().into());
        self.found.push(problem);
        let place = self.found.len() - 1;
        if self.passes(place, &self.low_words()) {
            self.shown.push(place);
        }
    }

    fn low_words(&self) -> Vec<String> {
        self.words.split_whitespace().map(str::to_lowercase).collect()
    }

    fn passes(&self, place: usize, words: &[String]) -> bool {
        self.kind.is_none_or(|kind| self.found[place].kind == kind)
            && words
                .iter()
                .all(|word| memchr::memmem::find(self.texts[place].as_bytes(), word.as_bytes()).is_some())
    }

    pub(super) fn show(&mut self, kind: Option<&'static str>, words: String) {
        (self.kind, self.words) = (kind, words);
        let words = self.low_words();
        self.shown = (0..self.found.len()).filter(|place| self.passes(*place, &words)).collect();
    }

    /// The one that is shown at this place; the window goes to it.
    pub(super) fn go_to(&mut self, place: usize) -> Option<&FoundProblem> {
        let at = *self.shown.get(place)?;
        self.current = Some(at);
        self.found.get(at)
    }

    /// The place of the one after that which the window went to last, or before it.
    pub(super) fn beside(&self, forwards: bool) -> Option<usize> {
        let Some(current) = self.current else {
            let end = if forwards { 0 } else { self.shown.len().checked_sub(1)? };
            return (end < self.shown.len()).then_some(end);
        };
        if forwards {
            let next = self.shown.partition_point(|at| *at <= current);
            (next < self.shown.len()).then_some(next)
        } else {
            self.shown.partition_point(|at| *at < current).checked_sub(1)
        }
    }

    /// What the store should look at, until it is done.
    pub fn question(&self) -> Option<&ProblemQuestion> {
        Some(&self.question).filter(|_| self.is_running())
    }

    pub fn is_running(&self) -> bool {
        matches!(self.state, ProblemsState::Reading)
    }

    pub fn state(&self) -> &ProblemsState {
        &self.state
    }

    /// The moment that they are of; `None` is now.
    pub fn until(&self) -> Option<Created> {
        self.question.until
    }

    /// Streams that are read, and how many of them are by now.
    pub fn streams(&self) -> (u64, u64) {
        (self.question.streams.len() as u64, self.done)
    }

    /// Streams that may not be read.
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// How many were found, and how many of them are held.
    pub fn total(&self) -> (u64, u64) {
        (self.total, self.found.len() as u64)
    }

    /// That the list told of and that can no longer be read.
    pub fn gone(&self) -> u64 {
        if matches!(self.state, ProblemsState::Done) && self.unreadable == 0 {
            self.expected.saturating_sub(self.total)
        } else {
            0
        }
    }

    /// How many the list told of when this was asked.
    pub fn expected(&self) -> u64 {
        self.expected
    }

    /// The kinds with how many are held, by name.
    pub fn kinds(&self) -> &[(&'static str, usize)] {
        &self.kinds
    }

    /// The kind that is shown; `None` is all.
    pub fn kind(&self) -> Option<&'static str> {
        self.kind
    }

    pub fn words(&self) -> &str {
        &self.words
    }

    /// How many are of the kind and have the words.
    pub fn shown(&self) -> usize {
        self.shown.len()
    }

    pub fn get(&self, place: usize) -> Option<&FoundProblem> {
        self.shown.get(place).and_then(|&at| self.found.get(at))
    }

    /// The place of the one that the window went to last, where it is shown.
    pub fn current(&self) -> Option<usize> {
        self.shown.binary_search(&self.current?).ok()
    }
}
