//! A client of one node, chosen by what gossip tells: the crate chooses by itself only once and never again.

use super::connection_string::Prepared;
use super::conversion::store_error;
use super::{certificates, connection_diagnosis};
use crate::store::cluster::{Cluster, ClusterNode, NodePreference, NodeState};
use crate::store::{ConnectionStringFault, StoreError};
use eventstore::{Client, ClientSettings};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);
/// How long a node may take to tell of its cluster before another one is used.
pub const GOSSIP_DEADLINE: Duration = Duration::from_secs(1);
/// A node that takes longer to reach makes the others be asked whether another one is wanted.
pub const LONG: Duration = Duration::from_millis(300);

/// What a client is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// What the connection string prefers.
    Preferred(NodePreference),
    /// The leader and no other node.
    Leader,
}

#[derive(Clone)]
pub struct NodeClient {
    pub client: Client,
    /// The server's version.
    pub server: Arc<str>,
    /// Host and port; of all nodes that were named where the crate chose one.
    pub address: Arc<str>,
    /// `None` where no node tells of a cluster.
    pub state: Option<NodeState>,
}

/// Makes sure that the client can read the files that it reads.
pub async fn check(prepared: &Prepared) -> Result<(), StoreError> {
    certificates::check(&prepared.options).await
}

/// Whether the answers so far are enough to choose a node.
pub fn is_enough(cluster: &Cluster, prepared: &Prepared, wanted: Wanted, before: Option<&str>) -> bool {
    match wanted {
        Wanted::Leader | Wanted::Preferred(NodePreference::Leader) => cluster.leader().is_some(),
        Wanted::Preferred(preference) if prepared.is_cluster() => {
            let best = cluster.best(preference, None, |_| 0);
            let is_known = before.is_none_or(|before| !cluster.may_yet_answer(before));
            is_known && best.is_some_and(|node| preference.rank(node.state) == Some(0))
        }
        Wanted::Preferred(_) => cluster.node(&prepared.hosts).is_some_and(ClusterNode::answers),
    }
}

/// The node that is wanted; of equals `before`, which was used last. `None` where there is none at this moment.
pub fn chosen<'a>(
    cluster: &'a Cluster,
    prepared: &Prepared,
    wanted: Wanted,
    before: Option<&str>,
) -> Option<&'a ClusterNode> {
    let named = || cluster.node(&prepared.hosts).filter(|node| node.answers() && node.state.reads());
    match wanted {
        Wanted::Leader => cluster.leader(),
        Wanted::Preferred(preference) if prepared.is_cluster() => cluster.best(preference, before, any_of),
        // One node is named: the leader that it follows, or else itself.
        Wanted::Preferred(NodePreference::Leader) => cluster.leader().or_else(named),
        Wanted::Preferred(_) => named(),
    }
}

/// Any of so many, so that not all clients come to the same node.
fn any_of(count: usize) -> usize {
    usize::from(uuid::Uuid::new_v4().as_bytes()[0]) % count.max(1)
}

/// Connects to the node that was chosen; an error tells why there is none.
pub async fn open(
    prepared: &Prepared,
    cluster: Option<&Cluster>,
    chosen: Option<&ClusterNode>,
    wanted: Wanted,
) -> Result<NodeClient, StoreError> {
    let Some(cluster) = cluster else { return connect_to_any(prepared).await };
    match chosen {
        Some(node) => connect(prepared.at(&node.address, node.state), Some(node.state)).await,
        None if cluster.nodes.len() < 2 => Err(StoreError::NotReady),
        None => match cluster.named_leader() {
            // The others name a leader that does not answer here.
            Some(leader) => {
                let leading = connect(prepared.at(&leader.address, leader.state), Some(leader.state)).await;
                leading.map_err(|why| match (wanted, why) {
                    (Wanted::Leader, StoreError::Unreachable(_) | StoreError::Timeout(_)) => {
                        StoreError::NotLeader(leader.address.to_string())
                    }
                    (_, why) => why,
                })
            }
            None => Err(StoreError::NoLeader),
        },
    }
}

/// Where no node tells of a cluster: the first that answers, as it is.
async fn connect_to_any(prepared: &Prepared) -> Result<NodeClient, StoreError> {
    let mut said = StoreError::NoLeader;
    for node in prepared.hosts.split(',') {
        match connect(prepared.alone(node), None).await {
            Ok(client) => return Ok(client),
            Err(error) => said = error,
        }
    }
    if prepared.hosts.contains(',') {
        Err(connection_diagnosis::cause(prepared, said).await)
    } else {
        Err(said)
    }
}

async fn connect(prepared: Prepared, state: Option<NodeState>) -> Result<NodeClient, StoreError> {
    check(&prepared).await?;
    let settings: ClientSettings =
        prepared.url.parse().map_err(|_| StoreError::ConnectionString(ConnectionStringFault::Unusable))?;
    let client = Client::new(settings).map_err(|e| store_error(&e))?;
    match timeout(CONNECT_DEADLINE, client.server_info()).await {
        Ok(Ok(info)) => {
            let server = info.version().to_string().into();
            Ok(NodeClient { client, server, address: prepared.hosts.as_str().into(), state })
        }
        Ok(Err(error)) => Err(connection_diagnosis::cause(&prepared, store_error(&error)).await),
        Err(_) => Err(StoreError::Timeout(CONNECT_DEADLINE.as_secs())),
    }
}
