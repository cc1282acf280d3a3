//! The sandbox as the program uses it: ours, or the one that another Hindsight already serves.

use crate::node::{Config, Node, NodeError, Storage, running_address};
use crate::store::{ConnectionCause, ConnectionString, Resolve, SandboxFault, StoreError, Target};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;

/// The port that every tutorial names.
const USUAL_PORT: u16 = 2113;
/// How often a starting node of another program is asked for its address, and how long to wait between.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(100);

/// One file, served by at most one program of this machine.
#[derive(Debug)]
pub struct Sandbox {
    file: PathBuf,
    node: Mutex<Option<Node>>,
}

impl Sandbox {
    pub fn new(file: PathBuf) -> Self {
        Self { file, node: Mutex::new(None) }
    }

    /// Connection string of the node that serves the file; starts one where nobody does.
    pub async fn resolve(&self) -> Result<String, SandboxFault> {
        let mut node = self.node.lock().await;
        if let Some(node) = &*node {
            return Ok(node.connection_string());
        }
        for _ in 0..TRIES {
            if let Some(address) = running_address(&self.file) {
                return Ok(address);
            }
            match self.start().await {
                Ok(started) => return Ok(node.insert(started).connection_string()),
                // Another program starts or stops at this moment.
                Err(NodeError::InUse { .. }) => tokio::time::sleep(PAUSE).await,
                Err(error) => return Err(SandboxFault::NotStarted(error.to_string())),
            }
        }
        Err(SandboxFault::Held(self.file.clone()))
    }

    async fn start(&self) -> Result<Node, NodeError> {
        match self.start_at(USUAL_PORT).await {
            Err(NodeError::PortInUse(_) | NodeError::Listen(..)) => self.start_at(0).await,
            other => other,
        }
    }

    async fn start_at(&self, port: u16) -> Result<Node, NodeError> {
        let listen = SocketAddr::from(([127, 0, 0, 1], port));
        Node::start(Config {
            listen,
            storage: Storage::File(self.file.clone()),
            samples: true,
            ..Config::default()
        })
        .await
    }

    /// Brings the sample orders back; only the program that serves the file can.
    pub async fn reset(&self) -> Result<(), SandboxFault> {
        let address = self.resolve().await?;
        match &*self.node.lock().await {
            Some(node) => node.reset().await.map_err(|error| SandboxFault::NotReset(error.to_string())),
            None => Err(SandboxFault::ServedElsewhere(address)),
        }
    }

    /// Closes our node, if there is one, after the last call to it.
    pub async fn shutdown(&self) {
        let node = self.node.lock().await.take();
        if let Some(node) = node {
            node.shutdown().await;
        }
    }
}

/// How the terminal finds its database.
pub fn resolver(sandbox: &Arc<Sandbox>, target: &Target) -> Resolve {
    match target {
        Target::Sandbox => sandbox_resolver(sandbox),
        Target::Server(url) => at(url.clone()),
        Target::File(file) => at(file.string().clone()),
    }
}

fn at(url: ConnectionString) -> Resolve {
    Arc::new(move || Box::pin(std::future::ready(Ok(url.clone()))))
}

pub fn sandbox_resolver(sandbox: &Arc<Sandbox>) -> Resolve {
    let sandbox = Arc::clone(sandbox);
    Arc::new(move || {
        let sandbox = Arc::clone(&sandbox);
        Box::pin(async move {
            let resolved = sandbox.resolve().await.map(Into::into);
            resolved.map_err(|fault| StoreError::Unreachable(ConnectionCause::Sandbox(fault)))
        })
    })
}
