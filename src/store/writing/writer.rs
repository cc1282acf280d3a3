//! The one way to write: guarded, noted, sent once, and its fate told truly.

use super::events::events;
use super::production_guard::{self, ProductionGuard};
use super::shared_call::{Shared, SharedCall};
use super::{Journal, append_recovery};
use crate::decision::Append;
use crate::record::{Revision, StreamName};
use crate::store::grpc::conversion::{append_error, expected, is_disconnection, position};
use crate::store::grpc::{DEADLINE, Session, signed};
use crate::store::{AppendError, Declaration, Denial, Guarded, Permit, StoreError, Undeclared, Written};
use eventstore::{AppendToStreamOptions, Error};
use std::sync::Arc;
use tokio::time::timeout;

/// Writes to one database; cheap to clone.
#[derive(Clone)]
pub struct Writer {
    session: Session,
    guard: Arc<ProductionGuard>,
    journal: Option<Journal>,
    shared_call: Arc<SharedCall>,
}

impl Session {
    /// Writes by this session; nothing is noted.
    pub fn writer(&self) -> Writer {
        Writer { session: self.clone(), guard: Arc::default(), journal: None, shared_call: Arc::default() }
    }
}

impl Writer {
    /// The same writer; what it writes is noted.
    #[must_use]
    pub fn noting(self, journal: Option<Journal>) -> Self {
        Self { journal, ..self }
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    /// What the database says of itself; read again where the last answer is old.
    pub async fn declaration(&self) -> Declaration {
        let stream = StreamName::new(production_guard::STREAM);
        let read = || Box::pin(self.session.newest(&stream, production_guard::NEWEST));
        self.guard.current(read).await
    }

    /// Writes exactly this; JSON with the ids given, so that a retry cannot double it.
    pub async fn append(&self, append: &Append, permit: Permit) -> Result<Written, AppendError> {
        self.permitted(append, permit).await?;
        let Some(journal) = &self.journal else { return self.sent(append).await };
        let server = self.writes_to().await;
        let sent = journal.sent(&server, append);
        let result = self.sent(append).await;
        journal.answered(sent, &result);
        result
    }

    /// Host and port of the node that takes the writes, as far as that is known.
    async fn writes_to(&self) -> Arc<str> {
        match self.session.at_leader().await {
            Ok(leader) => leader.address(),
            Err(_) => self.session.hosts().into(),
        }
    }

    /// Sends a write of unknown fate once more, unless it is found; the same ids.
    pub async fn append_again(&self, append: &Append, permit: Permit) -> Result<Written, AppendError> {
        match self.find_written(append).await {
            Some(known) => known,
            None => self.append(append, permit).await,
        }
    }

    /// What became of a write whose answer was lost, noted in the journal; `None` where it is still not known.
    pub async fn find_written(&self, append: &Append) -> Option<Result<Written, AppendError>> {
        let known = append_recovery::find(&self.session, append).await.ok()??;
        if let Some(journal) = &self.journal {
            journal.found(&self.writes_to().await, append, &known);
        }
        Some(known)
    }

    async fn permitted(&self, append: &Append, permit: Permit) -> Result<(), AppendError> {
        if append.stream.is_system() {
            let denial = Denial::SystemStream(append.stream.clone());
            return Err(AppendError::Failed(StoreError::AccessDenied(denial)));
        }
        if permit == Permit::Production {
            return Ok(());
        }
        match self.declaration().await.guarded() {
            None => Ok(()),
            Some(Guarded::Unreadable(_)) if permit == Permit::Undeclared => Ok(()),
            // Nobody can be asked at this moment: that is no answer.
            Some(Guarded::Unreadable(Undeclared::NotRead(why))) if why.passes() => {
                Err(AppendError::Failed(why))
            }
            Some(why) => Err(AppendError::Production(why)),
        }
    }

    async fn sent(&self, append: &Append) -> Result<Written, AppendError> {
        match self.attempt(append).await {
            // Boxed, as it is rare and large.
            Err(AppendError::Unknown(why)) => Box::pin(self.recovered(append, why)).await,
            Err(AppendError::Failed(why)) => Err(AppendError::Failed(self.session.explained(why).await)),
            other => other,
        }
    }

    /// With others where there are many, else alone.
    async fn attempt(&self, append: &Append) -> Result<Written, AppendError> {
        let leader = self.session.at_leader().await.map_err(AppendError::Failed)?;
        let _under_way = self.shared_call.begin();
        match self.shared_call.append(&leader, append).await {
            Shared::Written(written) => Ok(Written { leader: self.elsewhere(&leader), ..written }),
            // Boxed, as each is large: what is written together needs no room for it.
            Shared::Unwritten => Box::pin(self.write(append)).await,
            Shared::Lost(why) => Box::pin(self.repeated(append, why)).await,
        }
    }

    /// After a lost answer: found in the stream, or, where it cannot double, sent again with the same ids.
    async fn recovered(&self, append: &Append, why: StoreError) -> Result<Written, AppendError> {
        if let Some(known) = append_recovery::find_patiently(&self.session, append).await {
            return known;
        }
        if !append.expected.is_repeatable() {
            return Err(AppendError::Unknown(why));
        }
        self.repeated(append, why).await
    }

    /// The same write again, after one whose answer was lost for this reason.
    async fn repeated(&self, append: &Append, why: StoreError) -> Result<Written, AppendError> {
        match self.write(append).await {
            Ok(written) => Ok(Written { recovered: true, ..written }),
            Err(known @ (AppendError::Conflict { .. } | AppendError::Tombstoned(_))) => Err(known),
            // The second was refused or lost; of the first that says nothing.
            Err(_) => Err(AppendError::Unknown(why)),
        }
    }

    /// One attempt; where this proves that nothing was sent or written, once more.
    async fn write(&self, append: &Append) -> Result<Written, AppendError> {
        let leader = self.session.at_leader().await.map_err(AppendError::Failed)?;
        let number = leader.number();
        let error = match self.write_by(&leader, append).await? {
            Ok(written) => return Ok(written),
            Err(error) => error,
        };
        let is_follower = matches!(error, Error::NotLeaderException(_));
        if !is_follower && !is_disconnection(&error) {
            return Err(append_error(&error, append));
        }
        // Where no gossip is to be had, the client has turned to the leader by itself.
        if !(is_follower && leader.node_state().is_none()) {
            leader.renew(number).await.map_err(AppendError::Failed)?;
        }
        let leader = self.session.at_leader().await.map_err(AppendError::Failed)?;
        self.write_by(&leader, append).await?.map_err(|error| append_error(&error, append))
    }

    /// The client's answer; an error of ours where the event cannot be sent or no answer came.
    async fn write_by(
        &self,
        leader: &Session,
        append: &Append,
    ) -> Result<Result<Written, Error>, AppendError> {
        let number = leader.number();
        let events = events(append)?;
        let options = AppendToStreamOptions::default().expected_revision(expected(append.expected));
        let options = signed!(leader, options);
        let client = leader.client();
        // Boxed, as it is moved more than once until it is waited for, and large.
        let call = Box::pin(client.append_to_stream(append.stream.as_str(), &options, events));
        let call = timeout(DEADLINE, call);
        let Some(answer) = leader.answer(number, call).await else {
            return Err(AppendError::Unknown(StoreError::NodeLeft));
        };
        let answer = answer.map_err(|_| AppendError::Unknown(StoreError::Timeout(DEADLINE.as_secs())))?;
        Ok(answer.map(|written| Written {
            revision: Revision(written.next_expected_version),
            position: position(written.position),
            recovered: false,
            leader: self.elsewhere(leader),
        }))
    }

    /// The leader's address where another node is read.
    fn elsewhere(&self, leader: &Session) -> Option<Arc<str>> {
        let address = leader.address();
        (address != self.session.address()).then_some(address)
    }
}
