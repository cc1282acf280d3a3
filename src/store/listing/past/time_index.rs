//! The numbers of packed events by stream and by time, so that what a moment includes is found without a look at the others.

use super::packed_events::PackedEvents;
use crate::record::Created;
use std::collections::HashMap;

/// Of the events that were there when it was made.
///
/// Clocks go backwards in real logs: an event is included from the moment on at which it, or a later one of its stream, was
/// created, so that what a moment includes of a stream is always its beginning.
#[derive(Debug, Default)]
pub struct TimeIndex {
    /// Events that it knows.
    len: u32,
    /// Where the events of each stream begin in `by_stream`, and the end.
    begins: Vec<u32>,
    by_stream: Vec<u32>,
    by_time: Vec<u32>,
    /// Since when events are included that were created later than an event behind them.
    earlier: HashMap<u32, Created>,
}

impl TimeIndex {
    pub fn new(events: &PackedEvents, streams: usize) -> Self {
        let mut index = Self { len: events.len(), ..Self::default() };
        index.sort_by_stream(events, streams);
        let times = index.times(events);
        let mut keyed: Vec<(Created, u32)> = (0..).zip(times).map(|(number, time)| (time, number)).collect();
        // Stable and nearly sorted already: the log is in the order of time but for clocks.
        keyed.sort_by_key(|(time, _)| *time);
        index.by_time = keyed.into_iter().map(|(_, number)| number).collect();
        index
    }

    fn sort_by_stream(&mut self, events: &PackedEvents, streams: usize) {
        let mut begins = vec![0_u32; streams + 1];
        for (stream, _) in events.from(0) {
            begins[stream as usize + 1] += 1;
        }
        for stream in 0..streams {
            begins[stream + 1] += begins[stream];
        }
        let mut next = begins.clone();
        self.by_stream = vec![0; events.len() as usize];
        for (number, (stream, _)) in (0..).zip(events.from(0)) {
            let place = &mut next[stream as usize];
            self.by_stream[*place as usize] = number;
            *place += 1;
        }
        self.begins = begins;
    }

    /// Since when each event is included.
    fn times(&mut self, events: &PackedEvents) -> Vec<Created> {
        let mut times: Vec<Created> = events.from(0).map(|(_, created)| created).collect();
        for stream in 0..self.begins.len().saturating_sub(1) {
            let (from, to) = (self.begins[stream] as usize, self.begins[stream + 1] as usize);
            let mut earliest = Created(i64::MAX);
            for &number in self.by_stream[from..to].iter().rev() {
                let time = &mut times[number as usize];
                if earliest < *time {
                    *time = earliest;
                    self.earlier.insert(number, earliest);
                }
                earliest = *time;
            }
        }
        times
    }

    fn since(&self, events: &PackedEvents, number: u32) -> Created {
        let earlier = if self.earlier.is_empty() { None } else { self.earlier.get(&number).copied() };
        earlier.or_else(|| events.created(number)).unwrap_or(Created(i64::MAX))
    }

    /// Events that it knows.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// The numbers of a stream's events, in order.
    pub fn of(&self, stream: u32) -> &[u32] {
        let stream = stream as usize;
        match (self.begins.get(stream), self.begins.get(stream + 1)) {
            (Some(&from), Some(&to)) => &self.by_stream[from as usize..to as usize],
            _ => &[],
        }
    }

    /// How many of a stream's events the moment includes.
    pub fn included(&self, events: &PackedEvents, stream: u32, at: Created) -> usize {
        self.of(stream).partition_point(|&number| self.since(events, number) <= at)
    }

    /// The streams of which one of two moments includes more events than the other, some more than once.
    pub fn between(&self, events: &PackedEvents, one: Created, other: Created) -> Vec<u32> {
        let place = |at| self.by_time.partition_point(|&number| self.since(events, number) <= at);
        let (from, to) = (place(one.min(other)), place(one.max(other)));
        self.by_time[from..to].iter().filter_map(|&number| events.stream(number)).collect()
    }
}
