//! What a node is in its cluster.

use crate::store::NodeState;

pub fn node_state(state: NodeState) -> &'static str {
    match state {
        NodeState::Leader => "leader",
        NodeState::Follower => "follower",
        NodeState::ReadOnlyReplica => "read-only replica",
        NodeState::ReadOnlyLeaderless => "read-only replica without a leader",
        NodeState::PreReadOnlyReplica => "read-only replica that starts",
        NodeState::ResigningLeader => "leader that resigns",
        NodeState::PreLeader => "leader that starts",
        NodeState::PreReplica | NodeState::CatchingUp | NodeState::Clone => "follower that catches up",
        NodeState::Initializing | NodeState::DiscoverLeader => "node that starts",
        NodeState::ShuttingDown | NodeState::Shutdown => "node that ends",
        NodeState::Manager => "manager",
        NodeState::Unknown => "node without a leader",
    }
}
