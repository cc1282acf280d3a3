//! The running node: its log, its ports and its part in the cluster.

use super::{
    cluster::{Cluster, Member},
    config::{Config, Connections, Security, Storage},
    error::NodeError,
    faults::Dice,
    log::{
        Running, WriteError,
        beginning::Beginning,
        commands::Work,
        database::{self, Place},
        lock::{self, Lock},
        write,
    },
    net,
    scavenges::Scavenges,
    service::{self, Shared},
    tls,
    users::{NamedUser, Refused, Users},
};
use std::{
    fmt, io,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::Instant,
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc, watch},
    task,
};
use tokio_rustls::TlsAcceptor;

/// A running node; dropping it stops serving.
pub struct Node {
    pub(super) shared: Shared,
    /// What a reset begins with.
    beginning: Arc<Beginning>,
    tls: Option<TlsAcceptor>,
    connections: Connections,
    stopping: watch::Sender<bool>,
    /// One for each port.
    servers: Mutex<Vec<task::JoinHandle<()>>>,
    writer: Option<JoinHandle<()>>,
    lock: Option<Lock>,
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Node").field("address", &self.shared.address).finish_non_exhaustive()
    }
}

impl Node {
    pub async fn start(config: Config) -> Result<Node, NodeError> {
        Node::start_secured(config, Security::default()).await
    }

    pub async fn start_secured(config: Config, security: Security) -> Result<Node, NodeError> {
        Node::start_with(config, security, Connections::default()).await
    }

    pub async fn start_with(
        config: Config,
        security: Security,
        connections: Connections,
    ) -> Result<Node, NodeError> {
        let tls = security.tls.map(|(certificate, key)| tls::acceptor(&certificate, &key)).transpose()?;
        let secured = tls.is_some();
        let (place, lock) = open(&config.storage)?;
        let (file, shown) = (place.shown.clone(), place.shown.clone());
        let listener = TcpListener::bind(config.listen).await.map_err(|e| not_listening(config.listen, e))?;
        let address = listener.local_addr().map_err(|e| not_listening(config.listen, e))?;
        let guarded = !security.users.is_empty();
        let opening = task::spawn_blocking(move || {
            let given = NamedUser::all(&security.users).ok_or(NodeError::Stopped)?;
            let beginning = Beginning { events: NamedUser::events(&given), samples: config.samples };
            Ok((Running::start(place, &beginning)?, given, Arc::new(beginning)))
        });
        let (running, given, beginning) = opening.await.map_err(|_| NodeError::Stopped)??;
        let is_history = config.history.is_some();
        if let Some(history) = config.history {
            let taken = write(&running.commands, Work::Import(history)).await;
            taken.map_err(|e| not_written(&shown, e))?;
        }
        let users = Users::new(running.log.clone(), guarded);
        users.give(&running.commands, given).await.map_err(|refused| not_given(&shown, refused))?;
        if let Some(lock) = &lock {
            lock.announce(&connection_string(address, secured)).map_err(|e| lock::refused(&file, e))?;
        }
        let (stopping, stopped) = watch::channel(false);
        let cluster = Arc::new(Cluster::of(Member::new(address, false, running.log.clone())));
        let shared = Shared {
            log: running.log,
            commands: running.commands,
            stopping: stopped,
            shutdown: watch::Sender::new(()),
            address,
            cluster,
            started: Instant::now(),
            shown: file,
            tls: secured,
            users: users.into(),
            scavenges: Arc::new(Scavenges::default()),
            max_append: connections.faults.max_append_size.unwrap_or(service::MAX_APPEND),
            refused: connections.refused,
            dice: Arc::new(Dice::new(connections.faults)),
            reset: config.resettable.then(|| beginning.clone()),
            room: Arc::new(Semaphore::new(service::HELD)),
            is_history,
        };
        shared.tools().tell_interrupted().await.map_err(|e| not_written(&shown, e))?;
        let writer = Some(running.thread);
        let node =
            Node { shared, beginning, tls, connections, stopping, servers: Mutex::default(), writer, lock };
        node.serve(listener, node.shared.clone());
        Ok(node)
    }

