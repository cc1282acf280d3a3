//! Faults on request: what a program does when a call fails or takes its time can be tested.

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Response};
use http_body::{Body, Frame};
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::Sleep;
use tonic::{
    Status,
    body::{BoxBody, boxed},
};

/// What a client is to suffer.
#[derive(Debug, Clone, Copy, Default)]
pub struct Faults {
    /// Share of the calls that are answered UNAVAILABLE, 0 to 1: half of them undone, half of them done.
    pub fail_rate: f64,
    /// Which calls those are.
    pub fail_seed: u64,
    /// How long each answer waits.
    pub latency: Duration,
    /// Refuses writes, as a read-only replica does that knows no leader.
    pub read_only: bool,
    /// Bytes that one append may have; a megabyte where nothing is said.
    pub max_append_size: Option<usize>,
}

/// Calls that a client needs to connect: they neither fail nor wait.
const EXEMPT: [&str; 2] = ["/event_store.client.gossip.", "/event_store.client.server_features."];
const BATCH: &str = "/event_store.client.streams.Streams/BatchAppend";

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Served,
    /// It fails without being done.
    Undone,
    /// It is done, and its answer is lost.
    Lost,
}

/// The faults of a node, and how often they were decided.
#[derive(Debug)]
pub struct Dice {
    faults: Faults,
    drawn: AtomicU64,
}

impl Dice {
    pub fn new(faults: Faults) -> Dice {
        Dice { faults, drawn: AtomicU64::new(0) }
    }

    /// None for a call that no fault concerns.
    pub fn fate(&self, path: &str) -> Option<Fate> {
        let idle = self.faults.fail_rate <= 0.0 && self.faults.latency.is_zero();
        (!idle && !EXEMPT.iter().any(|exempt| path.starts_with(exempt))).then(|| self.draw())
    }

    fn draw(&self) -> Fate {
        if self.faults.fail_rate <= 0.0 {
            return Fate::Served;
        }
        let number = self.drawn.fetch_add(1, Ordering::Relaxed);
        match chance(self.faults.fail_seed, number) {
            share if share >= self.faults.fail_rate => Fate::Served,
            share if share < self.faults.fail_rate / 2.0 => Fate::Undone,
            _ => Fate::Lost,
        }
    }

    /// The answer as late as it should be, and without its messages where they are lost.
    pub async fn deliver(
        self: Arc<Self>,
        fate: Fate,
        path: &str,
        answer: Response<BoxBody>,
    ) -> Response<BoxBody> {
        tokio::time::sleep(self.faults.latency).await;
        let each = path == BATCH;
        if fate != Fate::Lost && !each {
            return answer;
        }
        let lost = fate == Fate::Lost;
        answer.map(|answers| boxed(Delivered { answers, dice: self, lost, each, held: None, over: false }))
    }
}

/// A number from 0 to 1 for each call: the next one of splitmix64.
fn chance(seed: u64, number: u64) -> f64 {
    let mut x = seed.wrapping_add(number.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^= x >> 31;
    f64::from(u32::try_from(x >> 32).unwrap_or(u32::MAX)) / 4_294_967_296.0
}

/// The messages of an answer.
struct Delivered {
    answers: BoxBody,
    dice: Arc<Dice>,
    /// The call fails in place of its first message.
    lost: bool,
    /// Each message answers an append of its own, as if that were a call.
    each: bool,
    held: Option<(Frame<Bytes>, Pin<Box<Sleep>>)>,
    over: bool,
}

impl Body for Delivered {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = self.get_mut();
        if let Some((_, wait)) = &mut this.held {
            ready!(wait.as_mut().poll(cx));
            let held = this.held.take().map(|(frame, _)| frame);
            return Poll::Ready(held.map(Ok));
        }
        if this.over {
            return Poll::Ready(None);
        }
        let frame = match ready!(Pin::new(&mut this.answers).poll_frame(cx)) {
            Some(Ok(frame)) if frame.is_data() => frame,
            other => return Poll::Ready(other),
        };
        if this.lost || (this.each && this.dice.draw() != Fate::Served) {
            this.over = true;
            return Poll::Ready(Some(Ok(Frame::trailers(unavailable()))));
        }
        if this.each && !this.dice.faults.latency.is_zero() {
            let mut wait = Box::pin(tokio::time::sleep(this.dice.faults.latency));
            if wait.as_mut().poll(cx).is_pending() {
                this.held = Some((frame, wait));
                return Poll::Pending;
            }
        }
        Poll::Ready(Some(Ok(frame)))
    }
}

fn unavailable() -> HeaderMap {
    let mut trailers = HeaderMap::new();
    trailers.insert("grpc-status", HeaderValue::from_static("14"));
    trailers.insert("grpc-message", HeaderValue::from_static("Server%20Is%20Not%20Ready"));
    trailers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_asked_share_fails_in_both_ways() {
        let count = |seed| {
            let faults = Faults { fail_rate: 0.2, fail_seed: seed, ..Faults::default() };
            let dice = Dice::new(faults);
            let fates: Vec<_> = (0..10_000).map(|_| dice.draw()).collect();
            let of = |fate| fates.iter().filter(|f| **f == fate).count();
            (of(Fate::Undone), of(Fate::Lost), fates)
        };
        for seed in [0, 1, u64::MAX] {
            let (undone, lost, fates) = count(seed);
            assert!((900..1_100).contains(&undone) && (900..1_100).contains(&lost), "{undone} and {lost}");
            assert_eq!(fates, count(seed).2, "a seed names the calls");
        }
        assert_ne!(count(0).2, count(1).2);
    }

    #[test]
    fn none_fails_at_0_and_all_at_1() {
        for (fail_rate, served) in [(0.0, true), (1.0, false)] {
            let dice = Dice::new(Faults { fail_rate, ..Faults::default() });
            assert!((0..1_000).all(|_| (dice.draw() == Fate::Served) == served));
        }
    }
}
