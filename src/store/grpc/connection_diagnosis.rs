//! The client says the same of every failed connection; this looks for the cause itself.

use super::certificates::{self, Trust};
use super::connection_options::Options;
use super::connection_string::Prepared;
use super::http_endpoints::HttpEndpoints;
use super::tls_diagnosis::{GREETING, Handshake, handshake};
use crate::store::StoreError;
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
    Away(String),
    /// It answers, and not as was asked.
    Wrong(String),
    /// It answers as it should, so that what the client said counts.
    Fine(String),
}

/// Why the client has no connection, and what to change; `said` is what the client said.
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
        Some(Finding::Away(text) | Finding::Wrong(text)) => StoreError::Unreachable(text),
        Some(Finding::Fine(node)) => match ipv6_member(prepared).await {
            Some(error) => error,
            None => beyond(&node, said),
        },
        None => said,
    }
}

/// What is wrong where the client chooses among members of a cluster, and an address of one makes its task panic.
pub async fn ipv6_member(prepared: &Prepared) -> Option<StoreError> {
    if !prepared.is_cluster() {
        return None;
    }
    let members = HttpEndpoints::new(prepared).members().await;
    let member = members.iter().find(|member| member.starts_with('['))?;
    Some(StoreError::Unreachable(format!(
        "The cluster at {} names its member {member} by an IPv6 address, which the client cannot take. Connect to one node with esdb://, or let the servers advertise host names.",
        prepared.hosts
    )))
}

/// Looks at `host:port`.
async fn look(node: &str, trust: &Trust, options: &Options) -> Finding {
    let found: Vec<_> = match timeout(PATIENCE, lookup_host(node)).await {
        Ok(Ok(found)) => found.collect(),
        _ => Vec::new(),
    };
    if found.is_empty() {
        return Finding::Away(format!("The host in {node:?} is not known. Check its name."));
    }
    let plain = match timeout(PATIENCE, speaks_plainly(&found)).await {
        Err(_) => {
            return Finding::Away(format!("{node} does not answer. Check the address and the firewall."));
        }
        Ok(Err(error)) => return Finding::Away(unconnected(node, &error)),
        Ok(Ok(plain)) => plain,
    };
    match (options.tls(), plain) {
        (true, true) => {
            Finding::Wrong(format!("{node} answers without TLS. Add tls=false to the connection string."))
        }
        (false, true) => Finding::Fine(node.to_owned()),
        (tls, false) => {
            let Ok(Ok(socket)) = timeout(PATIENCE, TcpStream::connect(&found[..])).await else {
                return Finding::Away(format!("{node} does not answer. Check the address and the firewall."));
            };
            let host = node.rsplit_once(':').map_or(node, |(host, _)| host);
            secured(node, tls, handshake(socket, (node, host), trust, options).await)
        }
    }
}

/// What is said of a node that does not speak without TLS.
fn secured(node: &str, tls: bool, handshake: Handshake) -> Finding {
    match handshake {
        Handshake::Fine if tls => Finding::Fine(node.to_owned()),
        Handshake::Refused(why) if tls => Finding::Wrong(why),
        Handshake::Failed(why) if tls => Finding::Wrong(format!(
            "{node} answers, but neither with TLS nor as EventStoreDB without it: {why}. Check the port."
        )),
        Handshake::Fine | Handshake::Refused(_) => Finding::Wrong(format!(
            "{node} answers only with TLS. Remove tls=false from the connection string."
        )),
        Handshake::Failed(_) => Finding::Wrong(format!(
            "{node} answers, but not as EventStoreDB without TLS, nor with it. Check the port."
        )),
    }
}

/// The way there is well; what the server said counts.
fn beyond(node: &str, said: StoreError) -> StoreError {
    match said {
        StoreError::AccessDenied(_) => said,
        said => StoreError::Unreachable(format!(
            "{node} answers, but the first call failed: {said} Check that it is EventStoreDB, and that its cluster has a leader."
        )),
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
fn unconnected(node: &str, error: &std::io::Error) -> String {
    // EMFILE and ENFILE: the fault is here, and the server may be well.
    if cfg!(unix) && matches!(error.raw_os_error(), Some(23 | 24)) {
        return "This program has too many files and connections open. Close some windows, or raise the limit (ulimit -n).".to_owned();
    }
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => {
            format!("Nothing listens at {node}. Start the server, or check the port.")
        }
        _ => format!("{node} cannot be reached: {error}. Check the address and the network."),
    }
}
