//! A search over all events, and what it found.

use crate::record::{Position, Record};
use crate::store::{LogAsks, LogQuestion, LogStep, ScanEnd, ScanStart, Search, StoreError, Ticket};
use std::sync::Arc;

/// Hits that are kept; beyond, those before are left.
const MOST: usize = 10_000;

/// How far it is.
#[derive(Debug, Default)]
pub enum SearchState {
    /// Nothing is searched for yet.
    #[default]
    Idle,
    Looking,
    Complete,
    /// There may be more behind its last hit.
    Limit(Position),
    /// By a person.
    Stopped,
    Failed(StoreError),
}

#[derive(Debug, Default)]
pub struct LogSearch {
    question: Option<LogQuestion>,
    state: SearchState,
    start: Option<ScanStart>,
    /// Of those before it that were stopped or cut.
    looked_before: u64,
    looked: u64,
    hits: Vec<Record>,
}

impl LogSearch {
    pub(super) fn begin(&mut self, ticket: Ticket, search: Search) {
        *self = Self {
            question: Some(LogQuestion { ticket, asks: Arc::new(LogAsks::Search(Box::new(search))) }),
            state: SearchState::Looking,
            ..Self::default()
        };
    }

    /// What comes after the last hit that is shown.
    pub(super) fn go_on(&mut self, ticket: Ticket) {
        let after = match self.state {
            SearchState::Limit(at) => Some(at),
            SearchState::Stopped => self.hits.last().map(|hit| hit.position),
            _ => return,
        };
        let Some(LogAsks::Search(search)) = self.question.as_ref().map(|question| &*question.asks) else {
            return;
        };
        let search = Search { after: after.or(search.after), ..(**search).clone() };
        self.question = Some(LogQuestion { ticket, asks: Arc::new(LogAsks::Search(Box::new(search))) });
        self.state = SearchState::Looking;
        self.looked_before += std::mem::take(&mut self.looked);
        if self.hits.len() >= MOST {
            self.hits.clear();
        }
    }

    pub(super) fn stop(&mut self) {
        if matches!(self.state, SearchState::Looking) {
            self.state = SearchState::Stopped;
        }
    }

    pub(super) fn step(&mut self, step: LogStep) {
        if !matches!(self.state, SearchState::Looking) {
            return;
        }
        match step {
            LogStep::Begins(start) => {
                self.start.get_or_insert(start);
            }
            LogStep::Events(records) => self.hits.extend(records),
            LogStep::Looked(looked) => self.looked = looked,
            LogStep::Ended(Ok(ScanEnd::Complete)) => self.state = SearchState::Complete,
            LogStep::Ended(Ok(ScanEnd::Limit(at))) => self.state = SearchState::Limit(at),
            LogStep::Ended(Err(why)) => self.state = SearchState::Failed(why),
            LogStep::Projections(_) | LogStep::Parked(_) => {}
        }
    }

    pub(super) fn ticket(&self) -> Option<Ticket> {
        self.question.as_ref().map(|question| question.ticket)
    }

    /// What the store should look for, until it is done.
    pub(super) fn question(&self) -> Option<LogQuestion> {
        self.question.clone().filter(|_| matches!(self.state, SearchState::Looking))
    }

    pub fn state(&self) -> &SearchState {
        &self.state
    }

    pub fn start(&self) -> Option<&ScanStart> {
        self.start.as_ref()
    }

    /// Events that were looked at.
    pub fn looked(&self) -> u64 {
        self.looked_before + self.looked
    }

    /// In the order of `$all`.
    pub fn hits(&self) -> &[Record] {
        &self.hits
    }
}
