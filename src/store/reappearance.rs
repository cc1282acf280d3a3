//! Whether a database that is away may answer again, noticed before the next try is due.

use super::cluster::{Cluster, NodePreference};
use super::grpc::Session;
use super::update_sender::UpdateSender;
use super::{ConnectionCause, ConnectionString, StoreError, Update};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// How often it is looked, and how long a node may take to be found.
const STEP: Duration = Duration::from_millis(250);
const DEADLINE: Duration = Duration::from_millis(500);

/// Ends when a node listens again or a cluster has a leader again, and tells of the nodes meanwhile; never where waiting does
/// not help, as with a wrong password.
pub async fn reappears(
    session: Option<Session>,
    given: ConnectionString,
    why: StoreError,
    out: UpdateSender,
) {
    if !why.passes() {
        return std::future::pending().await;
    }
    loop {
        sleep(STEP).await;
        if let Some(session) = &session {
            let preference = session.node_preference();
            let is_there = |cluster: &Cluster| serves(cluster, preference);
            if let Some(cluster) = session.cluster(DEADLINE, is_there).await {
                let is_there = serves(&cluster, preference);
                out.send(Update::Cluster(cluster)).await;
                if is_there {
                    return;
                }
                continue;
            }
        }
        if is_closed(&why) && listens(&given).await {
            return;
        }
    }
}

/// Whether there is a node that the connection asks for.
fn serves(cluster: &Cluster, preference: NodePreference) -> bool {
    match preference {
        NodePreference::Leader => cluster.leader().is_some(),
        NodePreference::Follower | NodePreference::ReadOnlyReplica | NodePreference::Random => {
            cluster.nodes.iter().any(|node| node.answers() && node.state.reads())
        }
    }
}

/// Whether nothing answered: whoever listens now is worth a try.
fn is_closed(why: &StoreError) -> bool {
    matches!(
        why,
        StoreError::Unreachable(
            ConnectionCause::Refused { .. }
                | ConnectionCause::NoAnswer { .. }
                | ConnectionCause::NoRoute { .. }
                | ConnectionCause::UnknownHost { .. }
                | ConnectionCause::Lost
                | ConnectionCause::Gone
                | ConnectionCause::Broken
        )
    )
}

/// Whether one of the named nodes takes connections.
async fn listens(given: &ConnectionString) -> bool {
    let nodes = given.nodes();
    let connecting = nodes.iter().map(|node| timeout(DEADLINE, TcpStream::connect(node)));
    futures::future::join_all(connecting).await.iter().any(|found| matches!(found, Ok(Ok(_))))
}
