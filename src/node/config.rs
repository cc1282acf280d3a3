//! How a node is started: where it listens, what it keeps, who may come in, and how it treats connections.

use super::{faults::Faults, log::import::History, refused::Tell, users::User};
use std::{net::SocketAddr, path::PathBuf, sync::Arc};

/// How a node is started.
#[derive(Debug, Clone)]
pub struct Config {
    pub listen: SocketAddr,
    pub storage: Storage,
    /// Fills a new log with sample orders.
    pub samples: bool,
    /// Lets `POST /sandbox/reset` erase everything.
    pub resettable: bool,
    /// Served in place of a log of its own, and not written to.
    pub history: Option<Arc<History>>,
}

impl Default for Config {
    /// Any free port of this machine, nothing kept, no samples.
    fn default() -> Config {
        let listen = SocketAddr::from(([127, 0, 0, 1], 0));
        Config { listen, storage: Storage::Memory, samples: false, resettable: false, history: None }
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

/// How the port treats its connections.
#[derive(Debug, Clone, Copy, Default)]
pub struct Connections {
    /// Acknowledges packets when the system pleases, as a real server does. Clients that leave Nagle on then wait about
    /// 40 ms a call.
    pub lazy_ack: bool,
    pub faults: Faults,
    /// Is told of each call that ends with another status than OK.
    pub refused: Option<Tell>,
}
