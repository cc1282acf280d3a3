//! The client says the same of every failed connection; this looks for the cause itself.

use super::certificates::{self, Trust};
use super::connection_options::Options;
use super::connection_string::Prepared;
use super::tls_diagnosis::{GREETING, Handshake, handshake};
use crate::store::{ConnectionCause, StoreError};
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(2);
const SETTINGS: u8 = 4;
/// Nodes of a cluster that are looked at.
const MOST_NODES: usize = 5;

/// What one node shows.
enum Finding {
    /// It cannot be reached.
    Away(ConnectionCause),
    /// It answers, and not as was asked.
    Wrong(ConnectionCause),
    /// It answers as it should, so that what the client said counts.
    Fine(String),
}

/// Why the client has no connection; `said` is what the client said.
pub async fn cause(prepared: &Prepared, said: StoreError) -> StoreError {
    // Read again: a file that changed after the first look made the client's task panic.
    let trust = match certificates::trust(&prepared.options).await {
        Ok(trust) => trust,
        Err(error) => return error,
    };
    let nodes = prepared.hosts.split(',').take(MOST_NODES);
    let found = futures::future::join_all(nodes.map(|node| look(node, &trust, &prepared.options))).await;
    // A cluster is named by several nodes, of which one that answers wrongly tells more than one that is down.
    let wrong = found.iter().position(|finding| matches!(finding, Finding::Wrong(_)));
    let fine = found.iter().position(|finding| matches!(finding, Finding::Fine(_)));
    match found.into_iter().nth(wrong.or(fine).unwrap_or(0)) {
        Some(Finding::Away(cause) | Finding::Wrong(cause)) => StoreError::Unreachable(cause),
        Some(Finding::Fine(node)) => beyond(node, said),
        None => said,
    }
}

/// Looks at `host:port`.
async fn look(address: &str, trust: &Trust, options: &Options) -> Finding {
    let node = address.to_owned();
    let found: Vec<_> = match timeout(PATIENCE, lookup_host(address)).await {
        Ok(Ok(found)) => found.collect(),
        _ => Vec::new(),
    };
    if found.is_empty() {
        return Finding::Away(ConnectionCause::UnknownHost { node });
    }
    let plain = match timeout(PATIENCE, speaks_plainly(&found)).await {
        Err(_) => return Finding::Away(ConnectionCause::NoAnswer { node }),
        Ok(Err(error)) => return Finding::Away(unconnected(node, &error)),
        Ok(Ok(plain)) => plain,
    };
    match (options.tls(), plain) {
        (true, true) => Finding::Wrong(ConnectionCause::SpeaksPlain { node }),
        (false, true) => Finding::Fine(node),
        (tls, false) => {
            let Ok(Ok(socket)) = timeout(PATIENCE, TcpStream::connect(&found[..])).await else {
                return Finding::Away(ConnectionCause::NoAnswer { node });
            };
            let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
            secured(node, tls, handshake(socket, host, trust, options).await)
        }
    }
}

/// What is said of a node that does not speak without TLS.
fn secured(node: String, tls: bool, handshake: Handshake) -> Finding {
    Finding::Wrong(match handshake {
        Handshake::Fine if tls => return Finding::Fine(node),
        Handshake::Refused(cause) if tls => ConnectionCause::Tls { node, cause },
        Handshake::Failed(handshake) if tls => ConnectionCause::NoTls { node, handshake },
        Handshake::Fine | Handshake::Refused(_) => ConnectionCause::OnlyTls { node },
        Handshake::Failed(_) => ConnectionCause::NotEventStore { node },
    })
}

/// The way there is well; what the server said counts.
fn beyond(node: String, said: StoreError) -> StoreError {
    match said {
        StoreError::AccessDenied(_) => said,
        said => StoreError::Unreachable(ConnectionCause::FirstCallFailed { node, said: Box::new(said) }),
    }
}

/// Whether the greeting is answered as HTTP/2 without TLS does.
async fn speaks_plainly(found: &[SocketAddr]) -> std::io::Result<bool> {
    let mut socket = TcpStream::connect(found).await?;
    let mut header = [0; 9];
    let answered = async {
        socket.write_all(GREETING).await?;
        socket.read_exact(&mut header).await
    };
    Ok(matches!(timeout(PATIENCE / 2, answered).await, Ok(Ok(_))) && header[3] == SETTINGS)
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
