//! What the nodes of a cluster are and do.

use super::{Since, span};
use crate::store::{Cluster, ClusterNode, NodeFault, NodeState};
use std::time::Duration;

/// What a window does with a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct NodeUse {
    pub is_read: bool,
    pub is_written: bool,
    /// Of the connection to it.
    pub latency: Option<Duration>,
}

/// The role that a node has for its clients; `None` while it has none.
pub fn node_role(state: NodeState) -> Option<&'static str> {
    match state {
        NodeState::Leader | NodeState::ResigningLeader => Some("leader"),
        NodeState::Follower => Some("follower"),
        NodeState::ReadOnlyReplica | NodeState::ReadOnlyLeaderless | NodeState::PreReadOnlyReplica => {
            Some("read-only replica")
        }
        NodeState::Clone => Some("clone"),
        NodeState::Manager => Some("manager"),
        NodeState::Initializing
        | NodeState::DiscoverLeader
        | NodeState::PreReplica
        | NodeState::CatchingUp
        | NodeState::PreLeader
        | NodeState::ShuttingDown
        | NodeState::Shutdown
        | NodeState::Unknown => None,
    }
}

/// `leader of 3`; nothing of a node that is alone.
pub fn role_among(state: Option<NodeState>, nodes: usize) -> Option<String> {
    let role = state.and_then(node_role).unwrap_or("one");
    (nodes > 1).then(|| format!("{role} of {nodes}"))
}

/// That nobody leads, or that who leads does not answer here.
pub fn leaderless(cluster: Option<&Cluster>, age: Option<Duration>) -> String {
    let since = age.map_or_else(String::new, |age| format!(" since {}", span(age)));
    match cluster.and_then(Cluster::named_leader) {
        Some(leader) => format!("The leader {} does not answer{since}", leader.address),
        None => format!("No leader{since}"),
    }
}

/// What a node does, as a part of a line.
pub fn node_activity(node: &ClusterNode, lag: Option<u64>, used: NodeUse, since: &Since) -> String {
    match &node.answer {
        Some(Ok(took)) => answering(node, *took, lag, used, since),
        Some(Err(fault)) => node_fault(fault, since),
        None if node.is_alive => "not asked yet; the others say that it is there".to_owned(),
        None => format!("gone since {since}, by the others' account"),
    }
}

fn node_fault(fault: &NodeFault, since: &Since) -> String {
    match fault {
        NodeFault::Refused => format!("refuses connections since {since}"),
        NodeFault::Silent => format!("does not answer since {since}"),
        NodeFault::NoGossip => format!("answers, and tells nothing of a cluster since {since}"),
        NodeFault::Unreachable(why) => format!("cannot be reached since {since}: {why}"),
    }
}

fn answering(node: &ClusterNode, took: Duration, lag: Option<u64>, used: NodeUse, since: &Since) -> String {
    let here = match (used.is_read, used.is_written) {
        (true, true) => Some("reading and writing here".to_owned()),
        (true, false) => Some("reading here".to_owned()),
        (false, true) => Some("writing goes here".to_owned()),
        (false, false) => None,
    };
    let latency = used.latency.map(millis);
    let parts: Vec<String> = here.into_iter().chain(latency).chain(doing(node, lag, since)).collect();
    if parts.is_empty() { format!("answers in {}", millis(took)) } else { parts.join(", ") }
}

fn millis(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1000.0)
}

/// What it does for the cluster, where that is worth a word.
fn doing(node: &ClusterNode, lag: Option<u64>, since: &Since) -> Option<String> {
    let behind = || match lag? {
        0 => Some("in step with the leader".to_owned()),
        lag => Some(format!("{} behind the leader", bytes(lag))),
    };
    let doing = match node.state {
        NodeState::Leader => return None,
        NodeState::Follower | NodeState::ReadOnlyReplica => return behind(),
        NodeState::Initializing => "starts",
        NodeState::DiscoverLeader => "looks for the leader",
        NodeState::PreReplica | NodeState::PreReadOnlyReplica => "joins the leader",
        NodeState::CatchingUp => {
            let lag = behind().map_or_else(String::new, |lag| format!(", {lag}"));
            return Some(format!("catches up since {since}{lag}"));
        }
        NodeState::Clone => "stands by in place of a follower",
        NodeState::PreLeader => "becomes the leader",
        NodeState::Manager => "manages, and holds no events",
        NodeState::ShuttingDown => "shuts down",
        NodeState::Shutdown => "is shut down",
        NodeState::ReadOnlyLeaderless => "has no leader to follow",
        NodeState::ResigningLeader => "resigns as the leader",
        NodeState::Unknown => "elects a leader",
    };
    Some(format!("{doing} since {since}"))
}

