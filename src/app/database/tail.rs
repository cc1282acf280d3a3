//! The newest events of `$all`, as many as are kept, and those of them that the filter lets through.

use super::intent::TailFilter;
use crate::aggregate::{EventFilter, Sought};
use crate::record::Record;
use crate::store::{LogStep, StoreError, Ticket};
use std::collections::VecDeque;
use std::sync::Arc;

/// Events that are kept, and the bytes that they may take together.
const MOST: usize = 2000;
const BYTES: usize = 32 << 20;

#[derive(Debug, Default)]
pub struct LogTail {
    ticket: Option<Ticket>,
    events: Kept,
    /// What came since it was paused.
    held: Option<Kept>,
    /// That came since it was paused, kept or not.
    missed: u64,
    shown: VecDeque<Arc<Record>>,
    typed: TailFilter,
    filter: EventFilter,
    /// Why what is typed is no filter; the one before counts.
    fault: Option<String>,
    denied: Option<StoreError>,
    has_begun: bool,
}

/// The newest of many events.
#[derive(Debug, Default)]
struct Kept {
    events: VecDeque<Arc<Record>>,
    bytes: usize,
}

impl Kept {
    /// Keeps it; those that are too old are handed to `drop`.
    fn push(&mut self, record: Arc<Record>, mut drop: impl FnMut(&Arc<Record>)) {
        self.bytes += size(&record);
        self.events.push_back(record);
        while self.events.len() > MOST || (self.bytes > BYTES && self.events.len() > 1) {
            let Some(oldest) = self.events.pop_front() else { break };
            self.bytes -= size(&oldest);
            drop(&oldest);
        }
    }
}

fn size(record: &Record) -> usize {
    size_of::<Record>() + record.data.len() + record.metadata.len()
}

impl LogTail {
    pub(super) fn begin(&mut self, ticket: Ticket) {
        let (typed, filter, fault) = (self.typed.clone(), self.filter.clone(), self.fault.clone());
        *self = Self { ticket: Some(ticket), typed, filter, fault, ..Self::default() };
    }

    pub(super) fn ticket(&self) -> Option<Ticket> {
        self.ticket
    }

    pub(super) fn step(&mut self, step: LogStep) {
        match step {
            LogStep::Events(records) => {
                self.has_begun = true;
                for record in records.into_iter().map(Arc::new) {
                    self.take(record);
                }
            }
            LogStep::Ended(Err(why)) => self.denied = Some(why),
            LogStep::Begins(_)
            | LogStep::Looked(_)
            | LogStep::Projections(_)
            | LogStep::Parked(_)
            | LogStep::Ended(Ok(_)) => {}
        }
    }

    fn take(&mut self, record: Arc<Record>) {
        if let Some(held) = &mut self.held {
            self.missed += 1;
            return held.push(record, |_| {});
        }
        if self.filter.is_met(&*record) {
            self.shown.push_back(record.clone());
        }
        let shown = &mut self.shown;
        self.events.push(record, |oldest| {
            shown.pop_front_if(|first| Arc::ptr_eq(first, oldest));
        });
    }

    pub(super) fn pause(&mut self, pauses: bool) {
        if pauses {
            self.held.get_or_insert_default();
            return;
        }
        self.missed = 0;
        for record in self.held.take().into_iter().flat_map(|held| held.events) {
            self.take(record);
        }
    }

    pub(super) fn filter_by(&mut self, typed: TailFilter) {
        match Sought::words(&typed.text) {
            Ok(sought) => {
                let named = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
                let (category, event_type) = (named(&typed.category), named(&typed.event_type));
                self.filter = EventFilter { category, event_type, sought };
                self.fault = None;
                self.shown = self
                    .events
                    .events
                    .iter()
                    .filter(|event| self.filter.is_met(&***event))
                    .cloned()
                    .collect();
            }
            Err(why) => self.fault = Some(why.to_string()),
        }
        self.typed = typed;
    }

    pub fn typed(&self) -> &TailFilter {
        &self.typed
    }

    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Why nothing can be read.
    pub fn denied(&self) -> Option<&StoreError> {
        self.denied.as_ref()
    }

    pub fn has_begun(&self) -> bool {
        self.has_begun
    }

    /// How many came since it was paused; `None` where it is not.
    pub fn paused(&self) -> Option<u64> {
        self.held.as_ref().map(|_| self.missed)
    }

    /// Events that are kept.
    pub fn kept(&self) -> usize {
        self.events.events.len()
    }

    /// Those that the filter lets through, oldest first.
    pub fn shown(&self) -> &VecDeque<Arc<Record>> {
        &self.shown
    }
}
