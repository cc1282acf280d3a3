//! One database as this program talks to it: one client for each purpose, and a deadline of our own on every call, because the crate enforces none.

use super::call::{CallFailure, raw};
use super::client_slot::{Current, Slot};
use super::conversion::{Interner, original, read_from};
use super::http_endpoints::HttpEndpoints;
use super::node_client::{self, Wanted};
use super::shared::Shared;
use super::socket_options::SocketOptions;
use crate::record::{Position, Record};
use crate::store::cluster::{Cluster, NodePreference, NodeState};
use crate::store::{ConnectionString, Denial, StoreError};
use eventstore::{Client, Credentials, Error, ReadAllOptions, StreamPosition};
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

/// A connection that answered once; cheap to clone, and every clone uses the same client.
#[derive(Clone)]
pub struct Session {
    shared: Arc<Shared>,
    slot: Arc<Slot>,
}

const SHORTEST_PAUSE: Duration = Duration::from_millis(25);
/// Options of every kind take credentials in the same way.
macro_rules! signed {
    ($session:expr, $options:expr) => {
        match $session.credentials() {
            Some(credentials) => $options.authenticated(credentials.clone()),
            None => $options,
        }
    };
}

pub(in crate::store) use signed;

impl Session {
    /// Parses the string and waits for the server's first answer.
    pub async fn connect(given: impl Into<ConnectionString>) -> Result<Self, StoreError> {
        let given = given.into();
        let prepared = given.prepare()?;
        node_client::check(&prepared).await?;
        let wanted = Wanted::Preferred(prepared.options.node_preference());
        let shared = Arc::new(Shared {
            given,
            http: HttpEndpoints::new(&prepared),
            sockets: SocketOptions::default(),
            prepared,
            known: Mutex::default(),
            last: Mutex::default(),
            leading: tokio::sync::Mutex::default(),
            doubted: Arc::default(),
            renewals: watch::Sender::default(),
            projections: Mutex::default(),
        });
        let client = Box::pin(shared.open(wanted, None)).await?;
        Ok(Self { slot: Slot::new(client, wanted, shared.doubted.clone()), shared })
    }

    /// The same database by its leader, which takes writes.
    pub(in crate::store) async fn at_leader(&self) -> Result<Self, StoreError> {
        if self.node_state().is_none_or(|state| state == NodeState::Leader) {
            return Ok(self.clone());
        }
        let mut leading = self.shared.leading.lock().await;
        let slot = if let Some(slot) = &*leading {
            slot.clone()
        } else {
            let client = Box::pin(self.shared.open(Wanted::Leader, None)).await?;
            leading.insert(Slot::new(client, Wanted::Leader, self.shared.doubted.clone())).clone()
        };
        Ok(Self { shared: self.shared.clone(), slot })
    }

    pub(in crate::store) fn client(&self) -> Client {
        self.shared.sockets.set_when_due();
        self.slot.current().client.client
    }

    pub(super) fn projection_slot(&self) -> &Mutex<Option<(u64, eventstore::ProjectionClient)>> {
        &self.shared.projections
    }

    pub(in crate::store) fn credentials(&self) -> Option<&Credentials> {
        self.shared.prepared.credentials.as_ref()
    }

    /// Whether this is the way to that database.
    pub fn leads_to(&self, given: &ConnectionString) -> bool {
        self.shared.given == *given
    }

