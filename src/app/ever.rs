//! In which streams of the list its condition was ever true, and where first of all.

use super::failure::Failure;
use crate::aggregate::Condition;
use crate::store::{EverQuestion, EverStep, FirstTrue, Listing, Ticket};
use std::sync::Arc;

/// How far it is.
#[derive(Debug)]
pub enum EverState {
    /// So many events are read.
    Reading(u64),
    /// So many streams are looked at, and it was true in so many of them.
    Looking {
        done: u64,
        found: u64,
    },
    Done,
    Failed(Failure),
}

/// What was found so far.
#[derive(Debug)]
pub struct Ever {
    question: EverQuestion,
    state: EverState,
    streams: u64,
    listing: Option<Listing>,
    /// The earliest first.
    rows: Vec<FirstTrue>,
}

impl Ever {
    pub(super) fn new(ticket: Ticket, condition: Arc<Condition>) -> Self {
        let question = EverQuestion { ticket, condition, until: None };
        Self { question, state: EverState::Reading(0), streams: 0, listing: None, rows: Vec::new() }
    }

    pub(super) fn read(&mut self, events: u64) {
        if let EverState::Reading(read) = &mut self.state {
            *read = events;
        }
    }

    pub(super) fn step(&mut self, ticket: Ticket, step: EverStep) {
        if self.question.ticket != ticket || !self.is_running() {
            return;
        }
        match step {
            EverStep::Begins { streams, listing } => {
                (self.streams, self.listing) = (streams, Some(listing));
                self.state = EverState::Looking { done: 0, found: 0 };
                self.rows.clear();
            }
            EverStep::Looked { done, found } => self.state = EverState::Looking { done, found },
            EverStep::Rows(rows) => self.rows.extend(rows),
            EverStep::Ended(Ok(())) => self.state = EverState::Done,
            EverStep::Ended(Err(why)) => self.state = EverState::Failed(why.into()),
        }
    }

    /// What the store should look at, until it is done.
    pub fn question(&self) -> Option<&EverQuestion> {
        Some(&self.question).filter(|_| self.is_running())
    }

    pub fn is_running(&self) -> bool {
        matches!(self.state, EverState::Reading(_) | EverState::Looking { .. })
    }

    pub fn condition(&self) -> &Arc<Condition> {
        &self.question.condition
    }

    pub fn state(&self) -> &EverState {
        &self.state
    }

    /// Streams that are looked at.
    pub fn streams(&self) -> u64 {
        self.streams
    }

    /// From where the events are; known once they are read.
    pub fn listing(&self) -> Option<&Listing> {
        self.listing.as_ref()
    }

    /// The streams in which it was true, the earliest first; all of them once it is done.
    pub fn rows(&self) -> &[FirstTrue] {
        &self.rows
    }
}
