//! One stream folded up to a moment.

use super::packed_events::PackedEvents;
use crate::aggregate::Aggregate;
use crate::record::{RecordRef, StreamName};
use crate::store::Life;
use crate::store::listing::listed_stream::ListedStream;
use std::sync::Arc;

/// A fold of the first events of the stream, its metadata among them.
#[derive(Debug, Clone)]
pub struct Fold {
    pub stream: ListedStream,
    /// Events taken, of which some may be of the metadata alone.
    pub taken: usize,
    pub has_events: bool,
    /// Metadata changed what can be read of events that were taken before.
    is_stale: bool,
}

impl Fold {
    pub fn new(aggregate: Arc<dyn Aggregate>, name: &StreamName) -> Self {
        let stream = ListedStream::new(aggregate, name);
        Self { stream, taken: 0, has_events: false, is_stale: false }
    }

    pub fn take(&mut self, (record, is_metadata): (RecordRef<'_>, bool)) {
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

    /// Whether another fold can go on from a copy: it is whole, and small beside its events.
    pub fn can_be_kept(&self) -> bool {
        !self.is_stale && !self.stream.keeps_events()
    }

    /// Folds again what can be read by the metadata as it is now.
    pub fn refold(&mut self, name: &StreamName, events: &PackedEvents, numbers: &[u32]) {
        if std::mem::take(&mut self.is_stale) {
            let taken = numbers.iter().take(self.taken).filter_map(|&number| events.get(number, name));
            let own = taken.filter(|(_, is_metadata)| !is_metadata).map(|(record, _)| record);
            self.stream.replace(own, &Life::Live, None);
        }
    }
}
