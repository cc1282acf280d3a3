//! Two revisions side by side: one that was pinned, and the playhead's.

use crate::app::opened::Opened;
use crate::history::{ComparedField, compare_states};
use crate::record::Revision;
use std::cmp::Ordering;
use std::sync::Arc;

/// What differs between the two; worked out once for each pair.
#[derive(Debug)]
pub struct Compared {
    pub fields: Vec<ComparedField>,
    /// Events after the earlier one, up to the later one.
    pub events: usize,
    /// How many of them are of each type, the most frequent first.
    pub types: Vec<(Arc<str>, usize)>,
    /// Of types that are not counted one by one.
    pub others: usize,
    /// How the pinned one stands to the playhead.
    pub order: Ordering,
}

/// `None` where one of the two cannot be read.
pub(super) fn compared(opened: &Opened, pinned: Revision) -> Option<Compared> {
    let timeline = opened.timeline();
    let at = timeline.index_at(pinned)?;
    let frame = opened.frame();
    if frame.is_not_read_to() {
        return None;
    }
    let left = timeline.aggregate().fields(&timeline.state_at(Some(at))).unwrap_or_default();
    let fields = compare_states(&left, frame.fields.as_deref().unwrap_or_default());
    let (pinned, here) = (at + 1, frame.index.map_or(0, |index| index + 1));
    let (from, to) = (pinned.min(here), pinned.max(here));
    let (types, others) = timeline.density().types_between(from, to);
    let types = types.into_iter().map(|(event_type, count)| (event_type.clone(), count)).collect();
    Some(Compared { fields, events: to - from, types, others, order: pinned.cmp(&here) })
}
