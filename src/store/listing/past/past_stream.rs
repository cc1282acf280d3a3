//! One stream of the past: what is known of its whole history, and its fold up to a moment.

use super::packed_events::PackedEvents;
use crate::aggregate::Aggregate;
use crate::record::{Created, RecordRef, Revision, StreamName};
use crate::store::listing::listed_stream::ListedStream;
use crate::store::stream_limits::{DELETED, Limits};
use crate::store::{Life, Presence, StreamRow};
use std::sync::Arc;

/// Events between two folds that are kept, so that going back in a long stream is quick.
const STEP: usize = 4096;
/// Events folded before other streams and tasks have their turn.
const TURN: usize = 512;

/// A fold of the first events of the stream, its metadata among them.
#[derive(Debug, Clone)]
pub struct Fold {
    pub stream: ListedStream,
    /// Events taken, of which some may be of the metadata alone.
    taken: usize,
    has_events: bool,
    /// Metadata changed what can be read of events that were taken before.
    is_stale: bool,
}

impl Fold {
    fn new(aggregate: Arc<dyn Aggregate>, name: &StreamName) -> Self {
        let stream = ListedStream::new(aggregate, name);
        Self { stream, taken: 0, has_events: false, is_stale: false }
    }

    fn take(&mut self, (record, is_metadata): (RecordRef<'_>, bool)) {
        self.taken += 1;
        let mut changes = false;
        if is_metadata {
            changes = self.stream.metadata(record.data);
        } else {
            self.stream.event(record);
            self.has_events = true;
        }
        // As the list does: nothing of a stream that is gone can be read.
        self.is_stale = !self.stream.is_gone() && (self.is_stale || changes);
    }

    /// Folds again what can be read by the metadata as it is now.
    fn refold(&mut self, name: &StreamName, events: &PackedEvents, numbers: &[u32]) {
        if std::mem::take(&mut self.is_stale) {
            let taken = numbers.iter().take(self.taken).filter_map(|&number| events.get(number, name));
            let own = taken.filter(|(_, is_metadata)| !is_metadata).map(|(record, _)| record);
            self.stream.replace(own, &Life::Live, None);
        }
    }
}

#[derive(Debug, Default)]
pub struct PastStream {
    fold: Option<Box<Fold>>,
    /// By how many events they took.
    checkpoints: Vec<Fold>,
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
            let is_far = fold.taken.is_multiple_of(STEP) && !fold.is_stale && !fold.stream.keeps_events();
            if is_far && self.checkpoints.last().is_none_or(|last| last.taken < fold.taken) {
                self.checkpoints.push((*fold).clone());
            }
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
        let kept = self.checkpoints.partition_point(|fold| fold.taken <= most).checked_sub(1);
        let kept = kept.map(|at| &self.checkpoints[at]);
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
