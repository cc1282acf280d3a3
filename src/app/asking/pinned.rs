//! Two states side by side: one that was pinned, and the playhead's.

use crate::aggregate::{Aggregate, State};
use crate::app::opened::Opened;
use crate::history::{ComparedField, compare_states};
use crate::record::{Revision, StreamName};
use std::cmp::Ordering;
use std::sync::Arc;

/// What stays while the playhead moves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pinned {
    /// The state of the open stream after this revision.
    Revision(Revision),
    /// The state of a listed stream as it is now.
    Stream(StreamName),
}

/// The state of a listed stream, by its own aggregate.
#[derive(Debug, Clone)]
pub struct ListedState {
    pub aggregate: Arc<dyn Aggregate>,
    pub state: State,
}

/// What differs between the two; worked out once for each pair.
#[derive(Debug)]
pub struct Compared {
    pub fields: Vec<ComparedField>,
    /// `None` where the two are of different streams.
    pub between: Option<Between>,
}

/// The events after the earlier of two revisions, up to the later one.
#[derive(Debug)]
pub struct Between {
    pub events: usize,
    /// How many of them are of each type, the most frequent first.
    pub types: Vec<(Arc<str>, usize)>,
    /// Of types that are not counted one by one.
    pub others: usize,
    /// How the pinned one stands to the playhead.
    pub order: Ordering,
}

/// `None` where one of the two is not known.
pub(super) fn compared(opened: &Opened, pinned: &Pinned, listed: Option<&ListedState>) -> Option<Compared> {
    let timeline = opened.timeline();
    let frame = opened.frame();
    if frame.is_not_read_to() {
        return None;
    }
    let (left, between) = match pinned {
        Pinned::Revision(revision) => {
            let at = timeline.index_at(*revision)?;
            (timeline.aggregate().fields(&timeline.state_at(Some(at))), Some(between(opened, at)))
        }
        Pinned::Stream(_) => {
            let ListedState { aggregate, state } = listed?;
            (aggregate.fields(state), None)
        }
    };
    let right = frame.fields.as_deref().unwrap_or_default();
    Some(Compared { fields: compare_states(&left.unwrap_or_default(), right), between })
}

fn between(opened: &Opened, pinned: usize) -> Between {
    let (pinned, here) = (pinned + 1, opened.frame().index.map_or(0, |index| index + 1));
    let (from, to) = (pinned.min(here), pinned.max(here));
    let (types, others) = opened.timeline().density().types_between(from, to);
    let types = types.into_iter().map(|(event_type, count)| (event_type.clone(), count)).collect();
    Between { events: to - from, types, others, order: pinned.cmp(&here) }
}
