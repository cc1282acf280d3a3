//! In which streams of a category a condition was ever true, and where first.
//!
//! Every event that is held counts, those that a stream no longer shows among them; a stream that was written again after its
//! deletion begins anew, as it does in the list.

use super::{Past, TURN};
use crate::aggregate::Condition;
use crate::history::Judging;
use crate::record::{Created, RecordRef, StreamName};
use crate::store::stream_limits::truncate_before;
use crate::store::{FirstTrue, known_position};
use std::sync::Arc;
use std::time::Instant;

/// The streams while they are looked at, each up to the first event after which the condition is true.
#[derive(Debug)]
pub struct EverScan {
    condition: Arc<Condition>,
    until: Option<Created>,
    streams: usize,
    next: usize,
    begun: Option<Begun>,
    pub found: Vec<FirstTrue>,
}

/// Some events of a stream are judged.
#[derive(Debug)]
struct Begun {
    judging: Judging,
    taken: usize,
    /// Nothing of what was judged can be read any more: the stream was deleted.
    is_over: bool,
}

impl EverScan {
    /// Streams that are looked at in all.
    pub fn streams(&self) -> u64 {
        self.streams as u64
    }

    /// Streams that are looked at so far.
    pub fn done(&self) -> u64 {
        self.next as u64
    }
}

impl Past {
    /// Of what was written until the moment, or of everything.
    pub(super) fn begin_ever(&mut self, condition: Arc<Condition>, until: Option<Created>) -> EverScan {
        self.index_until(until.unwrap_or(Created(i64::MAX)));
        let streams = self.streams.len();
        EverScan { condition, until, streams, next: 0, begun: None, found: Vec::new() }
    }

    /// Looks at streams for one turn; whether all are looked at.
    pub(super) fn look(&self, scan: &mut EverScan) -> bool {
        let began = Instant::now();
        while scan.next < scan.streams {
            self.look_at_some(scan, began);
            if began.elapsed() > TURN {
                return scan.next == scan.streams;
            }
        }
        true
    }

    /// Judges the next events of a stream, in what is left of the turn.
    fn look_at_some(&self, scan: &mut EverScan, turn: Instant) {
        let place = u32::try_from(scan.next).unwrap_or(u32::MAX);
        let Some((name, _)) = self.streams.get_index(scan.next) else {
            scan.next = scan.streams;
            return;
        };
        let numbers = self.index.of(place);
        let included = scan.until.map_or(numbers.len(), |at| self.index.included(&self.events, place, at));
        let judging = || Judging::new(scan.condition.clone(), self.registry.for_stream(name).clone(), name);
        let mut begun =
            scan.begun.take().unwrap_or_else(|| Begun { judging: judging(), taken: 0, is_over: false });
        for &number in numbers[..included].iter().skip(begun.taken) {
            begun.taken += 1;
            let Some((record, is_metadata)) = self.events.get(number, name) else { continue };
            if is_metadata {
                let last = begun.judging.last();
                begun.is_over =
                    truncate_before(record.data).is_some_and(|first| last.is_none_or(|last| last.0 < first));
                continue;
            }
            if &**record.event_type == "$streamDeleted" {
                continue;
            }
            if std::mem::take(&mut begun.is_over) {
                begun.judging = judging();
            }
            if begun.judging.apply(record) == Some(true) {
                scan.found.push(first_true(name, record));
                break;
            }
            if begun.taken < included && turn.elapsed() > TURN {
                scan.begun = Some(begun);
                return;
            }
        }
        scan.next += 1;
    }
}

fn first_true(stream: &StreamName, record: RecordRef<'_>) -> FirstTrue {
    FirstTrue {
        stream: stream.clone(),
        revision: record.revision,
        id: record.id,
        event_type: record.event_type.clone(),
        created: record.created,
        position: known_position(record.position),
    }
}
