//! The sandbox alone, until it is told to stop.

use crate::cli::Serve;
use crate::node::{Config, Node, Storage};
use crate::terminal::{Failure, print};
use std::path::PathBuf;

/// Serves until Ctrl-C or SIGTERM; the first line on standard output is the connection string.
pub async fn serve(serve: Serve, sandbox_file: PathBuf) -> Result<(), Failure> {
    let storage =
        if serve.memory { Storage::Memory } else { Storage::File(serve.file.unwrap_or(sandbox_file)) };
    let failed = |error| Failure::Server(format!("The sandbox does not start: {error}."));
    let config = Config { listen: serve.listen, storage, samples: serve.samples };
    let node = Node::start(config).await.map_err(failed)?;
    if !node.address().ip().is_loopback() {
        super::complain(
            "Warning: others in the network can read and write this sandbox. Listen on 127.0.0.1 to keep it to yourself.",
        );
    }
    // A closed pipe is no reason to stop serving.
    match print(&format!("{}\n", node.connection_string())) {
        Ok(()) | Err(Failure::ClosedPipe) => {}
        Err(failure) => return Err(failure),
    }
    let stopped = asked_to_stop().await;
    node.shutdown().await;
    stopped.map_err(|error| Failure::Server(format!("Signals cannot be received: {error}. Start it again.")))
}

#[cfg(unix)]
pub async fn asked_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
pub async fn asked_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