    pub(super) fn serve(&self, listener: TcpListener, shared: Shared) {
        let stopping = shared.stopping.clone();
        let server = tokio::spawn(net::serve(listener, self.tls.clone(), self.connections, shared, stopping));
        self.servers.lock().unwrap_or_else(PoisonError::into_inner).push(server);
    }

    /// Ends when an operator asks for a shutdown over gRPC; while nobody waits for it, such a call is refused.
    pub fn shutdown_asked(&self) -> impl Future<Output = ()> + use<> {
        let mut asked = self.shared.shutdown.subscribe();
        async move {
            if asked.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    pub fn connection_string(&self) -> String {
        connection_string(self.shared.address, self.shared.tls)
    }

    /// Listens on another address too, as the same member.
    pub async fn listen_on(&self, address: SocketAddr) -> Result<(), NodeError> {
        let listener = TcpListener::bind(address).await.map_err(|e| not_listening(address, e))?;
        self.serve(listener, self.shared.clone());
        Ok(())
    }

    /// Tells the other Hindsights of this machine how to connect, in place of the bare address.
    pub fn announce(&self, connection_string: &str) -> Result<(), NodeError> {
        let Some(lock) = &self.lock else { return Ok(()) };
        lock.announce(connection_string).map_err(|e| lock::refused(&self.shared.shown, e))
    }

    /// Ends open calls with UNAVAILABLE, then closes the file.
    pub async fn shutdown(mut self) {
        self.stopping.send_replace(true);
        let servers = std::mem::take(&mut *self.servers.lock().unwrap_or_else(PoisonError::into_inner));
        for server in servers {
            if let Err(error) = server.await {
                tracing::warn!(%error, "a server ended badly");
            }
        }
        let Some(writer) = self.writer.take() else { return };
        // The thread ends with the last sender; tasks of connections that did not end in time may hold one a little.
        let (spare, _) = mpsc::channel(1);
        drop(std::mem::replace(&mut self.shared.commands, spare));
        let joined = task::spawn_blocking(move || writer.join());
        if tokio::time::timeout(std::time::Duration::from_secs(2), joined).await.is_err() {
            tracing::debug!("the writer still waits for a call to end");
        }
        drop(self.lock.take());
    }

    /// Erases everything and seeds the samples again; running subscriptions end with an error.
    pub async fn reset(&self) -> Result<(), NodeError> {
        let work = Work::Reset(self.beginning.clone());
        write(&self.shared.commands, work).await.map(drop).map_err(|e| not_written(&self.shared.shown, e))
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        self.stopping.send_replace(true);
    }
}

fn connection_string(address: SocketAddr, tls: bool) -> String {
    format!("esdb://{address}?tls={tls}")
}

fn open(storage: &Storage) -> Result<(Place, Option<Lock>), NodeError> {
    let Storage::File(file) = storage else { return Ok((Place::memory(), None)) };
    if let Some(folder) = file.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| lock::refused(file, e))?;
    }
    let lock = Lock::take(file)?;
    database::touch(file).map_err(|e| lock::refused(file, e))?;
    Ok((Place::file(file), Some(lock)))
}

fn not_written(file: &Path, error: WriteError) -> NodeError {
    let WriteError::Database(error) = error else { return NodeError::Stopped };
    let code = error.sqlite_error().copied().unwrap_or(rusqlite::ffi::Error::new(1));
    NodeError::of(file, rusqlite::Error::SqliteFailure(code, Some(error.to_string())))
}

fn not_given(file: &Path, refused: Refused) -> NodeError {
    match refused {
        Refused::Read(error) => NodeError::of(file, error),
        Refused::Write(error) => not_written(file, error),
        _ => NodeError::Stopped,
    }
}

fn not_listening(at: SocketAddr, error: io::Error) -> NodeError {
    match error.kind() {
        io::ErrorKind::AddrInUse => NodeError::PortInUse(at),
        _ => NodeError::Listen(at, error),
    }
}
