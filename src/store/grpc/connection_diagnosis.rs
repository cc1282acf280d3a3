//! Why there is no connection, where the client says the same of every cause.

use super::certificates::{self, Trust};
use super::connection_options::Options;
use super::connection_string::Prepared;
use super::probe::{self, Node};
use crate::store::{ConnectionCause, StoreError};

/// Nodes of a cluster that are looked at.
const MOST_NODES: usize = 5;

/// What one node shows.
enum Finding {
    /// It cannot be reached.
    Away(ConnectionCause),
    /// It answers, and not as was asked.
    Wrong(StoreError),
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
        Some(Finding::Away(cause)) => StoreError::Unreachable(cause),
        Some(Finding::Wrong(error)) => error,
        Some(Finding::Fine(node)) => beyond(node, said),
        None => said,
    }
}

/// Looks at `host:port`.
async fn look(name: &str, trust: &Trust, options: &Options) -> Finding {
    let addresses = match probe::resolve(name).await {
        Ok(addresses) => addresses,
        Err(cause) => return Finding::Away(cause),
    };
    if let Err(cause) = probe::connect(name, &addresses).await {
        return Finding::Away(cause);
    }
    let node = Node { name, addresses: &addresses, trust, options };
    if let Err(cause) = node.protocol().await.verdict() {
        return Finding::Wrong(StoreError::Unreachable(cause));
    }
    match node.first_call().await {
        Err(error @ StoreError::Unreachable(ConnectionCause::NoGrpc { .. })) => Finding::Wrong(error),
        _ => Finding::Fine(name.to_owned()),
    }
}

/// The way there is well; what the server said counts.
fn beyond(node: String, said: StoreError) -> StoreError {
    match said {
        StoreError::AccessDenied(_) => said,
        said => StoreError::Unreachable(ConnectionCause::FirstCallFailed { node, said: Box::new(said) }),
    }
}
