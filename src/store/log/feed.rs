//! `$all` as it is written, by what the server can filter by.

use crate::record::{Position, Record};
use crate::store::StoreError;
use crate::store::event_feed::Feed;
use crate::store::grpc::conversion::{Interner, original, position, read_from, store_error};
use crate::store::grpc::{Session, signed};
use eventstore::{SubscribeToAllOptions, SubscriptionEvent, SubscriptionFilter};

/// What the server sends of `$all`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum LogScope {
    /// Streams that belong to nobody but the database are left out, and links with them.
    #[default]
    Own,
    Everything,
    /// Streams whose names begin so.
    Streams(Vec<String>),
    /// Events whose types begin so.
    Types(Vec<String>),
}

impl LogScope {
    /// As narrow as these allow; what the server cannot filter by is left to the client.
    pub fn of(category: Option<&str>, event_type: Option<&str>, system: bool) -> Self {
        match (category, event_type) {
            (Some(category), _) => Self::Streams(vec![format!("{category}-")]),
            (None, Some(event_type)) => Self::Types(vec![event_type.to_owned()]),
            (None, None) if system => Self::Everything,
            (None, None) => Self::Own,
        }
    }

    fn filter(&self) -> Option<SubscriptionFilter> {
        let with = |filter: SubscriptionFilter, prefixes: &[String]| {
            Some(prefixes.iter().fold(filter, SubscriptionFilter::add_prefix))
        };
        match self {
            Self::Own => Some(SubscriptionFilter::on_stream_name().regex(r"^[^$]")),
            Self::Everything => None,
            Self::Streams(prefixes) => with(SubscriptionFilter::on_stream_name(), prefixes),
            Self::Types(prefixes) => with(SubscriptionFilter::on_event_type(), prefixes),
        }
    }
}

#[derive(Debug)]
pub enum LogEvent {
    Event(Record),
    /// So far the server looked.
    Checkpoint(Position),
    CaughtUp,
    Other,
}

/// What comes after a place of `$all`.
pub struct LogFeed {
    session: Session,
    /// Of the client that is subscribed.
    number: u64,
    feed: Feed<LogEvent>,
}

impl LogFeed {
    pub async fn next(&mut self) -> Result<LogEvent, StoreError> {
        let next = self.session.unless_replaced(self.number, self.feed.next());
        match next.await.ok_or(StoreError::NodeLeft)? {
            Ok(event) => Ok(event),
            Err(error) => Err(self.session.explained(store_error(&error)).await),
        }
    }

    /// What is there already, without waiting.
    pub async fn ready(&mut self) -> Option<Result<LogEvent, StoreError>> {
        match self.feed.ready()? {
            Ok(event) => Some(Ok(event)),
            Err(error) => Some(Err(self.session.explained(store_error(&error)).await)),
        }
    }
}

impl Session {
    /// What is written after the position, from the beginning without one.
    pub async fn log_feed(&self, after: Option<Position>, scope: &LogScope) -> LogFeed {
        let number = self.number();
        let from = read_from(after);
        let options = SubscribeToAllOptions::default().position(from);
        let options = match scope.filter() {
            Some(filter) => options.filter(filter),
            None => options,
        };
        let subscription = self.client().subscribe_to_all(&signed!(self, options)).await;
        let mut interner = Interner::default();
        let feed = Feed::converted(subscription, move |event| match event {
            SubscriptionEvent::EventAppeared(resolved) => {
                original(&resolved).map_or(LogEvent::Other, |event| LogEvent::Event(interner.record(event)))
            }
            // 24.10 sends u64::MAX on a small database: it is End.
            SubscriptionEvent::Checkpoint(at) if at.commit != u64::MAX => LogEvent::Checkpoint(position(at)),
            SubscriptionEvent::CaughtUp => LogEvent::CaughtUp,
            _ => LogEvent::Other,
        });
        LogFeed { session: self.clone(), number, feed }
    }
}
