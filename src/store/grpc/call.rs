//! A call of the client: how it fails, and our deadline.

use super::conversion::store_error;
use crate::store::StoreError;
use eventstore::Error;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::time::timeout;

pub const DEADLINE: Duration = Duration::from_secs(10);

/// How a call of the client fails.
pub(in crate::store) enum CallFailure {
    Said(Error),
    Silent,
    /// There is no connection, for this reason.
    Away(StoreError),
}

impl CallFailure {
    /// Whether only another client helps: there is no connection, or the node does not lead. Nothing was done, then.
    pub fn asks_for_another_client(&self) -> bool {
        let Self::Said(error) = self else { return false };
        super::conversion::is_disconnection(error) || matches!(error, Error::NotLeaderException(_))
    }
}

impl From<CallFailure> for StoreError {
    fn from(failure: CallFailure) -> Self {
        match failure {
            CallFailure::Said(error) => store_error(&error),
            CallFailure::Silent => Self::Timeout(DEADLINE.as_secs()),
            CallFailure::Away(why) => why,
        }
    }
}

pub(in crate::store) async fn raw<T>(
    call: impl Future<Output = eventstore::Result<T>>,
) -> Result<T, CallFailure> {
    let mut call = pin!(call);
    // An answer that is there already needs no clock.
    let answer = match futures::poll!(call.as_mut()) {
        Poll::Ready(answer) => answer,
        Poll::Pending => timeout(DEADLINE, call).await.map_err(|_| CallFailure::Silent)?,
    };
    answer.map_err(CallFailure::Said)
}
