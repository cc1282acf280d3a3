//! What all clones of a session share: the nodes as far as they are known, and the way to a client of one.

use super::client_slot::Slot;
use super::connection_string::Prepared;
use super::gossip::Survey;
use super::http_endpoints::HttpEndpoints;
use super::node_client::{self, GOSSIP_DEADLINE, LONG, NodeClient, Wanted};
use super::socket_options::{self, SocketOptions};
use crate::store::cluster::Cluster;
use crate::store::{ConnectionString, StoreError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};

/// Nodes that are remembered: more than a cluster has, so that names that change do not add up.
const MOST_KNOWN: usize = 16;

pub struct Shared {
    /// As it was given, to connect again.
    pub given: ConnectionString,
    pub prepared: Prepared,
    pub http: HttpEndpoints,
    pub sockets: SocketOptions,
    /// Host and port of each node that gossip named.
    pub known: Mutex<Vec<String>>,
    /// The nodes as they were asked last, for their ages.
    pub last: Mutex<Option<Cluster>>,
    /// For writes, where another node than the leader is read; made with the first of them.
    pub leading: tokio::sync::Mutex<Option<Arc<Slot>>>,
    /// Woken by a call that takes long, of any purpose.
    pub doubted: Arc<Notify>,
    /// Counts the clients that took another one's place, of every purpose.
    pub renewals: watch::Sender<u64>,
    /// Asks for projections, with the number of the client that it is beside.
    pub projections: Mutex<Option<(u64, eventstore::ProjectionClient)>>,
}

impl Shared {
    fn known(&self) -> MutexGuard<'_, Vec<String>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every node that the connection string or gossip names.
    pub fn nodes(&self) -> Vec<String> {
        let mut nodes: Vec<String> = self.prepared.hosts.split(',').map(str::to_owned).collect();
        nodes.extend(self.known().iter().filter(|node| !self.prepared.hosts.contains(&**node)).cloned());
        nodes
    }

    fn survey(&self, deadline: Duration) -> Survey {
        Survey {
            named: self.prepared.hosts.split(',').map(str::to_owned).collect(),
            names_are_nodes: self.prepared.names_are_nodes(),
            known: self.known().clone(),
            deadline,
        }
    }

    /// Asks every node; ends early when the cluster is `enough`.
    pub async fn cluster(&self, deadline: Duration, enough: impl Fn(&Cluster) -> bool) -> Option<Cluster> {
        let cluster = self.survey(deadline).take(&self.http, enough).await?;
        let mut known = self.known();
        for node in &cluster.nodes {
            if !known.iter().any(|address| **address == *node.address) && known.len() < MOST_KNOWN {
                known.push(node.address.to_string());
            }
        }
        drop(known);
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let cluster = cluster.after(last.as_ref());
        // A survey that ended early lacks nodes, whose ages would be lost with it.
        if last.as_ref().is_none_or(|last| last.nodes.len() <= cluster.nodes.len()) {
            *last = Some(cluster.clone());
        }
        drop(last);
        Some(cluster)
    }

    /// A client of the node that is wanted. One that takes long to reach is left for another that is wanted meanwhile.
    pub async fn open(&self, wanted: Wanted, before: Option<&str>) -> Result<NodeClient, StoreError> {
        loop {
            let enough = |cluster: &Cluster| node_client::is_enough(cluster, &self.prepared, wanted, before);
            let cluster = self.cluster(GOSSIP_DEADLINE, enough).await;
            let chosen =
                cluster.as_ref().and_then(|c| node_client::chosen(c, &self.prepared, wanted, before));
            let current = chosen.map(|node| &*node.address);
            let client = tokio::select! {
                client = node_client::open(&self.prepared, cluster.as_ref(), chosen, wanted) => client?,
                () = self.other_is_wanted(wanted, current) => continue,
            };
            if socket_options::SUPPORTED {
                self.sockets.add(client.address.split(',')).await;
            }
            return Ok(client);
        }
    }

    /// Ends when another node is wanted than this one.
    async fn other_is_wanted(&self, wanted: Wanted, current: Option<&str>) {
        let is_other = |cluster: &Cluster| {
            let now = node_client::chosen(cluster, &self.prepared, wanted, current);
            now.is_some_and(|now| Some(&*now.address) != current)
        };
        self.until(LONG, is_other).await;
    }

    /// Asks all nodes, so long after one another, and ends when it holds.
    pub async fn until(&self, step: Duration, holds: impl Fn(&Cluster) -> bool) {
        loop {
            tokio::time::sleep(step).await;
            if self.cluster(GOSSIP_DEADLINE, &holds).await.is_some_and(|cluster| holds(&cluster)) {
                return;
            }
        }
    }
}
