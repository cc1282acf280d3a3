//! What changed between two moments, stream by stream.

use super::failure::Failure;
use crate::record::Created;
use crate::store::{ChangeKind, DifferenceQuestion, DifferenceStep, Listing, StreamChange, Ticket};

/// The kinds of change, in the order in which they are told.
pub const CHANGE_KINDS: [ChangeKind; 4] =
    [ChangeKind::New, ChangeKind::Gone, ChangeKind::Changed, ChangeKind::Unknown];

/// How far it is.
#[derive(Debug)]
pub enum DifferenceState {
    /// So many events are read.
    Reading(u64),
    /// So many streams are looked at.
    Comparing(u64),
    Done,
    Failed(Failure),
}

/// What was found so far.
#[derive(Debug)]
pub struct MomentDifference {
    question: DifferenceQuestion,
    state: DifferenceState,
    listing: Option<Listing>,
    found: Vec<StreamChange>,
    /// Which are shown; `None` is all.
    kind: Option<ChangeKind>,
    /// By their places among all.
    shown: Vec<usize>,
    counts: [usize; CHANGE_KINDS.len()],
}

impl MomentDifference {
    pub(super) fn new(ticket: Ticket, from: Created, to: Created) -> Self {
        Self {
            question: DifferenceQuestion { ticket, from, to },
            state: DifferenceState::Reading(0),
            listing: None,
            found: Vec::new(),
            kind: None,
            shown: Vec::new(),
            counts: [0; CHANGE_KINDS.len()],
        }
    }

    pub(super) fn read(&mut self, events: u64) {
        if let DifferenceState::Reading(read) = &mut self.state {
            *read = events;
        }
    }

    pub(super) fn step(&mut self, ticket: Ticket, step: DifferenceStep) {
        if self.question.ticket != ticket || !self.is_running() {
            return;
        }
        match step {
            DifferenceStep::Begins { streams, listing } => {
                *self = Self {
                    state: DifferenceState::Comparing(streams),
                    listing: Some(listing),
                    kind: self.kind,
                    ..Self::new(ticket, self.question.from, self.question.to)
                };
            }
            DifferenceStep::Found(changes) => changes.into_iter().for_each(|change| self.add(change)),
            DifferenceStep::Ended(Ok(())) => self.state = DifferenceState::Done,
            DifferenceStep::Ended(Err(why)) => self.state = DifferenceState::Failed(why.into()),
        }
    }

    fn add(&mut self, change: StreamChange) {
        if let Some(kind) = CHANGE_KINDS.iter().position(|kind| *kind == change.kind) {
            self.counts[kind] += 1;
        }
        if self.kind.is_none_or(|kind| kind == change.kind) {
            self.shown.push(self.found.len());
        }
        self.found.push(change);
    }

    pub(super) fn show(&mut self, kind: Option<ChangeKind>) {
        self.kind = kind;
        let is_shown = |change: &StreamChange| kind.is_none_or(|kind| kind == change.kind);
        let found = self.found.iter().enumerate().filter(|(_, change)| is_shown(change));
        self.shown = found.map(|(at, _)| at).collect();
    }

    /// What the store should look at, until it is done.
    pub fn question(&self) -> Option<DifferenceQuestion> {
        Some(self.question).filter(|_| self.is_running())
    }

    pub fn is_running(&self) -> bool {
        matches!(self.state, DifferenceState::Reading(_) | DifferenceState::Comparing(_))
    }

    pub fn state(&self) -> &DifferenceState {
        &self.state
    }

    /// The earlier moment and the later one.
    pub fn moments(&self) -> (Created, Created) {
        (self.question.from, self.question.to)
    }

    /// From where the events are; known once they are read.
    pub fn listing(&self) -> Option<&Listing> {
        self.listing.as_ref()
    }

    /// The kind that is shown; `None` is all.
    pub fn kind(&self) -> Option<ChangeKind> {
        self.kind
    }

    pub fn count(&self, kind: Option<ChangeKind>) -> usize {
        match kind {
            Some(kind) => {
                CHANGE_KINDS.iter().zip(self.counts).find(|(of, _)| **of == kind).map_or(0, |(_, n)| n)
            }
            None => self.found.len(),
        }
    }

    /// Changes of the kind that is shown.
    pub fn shown(&self) -> usize {
        self.shown.len()
    }

    pub fn get(&self, place: usize) -> Option<&StreamChange> {
        self.shown.get(place).and_then(|&at| self.found.get(at))
    }
}
