//! The room of the database itself: what is written now, a search over everything, projections and parked messages.

mod intent;
mod search;
mod tail;

pub use intent::{DatabaseIntent, DatabaseTab, TailFilter};
pub use search::{LogSearch, SearchState};
pub use tail::LogTail;

use crate::store::{
    LogAsks, LogQuestion, LogQuestions, LogStep, ParkedMessage, Projections, StoreError, Ticket,
};
use std::sync::Arc;

/// What was asked for once, and its answer.
#[derive(Debug)]
pub enum Told<T> {
    /// Not yet asked, or under way.
    Asked,
    Known(T),
    Failed(StoreError),
}

/// What the room shows; a search and its hits stay when it is closed.
#[derive(Debug, Default)]
pub struct Database {
    tab: DatabaseTab,
    tail: LogTail,
    search: LogSearch,
    projections: Option<Told<Projections>>,
    parked: Option<Told<Vec<ParkedMessage>>>,
    /// Of what the open tab asks, beside a search.
    asked: Option<Ticket>,
}

impl Database {
    pub fn tab(&self) -> DatabaseTab {
        self.tab
    }

    pub fn tail(&self) -> &LogTail {
        &self.tail
    }

    pub fn search(&self) -> &LogSearch {
        &self.search
    }

    pub fn projections(&self) -> Option<&Told<Projections>> {
        self.projections.as_ref()
    }

    pub fn parked(&self) -> Option<&Told<Vec<ParkedMessage>>> {
        self.parked.as_ref()
    }

    /// The room is opened: the tail begins with the newest events again.
    pub(super) fn open(&mut self, tail: Ticket, asked: Ticket) {
        self.tail.begin(tail);
        // It ended with the room.
        self.search.stop();
        self.ask(asked);
    }

    /// Another database: nothing that was found is of it.
    pub(super) fn forget(&mut self) {
        *self = Self { tab: self.tab, ..Self::default() };
    }

    pub(super) fn turn_to(&mut self, tab: DatabaseTab, asked: Ticket) {
        self.tab = tab;
        if !matches!(tab, DatabaseTab::Tail | DatabaseTab::Search) {
            self.search.stop();
        }
        self.ask(asked);
    }

    /// Asks what the tab shows once.
    pub(super) fn ask(&mut self, ticket: Ticket) {
        self.asked = Some(ticket);
        match self.tab {
            DatabaseTab::Tail | DatabaseTab::Search => self.asked = None,
            DatabaseTab::Projections => {
                self.projections.get_or_insert(Told::Asked);
            }
            DatabaseTab::Parked => {
                self.parked.get_or_insert(Told::Asked);
            }
        }
    }

    pub(super) fn apply(&mut self, intent: DatabaseIntent, ticket: Ticket) {
        match intent {
            DatabaseIntent::Tab(tab) => self.turn_to(tab, ticket),
            DatabaseIntent::Refresh => self.ask(ticket),
            DatabaseIntent::Filter(filter) => self.tail.filter_by(filter),
            DatabaseIntent::Pause(pauses) => self.tail.pause(pauses),
            DatabaseIntent::Search(search) => self.search.begin(ticket, *search),
            DatabaseIntent::GoOn => self.search.go_on(ticket),
            DatabaseIntent::Stop => self.search.stop(),
        }
    }

    pub(super) fn questions(&self) -> LogQuestions {
        let once = |asks| self.asked.map(|ticket| LogQuestion { ticket, asks: Arc::new(asks) });
        let asked = match self.tab {
            DatabaseTab::Tail | DatabaseTab::Search => self.search.question(),
            DatabaseTab::Projections => once(LogAsks::Projections),
            DatabaseTab::Parked => once(LogAsks::Parked),
        };
        LogQuestions { tail: self.tail.ticket(), asked }
    }

    pub(super) fn step(&mut self, ticket: Ticket, step: LogStep) {
        if self.tail.ticket() == Some(ticket) {
            return self.tail.step(step);
        }
        if self.search.ticket() == Some(ticket) {
            return self.search.step(step);
        }
        if self.asked != Some(ticket) {
            return;
        }
        match (step, self.tab) {
            (LogStep::Projections(told), _) => self.projections = Some(Told::Known(told)),
            (LogStep::Parked(told), _) => self.parked = Some(Told::Known(told)),
            (LogStep::Ended(Err(why)), DatabaseTab::Projections) => {
                self.projections = Some(Told::Failed(why));
            }
            (LogStep::Ended(Err(why)), DatabaseTab::Parked) => self.parked = Some(Told::Failed(why)),
            _ => {}
        }
    }
}
