//! `GET /gossip` of every node that is known: who answers, who leads, how far each is.

use super::connection_string::is_node;
use super::http_endpoints::HttpEndpoints;
use super::node_client::LONG;
use crate::store::cluster::{Cluster, ClusterNode, NodeFault, NodeState};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use serde::Deserialize;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Longest gossip that is read, in bytes.
const MOST: usize = 1 << 20;
/// Nodes that are asked; a cluster has at most some ten.
const MOST_NODES: usize = 16;
/// How often those that answered are asked again while another one is waited for: a leader may be elected meanwhile.
const AGAIN: Duration = Duration::from_millis(150);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Gossip {
    members: Vec<Member>,
    /// The node that answered.
    server_ip: Option<String>,
    server_port: Option<u32>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Member {
    #[serde(rename = "httpEndPointIp")]
    host: String,
    #[serde(rename = "httpEndPointPort")]
    port: u32,
    #[serde(default)]
    state: NodeState,
    #[serde(default)]
    is_alive: bool,
    #[serde(default)]
    writer_checkpoint: i64,
    #[serde(default)]
    epoch_number: i64,
}

impl Member {
    fn address(&self) -> String {
        address(&self.host, self.port)
    }
}

/// `host:port`, or `[host]:port` where the host is an IPv6 address.
pub(in crate::store) fn address(host: &str, port: u32) -> String {
    if host.contains(':') && !host.starts_with('[') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

/// Which nodes are asked, and by which names they are called.
#[derive(Debug, Clone)]
pub(in crate::store) struct Survey {
    /// Host and port as the connection string has them.
    pub named: Vec<String>,
    /// Whether a named host is one node: with `+discover` it may stand for several.
    pub names_are_nodes: bool,
    /// Host and port as gossip named them before.
    pub known: Vec<String>,
    /// For one answer.
    pub deadline: Duration,
}

/// An answer, and the time that it took.
type Answer = (String, Result<(Gossip, Duration), NodeFault>);

impl Survey {
    /// Asks all nodes at once, and those that they name; ends early when the cluster is `enough`.
    /// `None` where no node tells of a cluster.
    pub async fn take(&self, http: &HttpEndpoints, enough: impl Fn(&Cluster) -> bool) -> Option<Cluster> {
        let began = Instant::now();
        let mut asked: Vec<String> = Vec::new();
        let mut asking = FuturesUnordered::new();
        // Of these an answer is awaited, the first one or a newer one.
        let mut awaited: Vec<String> = Vec::new();
        let mut answers: Vec<Answer> = Vec::new();
        let mut again = tokio::time::interval_at(tokio::time::Instant::now() + AGAIN, AGAIN);
        let first = self.named.iter().chain(&self.known);
        let mut next: Vec<String> = first.cloned().collect();
        loop {
            for node in next.drain(..) {
                if !asked.contains(&node) && asked.len() < MOST_NODES {
                    asked.push(node.clone());
                    awaited.push(node.clone());
                    asking.push(ask(http, node, self.deadline));
                }
            }
            if answers.len() == asked.len() {
                break;
            }
            let answer = tokio::select! {
                Some(answer) = asking.next() => answer,
                _ = again.tick() => {
                    let answered = answers.iter().map(|(node, _)| node);
                    for node in answered.filter(|node| !awaited.contains(node)).cloned().collect::<Vec<_>>() {
                        awaited.push(node.clone());
                        asking.push(ask(http, node, self.deadline));
                    }
                    continue;
                }
            };
            awaited.retain(|node| *node != answer.0);
            answers.retain(|(node, _)| *node != answer.0);
            answers.push(answer);
            let mut cluster = self.cluster(&answers);
            cluster.awaits = answers.len() < asked.len() && began.elapsed() < LONG;
            // A node that is cut off from the others says that it leads while another one does.
            let is_confirmed =
                cluster.nodes.len() < 2 || answers.iter().filter(|(_, a)| a.is_ok()).count() > 1;
            if is_confirmed && enough(&cluster) {
                return Some(cluster);
            }
            next = cluster.nodes.iter().map(|node| node.address.to_string()).collect();
        }
        let is_told = answers.iter().any(|(_, answer)| answer.is_ok());
        is_told.then(|| self.cluster(&answers))
    }

    /// By which name a node is called that calls itself so.
    fn name(&self, gossiped: String, answers: &[Answer]) -> String {
        if !self.names_are_nodes {
            return gossiped;
        }
        let calls_itself_so = |gossip: &Gossip| {
            let (Some(ip), Some(port)) = (&gossip.server_ip, gossip.server_port) else { return false };
            address(ip, port) == gossiped
        };
        let named = answers.iter().find(|(node, answer)| {
            self.named.contains(node)
                && answer.as_ref().is_ok_and(|(gossip, _)| {
                    calls_itself_so(gossip) || (gossip.members.len() == 1 && self.named.len() == 1)
                })
        });
        named.map_or(gossiped, |(node, _)| node.clone())
    }

    fn cluster(&self, answers: &[Answer]) -> Cluster {
        let mut nodes: Vec<(ClusterNode, i64)> = Vec::new();
        let told = answers.iter().filter_map(|(node, answer)| Some((node, answer.as_ref().ok()?)));
        for (_, (gossip, _)) in told.clone() {
            for member in gossip.members.iter().filter(|member| is_node(&member.address())) {
                let address = self.name(member.address(), answers);
                let known = nodes.iter().position(|(node, _)| *node.address == *address);
                // Of two accounts of a node the one of the later epoch counts.
                match known {
                    Some(at) if nodes[at].1 >= member.epoch_number => {}
                    Some(at) => nodes[at] = (node_of(member, address), member.epoch_number),
                    None => nodes.push((node_of(member, address), member.epoch_number)),
                }
            }
        }
        for (asked, answer) in answers {
            let own = answer.as_ref().ok().and_then(|(gossip, _)| {
                let itself = address(gossip.server_ip.as_deref()?, gossip.server_port?);
                let member = gossip.members.iter().find(|member| member.address() == itself);
                member.or(gossip.members.first().filter(|_| gossip.members.len() == 1))
            });
            let answer = match answer {
                Ok((_, took)) => Ok(*took),
                Err(fault) => Err(fault.clone()),
            };
            let called = own.map_or_else(|| asked.clone(), |own| self.name(own.address(), answers));
            match (nodes.iter_mut().find(|(node, _)| *node.address == *called), own) {
                // A node knows itself best.
                (Some((node, epoch)), Some(own)) => {
                    *epoch = own.epoch_number;
                    *node = ClusterNode { answer: Some(answer), is_alive: true, ..node_of(own, called) };
                }
                (Some((node, _)), None) => node.answer = Some(answer),
                // With +discover a name that does not answer is no node.
                (None, None) if self.names_are_nodes && answer.is_err() => {
                    nodes.push((unknown(called, answer), 0));
                }
                (None, _) => {}
            }
        }
        let leads = |node: &ClusterNode| node.state == NodeState::Leader;
        let newest = nodes.iter().filter(|(node, _)| leads(node)).map(|(_, epoch)| *epoch).max();
        for (node, _) in nodes.iter_mut().filter(|(node, epoch)| leads(node) && Some(*epoch) < newest) {
            // It did not hear yet that another one was elected.
            node.state = NodeState::Unknown;
        }
        let mut nodes: Vec<_> = nodes.into_iter().map(|(node, _)| node).collect();
        nodes.sort_by(|a, b| a.address.cmp(&b.address));
        Cluster::new(nodes)
    }
}

fn node_of(member: &Member, address: String) -> ClusterNode {
    ClusterNode {
        address: address.into(),
        state: member.state,
        is_alive: member.is_alive,
        checkpoint: u64::try_from(member.writer_checkpoint).unwrap_or(0),
        answer: None,
        since: Instant::now(),
    }
}

fn unknown(address: String, answer: Result<Duration, NodeFault>) -> ClusterNode {
    ClusterNode {
        address: Arc::from(address),
        state: NodeState::Unknown,
        is_alive: false,
        checkpoint: 0,
        answer: Some(answer),
        since: Instant::now(),
    }
}

async fn ask(http: &HttpEndpoints, node: String, deadline: Duration) -> Answer {
    let started = Instant::now();
    let read = tokio::time::timeout(deadline, read(http, &node)).await;
    let answer = read.unwrap_or(Err(NodeFault::Silent)).map(|gossip| (gossip, started.elapsed()));
    (node, answer)
}

async fn read(http: &HttpEndpoints, node: &str) -> Result<Gossip, NodeFault> {
    let mut answer = http.get(node, "/gossip?format=json").await?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|_| NodeFault::NoGossip)? {
        if body.len() + chunk.len() > MOST {
            return Err(NodeFault::NoGossip);
        }
        body.extend_from_slice(&chunk);
    }
    let gossip: Gossip = serde_json::from_slice(&body).map_err(|_| NodeFault::NoGossip)?;
    if gossip.members.is_empty() { Err(NodeFault::NoGossip) } else { Ok(gossip) }
}