    /// Whether both are the same session.
    pub fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.shared, &other.shared)
    }

    /// Host and port of the node that answers; of all that were named where it is not known which.
    pub fn address(&self) -> Arc<str> {
        self.slot.current().client.address
    }

    /// The one node that was named, where its leader is used in its place.
    pub fn turned_from(&self) -> Option<&str> {
        let is_elsewhere = !self.names_a_cluster() && *self.address() != *self.hosts();
        is_elsewhere.then(|| self.hosts())
    }

    /// What the node is in its cluster, as far as it was told when it was turned to.
    pub fn node_state(&self) -> Option<NodeState> {
        self.slot.current().client.state
    }

    /// Host and port of each node that was named: the same for one database whichever node answers.
    pub fn hosts(&self) -> &str {
        &self.shared.prepared.hosts
    }

    /// The server's version.
    pub fn server(&self) -> Arc<str> {
        self.slot.current().client.server
    }

    pub fn node_preference(&self) -> NodePreference {
        self.shared.prepared.options.node_preference()
    }

    /// Whether the client chooses among nodes.
    pub(in crate::store) fn names_a_cluster(&self) -> bool {
        self.shared.prepared.is_cluster()
    }

    /// All nodes as they are now; ends early when they are `enough`. `None` where no node tells of a cluster.
    pub(in crate::store) async fn cluster(
        &self,
        deadline: Duration,
        enough: impl Fn(&Cluster) -> bool,
    ) -> Option<Cluster> {
        self.shared.cluster(deadline, enough).await
    }

    /// Asks all nodes, so long after one another, and ends when it holds.
    pub(in crate::store) async fn until(&self, step: Duration, holds: impl Fn(&Cluster) -> bool) {
        self.shared.until(step, holds).await;
    }

    /// Counts the clients: another number says that another one is used by now.
    pub(in crate::store) fn number(&self) -> u64 {
        self.slot.current().number
    }

    /// Replaces the client, where it is still this one, by that of the node which is best now; an error is why there is none.
    pub(in crate::store) async fn renew(&self, number: u64) -> Result<(), StoreError> {
        let slot = &self.slot;
        let _one_at_a_time = slot.renewing.lock().await;
        let before = slot.current();
        if before.number != number {
            return Ok(());
        }
        // Boxed, as it is rare and large.
        let client = Box::pin(self.shared.open(slot.wanted, Some(&before.client.address))).await?;
        slot.replace(client);
        self.shared.renewals.send_modify(|count| *count += 1);
        Ok(())
    }

    /// Waits before a call is tried again; not so long where another client comes into use meanwhile.
    pub(in crate::store) async fn pause(&self, longest: Duration) {
        let mut renewals = self.shared.renewals.subscribe();
        let renewed = async {
            // Two callers that renew in turns must not wake each other without end.
            tokio::time::sleep(SHORTEST_PAUSE).await;
            renewals.changed().await
        };
        drop(tokio::time::timeout(longest, renewed).await);
    }

    /// A client that can be used, after this one's connection was found dead.
    pub(in crate::store) async fn renewed(&self) -> Result<(), StoreError> {
        self.renew(self.number()).await
    }

    /// Whether there is a client of its own for writes, at another node than this leader.
    pub(in crate::store) fn writes_elsewhere(&self, leader: &str) -> bool {
        let is_elsewhere = |slot: &Arc<Slot>| *slot.current().client.address != *leader;
        self.shared.leading.try_lock().is_ok_and(|slot| slot.as_ref().is_some_and(is_elsewhere))
    }

    /// Replaces the client for writes, where it is one of its own and no longer leads.
    pub(in crate::store) async fn renew_leader(&self, leader: &str) {
        let leading = self.shared.leading.lock().await.clone();
        if let Some(slot) = leading.filter(|slot| *slot.current().client.address != *leader) {
            let writing = Self { shared: self.shared.clone(), slot };
            if let Err(error) = writing.renewed().await {
                tracing::debug!(?error, "the new leader is not reached yet");
            }
        }
    }

    /// Ends when a call takes so long that the node may hang.
    pub(in crate::store) async fn doubted(&self) {
        self.shared.doubted.notified().await;
    }

    /// The answer of a write on the current client, unless another one takes its place meanwhile.
    pub(in crate::store) async fn answer<T>(&self, number: u64, call: impl Future<Output = T>) -> Option<T> {
        self.slot.answer(number, call).await
    }

    /// The same of other work, whose length says nothing of the node.
    pub(in crate::store) async fn unless_replaced<T>(
        &self,
        number: u64,
        call: impl Future<Output = T>,
    ) -> Option<T> {
        tokio::select! {
            answer = call => Some(answer),
            () = self.slot.replaced(number) => None,
        }
    }

    /// A call that may be repeated: once more on a broken connection or after the node turned out not to lead, and on a
    /// new client where this one is dead or was replaced.
    pub(in crate::store) async fn repeatable<T, F>(
        &self,
        call: impl Fn(Client) -> F,
    ) -> Result<T, CallFailure>
    where
        F: Future<Output = Result<T, CallFailure>>,
    {
        // Boxed, as each of the places that call it would hold the whole call.
        let call = |client: Client| Box::pin(call(client));
        let Current { client, number } = self.slot.current();
        let sockets = &self.shared.sockets;
        sockets.set_when_due();
        let Some(answer) = self.slot.answer(number, call(client.client.clone())).await else {
            return call(self.client()).await;
        };
        match answer {
            // Where no gossip is to be had, the client has turned to the leader by itself.
            Err(CallFailure::Said(Error::NotLeaderException(_))) if client.state.is_none() => {
                call(client.client).await
            }
            // The client dials again with the next call.
            Err(CallFailure::Said(error)) if super::conversion::is_broken(&error) => {
                let answer = call(client.client).await;
                sockets.set();
                answer
            }
            Err(failure) if failure.asks_for_another_client() => match self.renew(number).await {
                Ok(()) => call(self.client()).await,
                Err(why) => Err(CallFailure::Away(why)),
            },
            other => other,
        }
    }

    /// The failure in our words; a denial is asked after, so that it names what is missing.
    pub(in crate::store) async fn explained(&self, failure: impl Into<StoreError>) -> StoreError {
        match failure.into() {
            StoreError::AccessDenied(Denial::Unclear) => StoreError::AccessDenied(self.denial().await),
            error => error,
        }
    }

    async fn accepted(&self) -> Option<bool> {
        self.shared.http.accepted(&self.shared.nodes()).await
    }

    async fn denial(&self) -> Denial {
        let Some(user) = self.user() else { return Denial::Anonymous };
        match self.accepted().await {
            Some(true) => Denial::Rights(user.to_owned()),
            Some(false) => Denial::Login(user.to_owned()),
            None => Denial::Unclear,
        }
    }

    /// Why the server no longer accepts the user; `None` where it does, nobody is named, or it cannot be asked.
    pub async fn refused_login(&self) -> Option<Denial> {
        let user = self.user()?;
        let refused = self.accepted().await == Some(false);
        refused.then(|| Denial::Login(user.to_owned()))
    }

    /// The user of the connection string.
    pub(in crate::store) fn user(&self) -> Option<&str> {
        self.shared.prepared.login.as_ref().map(|(user, _)| user.as_str())
    }

    /// The event at a position, or the newest one; `None` where there is none.
    pub async fn event_at(&self, at: Option<Position>) -> Result<Option<Record>, StoreError> {
        let options = ReadAllOptions::default().max_count(1);
        let options = match at {
            Some(_) => options.position(read_from(at)),
            None => options.position(StreamPosition::End).backwards(),
        };
        let options = &signed!(self, options);
        let read = self.repeatable(move |client: Client| async move {
            let mut stream = raw(client.read_all(options)).await?;
            raw(stream.next()).await
        });
        let event = match read.await {
            Ok(event) => event,
            Err(failure) => return Err(self.explained(failure).await),
        };
        Ok(event.as_ref().and_then(original).map(|event| Interner::default().record(event)))
    }

    /// The head of `$all`, where that may be read; any answer is a sign of life.
    pub(in crate::store) async fn head(&self) -> Result<Option<Position>, StoreError> {
        match self.event_at(None).await {
            Ok(newest) => Ok(newest.map(|record| record.position)),
            Err(StoreError::AccessDenied(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes sure that somebody answers, on a new client where the last one is dead.
    pub async fn reach(&self) -> Result<(), StoreError> {
        match self.head().await {
            // A leader that hangs: others of the cluster may answer.
            Err(error @ StoreError::Timeout(_)) if self.shared.prepared.is_cluster() => {
                self.renewed().await.map_err(|_| error)
            }
            answer => answer.map(drop),
        }
    }
}
