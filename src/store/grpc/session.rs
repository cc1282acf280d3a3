//! One database as this program talks to it: one client at a time, and a deadline of our own on every call, because the crate enforces none.

use super::connection_string::Prepared;
use super::conversion::{Interner, original, store_error};
use super::http_endpoints::{HttpEndpoints, address};
use super::socket_options::{self, SocketOptions};
use super::{certificates, connection_diagnosis};
use crate::record::{Position, Record};
use crate::store::{ConnectionString, ConnectionStringFault, Denial, StoreError};
use eventstore::{Client, ClientSettings, Credentials, Endpoint, Error, ReadAllOptions, StreamPosition};
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::time::timeout;

pub const DEADLINE: Duration = Duration::from_secs(10);
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// A connection that answered once; cheap to clone, and every clone uses the same client.
#[derive(Clone)]
pub struct Session {
    shared: Arc<Shared>,
}

struct Shared {
    /// As it was given, to connect again.
    given: ConnectionString,
    prepared: Prepared,
    current: Mutex<Current>,
    /// Held while a new client is made, so that many failed calls make one.
    renewing: tokio::sync::Mutex<()>,
    login: Arc<HttpEndpoints>,
    sockets: Arc<SocketOptions>,
}

/// A dropped client of the crate keeps its connection open: it is replaced only when that is dead.
#[derive(Clone)]
struct Current {
    client: Client,
    /// The server's version.
    server: Arc<str>,
    /// Counts the clients.
    number: u64,
}

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

async fn open(prepared: &Prepared) -> Result<(Client, Arc<str>), StoreError> {
    certificates::check(&prepared.options).await?;
    if prepared.hosts.starts_with('[')
        && let Some(cause) = connection_diagnosis::ipv6_member(prepared).await
    {
        return Err(StoreError::Unreachable(cause));
    }
    let unusable = |_| StoreError::ConnectionString(ConnectionStringFault::Unusable);
    let settings: ClientSettings = prepared.url.parse().map_err(unusable)?;
    let client = Client::new(settings).map_err(|e| store_error(&e))?;
    match timeout(CONNECT_DEADLINE, client.server_info()).await {
        Ok(Ok(info)) => Ok((client, info.version().to_string().into())),
        Ok(Err(error)) => Err(connection_diagnosis::cause(prepared, store_error(&error)).await),
        Err(_) => Err(StoreError::Timeout(CONNECT_DEADLINE.as_secs())),
    }
}

impl Session {
    /// Parses the string and waits for the server's first answer.
    pub async fn connect(given: impl Into<ConnectionString>) -> Result<Self, StoreError> {
        let given = given.into();
        let prepared = given.prepare()?;
        let (client, server) = open(&prepared).await?;
        let shared = Shared {
            given,
            login: Arc::new(HttpEndpoints::new(&prepared)),
            sockets: Arc::default(),
            prepared,
            current: Mutex::new(Current { client, server, number: 0 }),
            renewing: tokio::sync::Mutex::default(),
        };
        let session = Self { shared: Arc::new(shared) };
        session.opened().await;
        Ok(session)
    }

    fn current(&self) -> Current {
        self.shared.current.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(in crate::store) fn client(&self) -> Client {
        self.shared.sockets.set_when_due();
        self.current().client
    }

    /// Sets the options of the new client's sockets: now of those to the hosts that were named, and when the other
    /// members of the cluster are known, of those to them.
    async fn opened(&self) {
        if !socket_options::SUPPORTED {
            return;
        }
        let Shared { prepared, sockets, login, .. } = &*self.shared;
        sockets.add(prepared.hosts.split(',')).await;
        if prepared.is_cluster() {
            let (sockets, login) = (sockets.clone(), login.clone());
            tokio::spawn(async move {
                let members = login.members().await;
                sockets.add(members.iter().map(String::as_str)).await;
            });
        }
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

    /// Host and port of each node that was named.
    pub fn address(&self) -> &str {
        &self.shared.prepared.hosts
    }

    /// The server's version.
    pub fn server(&self) -> Arc<str> {
        self.current().server
    }

    /// Replaces the client where the connection of this one is dead; an error is why there is no new one.
    async fn renew(&self, dead: u64) -> Result<(), StoreError> {
        let _one_at_a_time = self.shared.renewing.lock().await;
        if self.current().number != dead {
            return Ok(());
        }
        let (client, server) = open(&self.shared.prepared).await?;
        let next = Current { client, server, number: dead + 1 };
        *self.shared.current.lock().unwrap_or_else(PoisonError::into_inner) = next;
        self.opened().await;
        Ok(())
    }

    /// A client that can be used, after this one's connection was found dead.
    pub(in crate::store) async fn renewed(&self) -> Result<(), StoreError> {
        self.renew(self.current().number).await
    }

    /// Sets the options of the socket to the leader that the client has turned to.
    pub(in crate::store) async fn turned_to(&self, leader: &Endpoint) {
        self.shared.sockets.add([address(&leader.host, leader.port).as_str()]).await;
    }

    /// A call that may be repeated: once more after a redirect to the leader or a broken connection, and on a new
    /// client where this one is dead.
    pub(in crate::store) async fn repeatable<T, F>(
        &self,
        call: impl Fn(Client) -> F,
    ) -> Result<T, CallFailure>
    where
        F: Future<Output = Result<T, CallFailure>>,
    {
        let current = self.current();
        let sockets = &self.shared.sockets;
        sockets.set_when_due();
        match call(current.client.clone()).await {
            // The client has turned to the leader by itself.
            Err(CallFailure::Said(Error::NotLeaderException(leader))) => {
                let answer = call(current.client).await;
                self.turned_to(&leader).await;
                answer
            }
            // The client dials again with the next call.
            Err(CallFailure::Said(error)) if super::conversion::is_broken(&error) => {
                let answer = call(current.client).await;
                sockets.set();
                answer
            }
            Err(failure) if failure.is_disconnection() => match self.renew(current.number).await {
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

    async fn denial(&self) -> Denial {
        let Some(user) = self.user() else { return Denial::Anonymous };
        match self.shared.login.accepted().await {
            Some(true) => Denial::Rights(user.to_owned()),
            Some(false) => Denial::Login(user.to_owned()),
            None => Denial::Unclear,
        }
    }

    /// Why the server no longer accepts the user; `None` where it does, nobody is named, or it cannot be asked.
    pub async fn refused_login(&self) -> Option<Denial> {
        let user = self.user()?;
        let refused = self.shared.login.accepted().await == Some(false);
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
            Some(p) => options.position(StreamPosition::Position(eventstore::Position {
                commit: p.commit,
                prepare: p.prepare,
            })),
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

/// How a call of the client fails.
pub(in crate::store) enum CallFailure {
    Said(Error),
    Silent,
    /// There is no connection, for this reason.
    Away(StoreError),
}

impl CallFailure {
    /// Whether only a new client helps; it was never sent, then.
    pub fn is_disconnection(&self) -> bool {
        matches!(self, Self::Said(error) if super::conversion::is_disconnection(error))
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
    timeout(DEADLINE, call).await.map_err(|_| CallFailure::Silent)?.map_err(CallFailure::Said)
}