/// `512 B`, `1.2 MiB`.
fn bytes(count: u64) -> String {
    const UNITS: [&str; 6] = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];
    let power = count.checked_ilog2().unwrap_or(0) / 10;
    let unit = usize::try_from(power).ok().and_then(|power| UNITS.get(power.checked_sub(1)?));
    let Some(unit) = unit else { return format!("{count} B") };
    let tenths = (u128::from(count) * 10) >> (10 * power);
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    fn node(state: NodeState, answer: Option<Result<Duration, NodeFault>>) -> ClusterNode {
        let address = "eventstore-1:2113".into();
        ClusterNode { address, state, is_alive: true, checkpoint: 1, answer, since: Instant::now() }
    }

    fn said(node: &ClusterNode, lag: Option<u64>, used: NodeUse) -> String {
        let since = Since { clock: "14:02:11".to_owned(), age: Duration::from_secs(200) };
        node_activity(node, lag, used, &since)
    }

    #[test]
    fn each_node_says_what_it_does_here_and_how_far_it_is() {
        let took = Duration::from_micros(940);
        let leader = node(NodeState::Leader, Some(Ok(took)));
        let both = NodeUse { is_read: true, is_written: true, latency: Some(took) };
        assert_eq!(said(&leader, Some(0), both), "reading and writing here, 0.9 ms");
        let written = NodeUse { is_written: true, ..NodeUse::default() };
        assert_eq!(said(&leader, Some(0), written), "writing goes here");
        assert_eq!(said(&leader, Some(0), NodeUse::default()), "answers in 0.9 ms");
        let follower = node(NodeState::Follower, Some(Ok(took)));
        let read = NodeUse { is_written: false, ..both };
        assert_eq!(said(&follower, Some(0), NodeUse::default()), "in step with the leader");
        assert_eq!(said(&follower, Some(1_300_000), NodeUse::default()), "1.2 MiB behind the leader");
        assert_eq!(said(&follower, Some(512), read), "reading here, 0.9 ms, 512 B behind the leader");
        assert_eq!(said(&follower, None, NodeUse::default()), "answers in 0.9 ms");
        let electing = node(NodeState::Unknown, Some(Ok(took)));
        assert_eq!(said(&electing, None, NodeUse::default()), "elects a leader since 14:02:11 (3 m 20 s)");
    }

    #[test]
    fn a_node_that_does_not_answer_says_since_when_and_how() {
        let fault = |fault| said(&node(NodeState::Follower, Some(Err(fault))), None, NodeUse::default());
        assert_eq!(fault(NodeFault::Refused), "refuses connections since 14:02:11 (3 m 20 s)");
        assert_eq!(fault(NodeFault::Silent), "does not answer since 14:02:11 (3 m 20 s)");
        let gone = ClusterNode { is_alive: false, ..node(NodeState::Follower, None) };
        assert_eq!(
            said(&gone, None, NodeUse::default()),
            "gone since 14:02:11 (3 m 20 s), by the others' account"
        );
    }

    #[test]
    fn a_role_is_told_among_several_nodes_only() {
        assert_eq!(role_among(Some(NodeState::Leader), 3).as_deref(), Some("leader of 3"));
        assert_eq!(
            role_among(Some(NodeState::ReadOnlyReplica), 4).as_deref(),
            Some("read-only replica of 4")
        );
        assert_eq!(role_among(None, 3).as_deref(), Some("one of 3"));
        assert_eq!(role_among(Some(NodeState::Leader), 1), None);
        assert_eq!(leaderless(None, None), "No leader");
        assert_eq!(leaderless(None, Some(Duration::from_secs(12))), "No leader since 12 s");
    }

    #[test]
    fn bytes_and_spans_read_well() {
        let found: Vec<_> = [0, 1023, 1024, 1 << 20, u64::MAX].map(bytes).into();
        assert_eq!(found, ["0 B", "1023 B", "1.0 KiB", "1.0 MiB", "15.9 EiB"]);
        let spans: Vec<_> = [0, 59, 200, 7_440, 190_800].map(|s| span(Duration::from_secs(s))).into();
        assert_eq!(spans, ["0 s", "59 s", "3 m 20 s", "2 h 4 m", "2 d 5 h"]);
    }
}
