//! What a list takes in of its subscription.

use super::list_source::Source;
use crate::record::{Position, Record};
use crate::store::event_feed::Feed;
use crate::store::grpc::conversion::{Interner, original, position};
use eventstore::{ResolvedEvent, Subscription, SubscriptionEvent};

#[derive(Debug)]
pub enum ListEvent {
    /// Of `$all`, without its metadata.
    Event(Record),
    /// Of links or names.
    Link(Box<ResolvedEvent>),
    Checkpoint(Position),
    CaughtUp,
    Other,
}

/// The events of a list's subscription, as its source gives them.
pub fn feed(subscription: Subscription, source: Option<Source>) -> Feed<ListEvent> {
    let mut interner = Interner::default();
    Feed::converted(subscription, move |event| match event {
        SubscriptionEvent::EventAppeared(resolved) if source.is_some_and(|source| !source.reads_all()) => {
            ListEvent::Link(Box::new(resolved))
        }
        SubscriptionEvent::EventAppeared(resolved) => original(&resolved)
            .map_or(ListEvent::Other, |event| ListEvent::Event(interner.without_metadata(event))),
        // 24.10 sends u64::MAX on a small database: it is End, and resuming there would miss events.
        SubscriptionEvent::Checkpoint(at) if at.commit != u64::MAX => ListEvent::Checkpoint(position(at)),
        SubscriptionEvent::CaughtUp => ListEvent::CaughtUp,
        _ => ListEvent::Other,
    })
}
