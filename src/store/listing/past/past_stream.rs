//! One stream of the past: what is known of its whole history, and its fold up to a moment.

use super::checkpoints::Checkpoints;
use super::fold::Fold;
use super::packed_events::PackedEvents;
use crate::aggregate::Aggregate;
use crate::record::{Created, RecordRef, Revision, StreamName};
use crate::store::stream_limits::{DELETED, Limits};
use crate::store::{Presence, StreamRow};
use std::sync::Arc;

/// Events folded before other streams and tasks have their turn.
const TURN: usize = 512;

#[derive(Debug, Default)]
pub struct PastStream {
    fold: Option<Box<Fold>>,
    checkpoints: Checkpoints,
    first: Option<Revision>,
    last: Option<Revision>,
    last_metadata: Option<Revision>,
    /// Its metadata say so at some time.
    is_deleted: bool,
    /// A read of it was denied.
    pub is_locked: bool,
}

/// What an event tells beside what it folds to.
pub struct Noted {
    /// It was not there already.
    pub is_new: bool,
    /// Limits of this metadata let events expire.
    pub ages: bool,
}

impl PastStream {
    /// Notes an event before it is packed.
    pub fn note(&mut self, record: RecordRef<'_>, is_metadata: bool) -> Noted {
        let last = if is_metadata { &mut self.last_metadata } else { &mut self.last };
        if last.is_some_and(|last| record.revision <= last) {
            return Noted { is_new: false, ages: false };
        }
        *last = Some(record.revision);
        if !is_metadata {
            self.first.get_or_insert(record.revision);
            return Noted { is_new: true, ages: false };
        }
        let limits: Limits = serde_json::from_slice(record.data).unwrap_or_default();
        self.is_deleted |= limits.before == Some(DELETED);
        Noted { is_new: true, ages: limits.max_age.is_some() }
    }

    /// The revision of the newest event that is known, for reads that go on.
    pub fn last(&self) -> Option<Revision> {
        self.last
    }

    /// Folds so many of its events, or as many of them as fit into one turn; whether all are folded.
    pub fn stand(
        &mut self,
        aggregate: &Arc<dyn Aggregate>,
        name: &StreamName,
        events: &PackedEvents,
        numbers: &[u32],
        room: &mut usize,
    ) -> bool {
        if numbers.is_empty() {
            self.fold = None;
            return true;
        }
        let mut fold =
            self.nearest(numbers.len()).unwrap_or_else(|| Fold::new(aggregate.clone(), name).into());
        for &number in numbers.iter().skip(fold.taken).take(TURN) {
            if let Some(event) = events.get(number, name) {
                fold.take(event);
            }
            self.checkpoints.keep(&fold, room);
        }
        let is_done = fold.taken >= numbers.len();
        if is_done {
            fold.refold(name, events, numbers);
        }
        self.fold = Some(fold);
        is_done
    }

    /// The fold of the most events, but no more than these.
    fn nearest(&mut self, most: usize) -> Option<Box<Fold>> {
        let standing = self.fold.take().filter(|fold| fold.taken <= most);
        let kept = self.checkpoints.nearest(most);
        match (standing, kept) {
            (Some(standing), Some(kept)) if kept.taken > standing.taken => Some(kept.clone().into()),
            (None, Some(kept)) => Some(kept.clone().into()),
            (standing, _) => standing,
        }
    }

    /// The fold where it stands.
    pub fn fold(&mut self) -> Option<&mut Fold> {
        self.fold.as_deref_mut()
    }

    /// Its row where it stands; `None` where it is not there yet.
    pub fn row(&mut self, name: &StreamName, at: Created) -> Option<StreamRow> {
        if self.is_locked {
            return Some(without_events(name, Presence::Locked, Revision(0)));
        }
        let (first, is_deleted) = (self.first, self.is_deleted);
        if let Some(fold) = self.fold().filter(|fold| fold.has_events || fold.stream.is_gone()) {
            return fold.stream.is_worth_a_row().then(|| fold.stream.row(name, at));
        }
        // Its first events are not there any more, or all of them: whether it was there then nobody can tell.
        let has_lost = first.map_or(is_deleted, |first| first.0 > 0);
        let first = first.filter(|first| first.0 < DELETED).unwrap_or_default();
        has_lost.then(|| without_events(name, Presence::Unknown, first))
    }

    /// When its row changes by itself, after this moment.
    pub fn expires(&self, at: Created) -> Option<Created> {
        self.fold.as_ref()?.stream.expires(at)
    }
}

fn without_events(name: &StreamName, presence: Presence, first: Revision) -> StreamRow {
    StreamRow {
        stream: name.clone(),
        revision: None,
        first,
        events: 0,
        presence,
        status: None,
        cells: Box::default(),
        last_event: None,
        problems: 0,
    }
}
