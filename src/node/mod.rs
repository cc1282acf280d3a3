//! The sandbox: an EventStoreDB-compatible node over one `SQLite` file, in this process.
//!
//! In reading order: `log` (one writer, many readers, an index in memory), `filter`, `dotnet` and `links` (what `$all`
//! and the computed streams show), `users` and `access` (who may do what), `service` (gRPC over it), `net` and `http`
//! (the port). It knows nothing of the rest of the crate.

mod access;
mod dotnet;
mod error;
mod filter;
mod http;
mod links;
mod log;
mod net;
mod proto;
mod samples;
mod service;
mod tls;
mod users;

pub use error::NodeError;
pub use log::lock::running_address;
pub use users::User;

use log::{
    Log,
    database::{self, Place},
    lock::{self, Lock},
    write,
    writer::{Command, Work},
};
use std::{io, net::SocketAddr, path::PathBuf, sync::Arc, thread::JoinHandle, time::Instant};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc, watch},
    task,
};

/// How a node is started.
#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub storage: Storage,
    /// Fills a new log with sample orders.
    pub samples: bool,
}

impl Default for Config {
    /// Any free port of this machine, nothing kept, no samples.
    fn default() -> Config {
        Config { listen: SocketAddr::from(([127, 0, 0, 1], 0)), storage: Storage::Memory, samples: false }
    }
}

/// Where events are kept.
#[derive(Debug, Clone)]
pub enum Storage {
    File(PathBuf),
    Memory,
}

/// What keeps others out; the default lets everybody do everything, without TLS.
#[derive(Debug, Clone, Default)]
pub struct Security {
    /// Files with the certificate chain and its key, PEM.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// With users, `EventStoreDB`'s default rights hold; without, credentials are ignored.
    pub users: Vec<User>,
}

/// A running node; dropping it stops serving.
#[derive(Debug)]
pub struct Node {
    address: SocketAddr,
    secured: bool,
    samples: bool,
    commands: mpsc::Sender<Command>,
    stopping: watch::Sender<bool>,
    server: task::JoinHandle<()>,
    writer: Option<JoinHandle<()>>,
    shown: PathBuf,
    lock: Option<Lock>,
}

impl Node {
    pub async fn start(config: Config) -> Result<Node, NodeError> {
        Node::start_secured(config, Security::default()).await
    }

    pub async fn start_secured(config: Config, security: Security) -> Result<Node, NodeError> {
        let tls = security.tls.map(|(certificate, key)| tls::acceptor(&certificate, &key)).transpose()?;
        let secured = tls.is_some();
        let (place, lock) = open(&config.storage)?;
        let (file, shown) = (place.shown.clone(), place.shown.clone());
        let listener = TcpListener::bind(config.listen).await.map_err(|e| not_listening(config.listen, e))?;
        let address = listener.local_addr().map_err(|e| not_listening(config.listen, e))?;
        let samples = config.samples;
        let opening = task::spawn_blocking(move || {
            let running = Log::open(place, samples)?;
            let users = users::Users::new(&security.users, &running.log);
            Ok((running, users.map_err(|e| NodeError::of(&shown, e))?))
        });
        let (running, users) = opening.await.map_err(|_| NodeError::Stopped)??;
        if let Some(lock) = &lock {
            lock.announce(&connection_string(address, secured)).map_err(|e| lock::refused(&file, e))?;
        }
        let (stopping, stopped) = watch::channel(false);
        let shared = service::Shared {
            log: running.log,
            commands: running.commands.clone(),
            stopping: stopped.clone(),
            address,
            id: uuid::Uuid::new_v4(),
            started: Instant::now(),
            shown: file.clone(),
            tls: secured,
            users: users.into(),
            room: Arc::new(Semaphore::new(service::HELD)),
        };
        let server = tokio::spawn(net::serve(listener, tls, shared, stopped));
        let writer = Some(running.thread);
        Ok(Node {
            address,
            secured,
            samples,
            commands: running.commands,
            stopping,
            server,
            writer,
            shown: file,
            lock,
        })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn connection_string(&self) -> String {
        connection_string(self.address, self.secured)
    }

    /// Ends open calls with UNAVAILABLE, then closes the file.
    pub async fn shutdown(mut self) {
        self.stopping.send_replace(true);
        if let Err(error) = (&mut self.server).await {
            tracing::warn!(%error, "the server ended badly");
        }
        let Some(writer) = self.writer.take() else { return };
        // The thread ends with the last sender; tasks of connections that did not end in time may hold one a little.
        let (spare, _) = mpsc::channel(1);
        drop(std::mem::replace(&mut self.commands, spare));
        let joined = task::spawn_blocking(move || writer.join());
        if tokio::time::timeout(std::time::Duration::from_secs(2), joined).await.is_err() {
            tracing::debug!("the writer still waits for a call to end");
        }
        drop(self.lock.take());
    }

    /// Erases everything and seeds the samples again; running subscriptions end with an error.
    pub async fn reset(&self) -> Result<(), NodeError> {
        let work = Work::Reset { samples: self.samples };
        match write(&self.commands, work).await {
            Ok(_) => Ok(()),
            Err(log::WriteError::Stopped) => Err(NodeError::Stopped),
            Err(log::WriteError::Database(error)) => {
                let text = error.to_string();
                let code = error.sqlite_error().copied().unwrap_or(rusqlite::ffi::Error::new(1));
                Err(NodeError::of(&self.shown, rusqlite::Error::SqliteFailure(code, Some(text))))
            }
        }
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

fn not_listening(at: SocketAddr, error: io::Error) -> NodeError {
    match error.kind() {
        io::ErrorKind::AddrInUse => NodeError::PortInUse(at),
        _ => NodeError::Listen(at, error),
    }
}
