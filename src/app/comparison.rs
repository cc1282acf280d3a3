//! Two definitions of the same streams: which streams they make different states of.

use super::failure::Failure;
use crate::store::{ComparedFolds, ComparedStream, ComparisonStep, Ticket};
use std::sync::Arc;

/// With what a definition is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OtherFold {
    /// The definition of this file.
    File(Arc<str>),
    /// What would count without the definition.
    WithoutIt,
}

/// How far it is.
#[derive(Debug)]
pub enum ComparisonState {
    /// Which streams there are is read.
    Listing,
    Comparing,
    Done,
    /// By a person, before the end.
    Stopped,
    Failed(Failure),
}

/// What was found so far.
#[derive(Debug)]
pub struct Comparison {
    file: Arc<str>,
    other: OtherFold,
    /// `None` where the other definition cannot be used.
    folds: Option<ComparedFolds>,
    state: ComparisonState,
    streams: u64,
    done: u64,
    unreadable: u64,
    /// By name, as the store compares them.
    differing: Vec<ComparedStream>,
}

impl Comparison {
    pub(super) fn new(file: Arc<str>, other: OtherFold, folds: ComparedFolds) -> Self {
        Self { folds: Some(folds), ..Self::in_state(file, other, ComparisonState::Listing) }
    }

    /// Of a definition that cannot be used.
    pub(super) fn failed(file: Arc<str>, other: OtherFold, why: Failure) -> Self {
        Self::in_state(file, other, ComparisonState::Failed(why))
    }

    fn in_state(file: Arc<str>, other: OtherFold, state: ComparisonState) -> Self {
        let (folds, differing) = (None, Vec::new());
        Self { file, other, folds, state, streams: 0, done: 0, unreadable: 0, differing }
    }

    pub(super) fn step(&mut self, ticket: Ticket, step: ComparisonStep) {
        if self.wanted().is_none_or(|folds| folds.ticket != ticket) {
            return;
        }
        match step {
            ComparisonStep::Listing => {
                (self.streams, self.done, self.unreadable) = (0, 0, 0);
                self.differing.clear();
                self.state = ComparisonState::Listing;
            }
            ComparisonStep::Listed(streams) => {
                self.streams = streams;
                self.state = ComparisonState::Comparing;
            }
            ComparisonStep::Streams { done, unreadable, differing } => {
                (self.done, self.unreadable) = (done, unreadable);
                self.differing.extend(differing);
            }
            ComparisonStep::Ended(Ok(())) => self.state = ComparisonState::Done,
            ComparisonStep::Ended(Err(why)) => self.state = ComparisonState::Failed(why.into()),
        }
    }

    pub(super) fn stop(&mut self) {
        if self.is_running() {
            self.state = ComparisonState::Stopped;
        }
    }

    /// What the store should fold, until it is done.
    pub fn wanted(&self) -> Option<&ComparedFolds> {
        self.folds.as_ref().filter(|_| self.is_running())
    }

    pub fn is_running(&self) -> bool {
        matches!(self.state, ComparisonState::Listing | ComparisonState::Comparing)
    }

    /// The file of the definition whose streams are folded.
    pub fn file(&self) -> &str {
        &self.file
    }

    pub fn other(&self) -> &OtherFold {
        &self.other
    }

    pub fn state(&self) -> &ComparisonState {
        &self.state
    }

    /// Streams that are to be folded.
    pub fn streams(&self) -> u64 {
        self.streams
    }

    /// Streams that were folded, or may not be read.
    pub fn done(&self) -> u64 {
        self.done
    }

    /// Streams that may not be read.
    pub fn unreadable(&self) -> u64 {
        self.unreadable
    }

    /// The streams whose states differ, by name.
    pub fn differing(&self) -> &[ComparedStream] {
        &self.differing
    }
}
