//! The newest events in memory: what was written last is read most, and needs no file.

use super::{body::Body, proposed::Proposed};
use bytes::Bytes;
use std::collections::{HashMap, VecDeque};

/// Bytes that are kept.
const KEPT: usize = 12 << 20;
/// What an event takes beside its data and metadata, about.
const BESIDE: usize = 192;

/// The events that came last, of each stream without a gap.
#[derive(Debug, Clone, Default)]
pub struct Tail {
    events: VecDeque<Event>,
    /// How many came before the first that is here.
    gone: u64,
    /// By the stream's number, the place of its newest event among all that came.
    newest: HashMap<u32, u64>,
    bytes: usize,
}

#[derive(Debug, Clone)]
struct Event {
    stream: u32,
    /// Place of the event of the stream before it, which may be gone.
    before: Option<u64>,
    body: Body,
}

fn size(body: &Body) -> usize {
    body.data.len() + body.meta.len() + BESIDE
}

/// The bytes of an event in a place of their own: a slice would keep all that was received with it.
pub fn copied(event: &Proposed) -> (Bytes, Bytes) {
    let mut bytes = Vec::with_capacity(event.data.len() + event.meta.len());
    bytes.extend_from_slice(&event.data);
    bytes.extend_from_slice(&event.meta);
    let data = Bytes::from(bytes);
    let meta = data.slice(event.data.len()..);
    (data.slice(..event.data.len()), meta)
}

impl Tail {
    pub fn push(&mut self, stream: u32, body: Body) {
        let before = self.of(stream).next().filter(|newest| newest.revision + 1 == body.revision);
        let before = before.and_then(|_| self.newest.get(&stream).copied());
        self.newest.insert(stream, self.gone + self.events.len() as u64);
        self.bytes += size(&body);
        self.events.push_back(Event { stream, before, body });
        while self.bytes > KEPT {
            let Some(oldest) = self.events.pop_front() else { return };
            self.bytes -= size(&oldest.body);
            if self.newest.get(&oldest.stream) == Some(&self.gone) {
                self.newest.remove(&oldest.stream);
            }
            self.gone += 1;
        }
    }

    /// Takes what came after it.
    pub fn extend(&mut self, later: Tail) {
        later.events.into_iter().for_each(|event| self.push(event.stream, event.body));
    }

    pub fn clear(&mut self) {
        *self = Tail::default();
    }

    /// The newest events of the stream that are here, newest first, without a gap.
    pub fn of(&self, stream: u32) -> impl Iterator<Item = &Body> {
        let mut next = self.newest.get(&stream).copied();
        std::iter::from_fn(move || {
            let at = usize::try_from(next?.checked_sub(self.gone)?).ok()?;
            let event = self.events.get(at)?;
            next = event.before;
            Some(&event.body)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(revision: i64, bytes: usize) -> Body {
        let data = Bytes::from(vec![0; bytes]);
        Body { position: 0, revision, json: false, created: 0, id: [0; 16], data, meta: Bytes::new() }
    }

    fn revisions(tail: &Tail, stream: u32) -> Vec<i64> {
        tail.of(stream).map(|body| body.revision).collect()
    }

    #[test]
    fn what_is_kept_of_a_stream_has_no_gap() {
        let mut tail = Tail::default();
        (0..3).for_each(|revision| tail.push(1, body(revision, 10)));
        tail.push(2, body(7, 10));
        assert_eq!(revisions(&tail, 1), [2, 1, 0]);
        assert_eq!(revisions(&tail, 2), [7]);
        tail.push(1, body(5, 10));
        assert_eq!(revisions(&tail, 1), [5], "3 and 4 were not told");
    }

    #[test]
    fn the_oldest_go_first_and_nothing_grows() {
        let mut tail = Tail::default();
        tail.push(0, body(0, 10));
        for revision in 0..66_667 {
            (1..4).for_each(|stream| tail.push(stream, body(revision, 100)));
        }
        assert!(revisions(&tail, 0).is_empty() && tail.newest.len() == 3);
        let kept = revisions(&tail, 1);
        assert_eq!(kept[0], 66_666);
        assert!(kept.windows(2).all(|pair| pair[1] + 1 == pair[0]) && kept.len() > 10_000);
        assert!(tail.bytes <= KEPT);
        tail.push(1, body(66_667, KEPT + 1));
        assert!(
            tail.events.is_empty() && tail.newest.is_empty() && tail.bytes == 0,
            "larger than all that is kept"
        );
    }

    #[test]
    fn a_later_tail_goes_on_from_an_earlier_one() {
        let (mut tail, mut later) = (Tail::default(), Tail::default());
        tail.push(1, body(0, 10));
        tail.push(2, body(7, 10));
        later.push(1, body(1, 10));
        later.push(3, body(0, 10));
        later.push(1, body(2, 10));
        tail.extend(later);
        assert_eq!(revisions(&tail, 1), [2, 1, 0]);
        assert_eq!(revisions(&tail, 2), [7]);
        assert_eq!(revisions(&tail, 3), [0]);
    }
}
