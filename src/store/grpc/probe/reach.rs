//! From a name to a socket.

use crate::store::ConnectionCause;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

const RESOLVES: Duration = Duration::from_secs(5);
const CONNECTS: Duration = Duration::from_secs(2);

/// The addresses of `host:port`.
pub async fn resolve(node: &str) -> Result<Vec<SocketAddr>, ConnectionCause> {
    let found = timeout(RESOLVES, lookup_host(node)).await;
    let found: Vec<_> = found.ok().and_then(Result::ok).into_iter().flatten().collect();
    if found.is_empty() {
        return Err(ConnectionCause::UnknownHost { node: node.to_owned() });
    }
    Ok(found)
}

/// A connection to the first of the addresses that takes one.
pub async fn connect(node: &str, addresses: &[SocketAddr]) -> Result<TcpStream, ConnectionCause> {
    match timeout(CONNECTS, TcpStream::connect(addresses)).await {
        Ok(connected) => connected.map_err(|error| unconnected(node.to_owned(), &error)),
        Err(_) => Err(ConnectionCause::NoAnswer { node: node.to_owned() }),
    }
}

/// Why no socket came about.
fn unconnected(node: String, error: &std::io::Error) -> ConnectionCause {
    // EMFILE and ENFILE: the fault is here, and the server may be well.
    if cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24)) {
        return ConnectionCause::TooManyFiles;
    }
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => ConnectionCause::Refused { node },
        _ => ConnectionCause::NoRoute { node, error: error.to_string() },
    }
}
