//! Which streams of a list that was kept are still the same.

use super::StreamList;
use crate::record::{Created, StreamName};
use crate::store::listing::list_source::Source;
use crate::store::listing::listed_stream::StreamCheck;

impl StreamList {
    /// Whether its streams are checked in less time than it is read anew, if a check takes the time of so many links.
    pub fn is_sooner_checked(&self, check: u64) -> bool {
        self.source != Some(Source::Links) || self.seen >= check * self.streams.len() as u64
    }

    /// At most so many streams that must be checked, and whether they have limits. Each stays due until it was.
    pub fn unchecked(&self, most: usize) -> Vec<(StreamName, bool)> {
        let streams = self.streams.unchecked(most);
        streams.map(|stream| (stream.name().clone(), stream.is_limited())).collect()
    }

    /// Takes what a check of the stream gave: another one is read.
    pub fn compare(&mut self, stream: &StreamName, check: &StreamCheck, now: Created) {
        let Some(place) = self.streams.find(stream.as_str()) else { return };
        self.streams.was_checked(place);
        if self.streams.stream_mut(place).is_some_and(|entry| !entry.is_as(check, now)) {
            self.streams.must_be_read(place);
        }
    }
}
