//! Writes that are under way together, on one call: where many wait, a call for each is most of their cost. Its first refusal ends
//! such a call for all of them, and says less than an append of its own: what is refused or lost here is sent again by one.

use super::events::events;
use crate::decision::Append;
use crate::record::Revision;
use crate::store::grpc::conversion::{expected, is_disconnection, position, store_error};
use crate::store::grpc::{DEADLINE, Session, signed};
use crate::store::{StoreError, Written};
use eventstore::{BatchAppendClient, BatchAppendOptions, BatchWriteResult, Error};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Mutex;
use tokio::time::timeout;

/// Writes under way from which on they share a call.
const TOGETHER: usize = 4;
/// What the server says of a write that it looked at and did not do.
const REFUSALS: [&str; 6] = [
    "WrongExpectedVersion",
    "StreamDeleted",
    "AccessDenied",
    "MaximumAppendSizeExceeded",
    "MaximumAppendEventSizeExceeded",
    "BadRequest",
];

/// What is known of a write that was to go on the shared call.
pub enum Shared {
    Written(Written),
    /// Nothing was written; a call of its own tells why, or writes it.
    Unwritten,
    /// The call ended before the answer, for this reason.
    Lost(StoreError),
}

/// The call of one writer, made with the first writes that share one.
#[derive(Default)]
pub struct SharedCall {
    under_way: AtomicUsize,
    open: Mutex<Option<Call>>,
}

/// With the number of the client that it is a call of.
#[derive(Clone)]
struct Call {
    number: u64,
    client: Arc<BatchAppendClient>,
}

/// Counts a write for as long as it is under way.
pub struct UnderWay<'a>(&'a AtomicUsize);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl SharedCall {
    pub fn begin(&self) -> UnderWay<'_> {
        self.under_way.fetch_add(1, Ordering::Relaxed);
        UnderWay(&self.under_way)
    }

    /// Writes it where enough others are under way, and where the same write again cannot double it.
    pub async fn append(&self, leader: &Session, append: &Append) -> Shared {
        if !append.expected.is_repeatable() || self.under_way.load(Ordering::Relaxed) < TOGETHER {
            return Shared::Unwritten;
        }
        let (Ok(events), Some(call)) = (events(append), self.call(leader).await) else {
            return Shared::Unwritten;
        };
        let written = call.client.append_to_stream(append.stream.as_str(), expected(append.expected), events);
        let lost = match leader.answer(call.number, timeout(DEADLINE, written)).await {
            Some(Ok(Ok(result))) => match self::written(&result) {
                Some(written) => return Shared::Written(written),
                None => StoreError::NotReady,
            },
            Some(Ok(Err(error))) if is_refusal(&error) || is_disconnection(&error) => {
                self.end(&call).await;
                return Shared::Unwritten;
            }
            Some(Ok(Err(error))) => store_error(&error),
            Some(Err(_)) => StoreError::Timeout(DEADLINE.as_secs()),
            None => StoreError::NodeLeft,
        };
        self.end(&call).await;
        Shared::Lost(lost)
    }

    /// The call that is open on the current client; `None` where the server has no such calls.
    async fn call(&self, leader: &Session) -> Option<Call> {
        let number = leader.number();
        let mut open = self.open.lock().await;
        if let Some(call) = open.as_ref().filter(|call| call.number == number) {
            return Some(call.clone());
        }
        let options = signed!(leader, BatchAppendOptions::default());
        let client = leader.client().batch_append(&options).await.ok()?;
        Some(open.insert(Call { number, client: Arc::new(client) }).clone())
    }

    /// The next write makes another call, where this has not been done yet.
    async fn end(&self, ended: &Call) {
        self.open.lock().await.take_if(|open| Arc::ptr_eq(&open.client, &ended.client));
    }
}

fn is_refusal(error: &Error) -> bool {
    matches!(error, Error::Grpc { message, .. } if REFUSALS.contains(&message.as_str()))
}

/// `None` where the answer does not tell the place of what was written.
fn written(result: &BatchWriteResult) -> Option<Written> {
    let (revision, at) = (result.current_revision()?, result.current_position()?);
    Some(Written { revision: Revision(revision), position: position(at), recovered: false, leader: None })
}
