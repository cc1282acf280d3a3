//! The nodes of a cluster as they were last asked, and which of them serves which purpose. Pure.

use serde::Deserialize;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// What a node says of itself, by the names of `GET /gossip`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
pub enum NodeState {
    Initializing,
    DiscoverLeader,
    PreReplica,
    CatchingUp,
    Clone,
    Follower,
    PreLeader,
    Leader,
    Manager,
    ShuttingDown,
    Shutdown,
    /// A read-only replica while there is no leader.
    ReadOnlyLeaderless,
    PreReadOnlyReplica,
    ReadOnlyReplica,
    ResigningLeader,
    /// Without a leader, or of a name that this program does not know.
    #[default]
    #[serde(other)]
    Unknown,
}

impl NodeState {
    /// Whether the node answers reads.
    pub fn reads(self) -> bool {
        matches!(self, Self::Leader | Self::Follower | Self::ReadOnlyReplica | Self::ReadOnlyLeaderless)
    }
}

/// Which node a connection string asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NodePreference {
    Leader,
    Follower,
    ReadOnlyReplica,
    Random,
}

impl NodePreference {
    /// Lower is better; `None` where such a node cannot be read.
    pub fn rank(self, state: NodeState) -> Option<u8> {
        let order: [&[NodeState]; 3] = match self {
            Self::Leader => [
                &[NodeState::Leader],
                &[NodeState::ReadOnlyLeaderless],
                // Behind, and there while the leader cannot be reached from here.
                &[NodeState::Follower, NodeState::ReadOnlyReplica],
            ],
            Self::Follower => [
                &[NodeState::Follower],
                &[NodeState::ReadOnlyReplica, NodeState::ReadOnlyLeaderless],
                &[NodeState::Leader],
            ],
            Self::ReadOnlyReplica => [
                &[NodeState::ReadOnlyReplica, NodeState::ReadOnlyLeaderless],
                &[NodeState::Follower],
                &[NodeState::Leader],
            ],
            Self::Random => [
                &[
                    NodeState::Leader,
                    NodeState::Follower,
                    NodeState::ReadOnlyReplica,
                    NodeState::ReadOnlyLeaderless,
                ],
                &[],
                &[],
            ],
        };
        let rank = order.iter().position(|states| states.contains(&state))?;
        u8::try_from(rank).ok()
    }
}

/// Why a node did not tell of its cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NodeFault {
    /// Nothing listens there.
    Refused,
    /// No answer in time.
    Silent,
    /// Something answers, and tells nothing of a cluster.
    NoGossip,
    /// The system's or the library's words.
    Unreachable(String),
}

/// One node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterNode {
    /// Host and port: as it was named by the connection string, else as gossip names it.
    pub address: Arc<str>,
    pub state: NodeState,
    /// By the others' account.
    pub is_alive: bool,
    /// Bytes of its log; 0 where it is not known.
    pub checkpoint: u64,
    /// How long its answer took, or why there was none; `None` before it was asked.
    pub answer: Option<Result<Duration, NodeFault>>,
    /// Since when it is in this state, and answers or does not.
    pub since: Instant,
}

impl ClusterNode {
    /// Whether it answered when it was asked last.
    pub fn answers(&self) -> bool {
        matches!(self.answer, Some(Ok(_)))
    }

    /// What the others say of a node that does not answer makes no difference.
    fn is_as(&self, other: &Self) -> bool {
        let same = self.answers() == other.answers() && self.address == other.address;
        same && (self.state == other.state || !self.answers())
    }
}

/// All nodes, as far as they are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cluster {
    /// By address.
    pub nodes: Vec<ClusterNode>,
    /// Since when no node leads; `None` where one does.
    pub leaderless_since: Option<Instant>,
    /// Some were asked only just now and have not answered.
    pub awaits: bool,
}

impl Cluster {
    pub fn new(nodes: Vec<ClusterNode>) -> Self {
        let leads = |node: &ClusterNode| node.state == NodeState::Leader && node.answers();
        let leaderless_since = (!nodes.iter().any(leads)).then(Instant::now);
        Self { nodes, leaderless_since, awaits: false }
    }

    /// The node that says itself that it leads.
    pub fn leader(&self) -> Option<&ClusterNode> {
        self.nodes.iter().find(|node| node.state == NodeState::Leader && node.answers())
    }

    /// The leader by the others' account, whether it answers here or not.
    pub fn named_leader(&self) -> Option<&ClusterNode> {
        self.leader()
            .or_else(|| self.nodes.iter().find(|node| node.state == NodeState::Leader && node.is_alive))
    }

    /// Whether a node was asked only just now: that it does not answer yet says nothing of it.
    pub fn may_yet_answer(&self, address: &str) -> bool {
        self.awaits && self.node(address).is_none_or(|node| node.answer.is_none())
    }

    pub fn node(&self, address: &str) -> Option<&ClusterNode> {
        self.nodes.iter().find(|node| &*node.address == address)
    }

    /// The node to read; of equals the one that is read already, else the one that `pick` chooses of so many.
    pub fn best(
        &self,
        preference: NodePreference,
        current: Option<&str>,
        pick: impl FnOnce(usize) -> usize,
    ) -> Option<&ClusterNode> {
        let rank = |node: &&ClusterNode| preference.rank(node.state).filter(|_| node.answers());
        let best = self.nodes.iter().filter_map(|node| rank(&node)).min()?;
        let equals: Vec<_> = self.nodes.iter().filter(|node| rank(node) == Some(best)).collect();
        let kept = equals.iter().find(|node| Some(&*node.address) == current);
        kept.or_else(|| equals.get(pick(equals.len()))).copied()
    }

    /// Bytes of the log that the node lacks; `None` where it or the leader does not tell.
    pub fn lag(&self, node: &ClusterNode) -> Option<u64> {
        let leader = self.leader().filter(|leader| leader.checkpoint > 0)?;
        (node.checkpoint > 0).then(|| leader.checkpoint.saturating_sub(node.checkpoint))
    }

    /// The same, where what did not change is as old as it was before.
    #[must_use]
    pub fn after(mut self, before: Option<&Self>) -> Self {
        let Some(before) = before else { return self };
        for node in &mut self.nodes {
            if let Some(same) = before.node(&node.address).filter(|known| known.is_as(node)) {
                node.since = same.since;
            }
        }
        if self.leaderless_since.is_some() {
            self.leaderless_since = before.leaderless_since.or(self.leaderless_since);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(address: &str, state: NodeState, answers: bool) -> ClusterNode {
        let answer = Some(if answers { Ok(Duration::ZERO) } else { Err(NodeFault::Silent) });
        let since = Instant::now();
        ClusterNode { address: address.into(), state, is_alive: true, checkpoint: 1, answer, since }
    }

    fn chosen(
        nodes: &[(&str, NodeState, bool)],
        preference: NodePreference,
        current: Option<&str>,
    ) -> String {
        let nodes = nodes.iter().map(|&(address, state, answers)| node(address, state, answers));
        let cluster = Cluster::new(nodes.collect());
        cluster.best(preference, current, |_| 0).map_or_else(String::new, |node| node.address.to_string())
    }

    #[test]
    fn each_preference_has_its_node_and_keeps_it() {
        use NodeState::{Follower, Leader, ReadOnlyReplica, Unknown};
        let all = [
            ("a", Leader, true),
            ("b", Follower, true),
            ("c", Follower, true),
            ("d", ReadOnlyReplica, true),
            ("e", Unknown, true),
        ];
        assert_eq!(chosen(&all, NodePreference::Leader, Some("c")), "a");
        assert_eq!(chosen(&all, NodePreference::Follower, None), "b");
        assert_eq!(chosen(&all, NodePreference::Follower, Some("c")), "c");
        assert_eq!(chosen(&all, NodePreference::ReadOnlyReplica, Some("a")), "d");
        assert_eq!(chosen(&all, NodePreference::Random, Some("b")), "b");
        assert_eq!(chosen(&all[4..], NodePreference::Random, None), "", "it answers no reads");
    }

    /// A node that is read is left for what it says, or for its silence, and not because others were faster.
    #[test]
    fn what_was_asked_only_just_now_may_yet_answer() {
        use NodeState::{Follower, Leader};
        let mut cluster = Cluster::new(vec![
            node("a", Leader, true),
            node("b", Follower, false),
            ClusterNode { answer: None, ..node("c", Follower, true) },
        ]);
        let may = |cluster: &Cluster| ["a", "b", "c", "d"].map(|address| cluster.may_yet_answer(address));
        assert_eq!(may(&cluster), [false; 4]);
        cluster.awaits = true;
        assert_eq!(may(&cluster), [false, false, true, true]);
    }

    #[test]
    fn a_node_that_does_not_answer_is_not_chosen() {
        use NodeState::{Follower, Leader, ReadOnlyLeaderless};
        let hung = [("a", Leader, false), ("b", Follower, true)];
        assert_eq!(chosen(&hung, NodePreference::Leader, Some("a")), "b");
        let leaderless = [("b", Follower, true), ("d", ReadOnlyLeaderless, true)];
        assert_eq!(chosen(&leaderless, NodePreference::Leader, None), "d");
    }

    #[test]
    fn what_did_not_change_keeps_its_age() {
        let first =
            Cluster::new(vec![node("a", NodeState::Unknown, true), node("b", NodeState::Unknown, true)]);
        let then =
            Cluster::new(vec![node("a", NodeState::Unknown, true), node("b", NodeState::Unknown, false)]);
        let then = then.after(Some(&first));
        assert_eq!(then.leaderless_since, first.leaderless_since);
        assert_eq!(then.nodes[0].since, first.nodes[0].since);
        assert_ne!(then.nodes[1].since, first.nodes[1].since);
        let gone =
            Cluster::new(vec![node("a", NodeState::Leader, true), node("b", NodeState::Follower, false)]);
        let gone = gone.after(Some(&then));
        assert_eq!(gone.nodes[1].since, then.nodes[1].since, "it still does not answer");
        assert_ne!(gone.nodes[0].since, then.nodes[0].since);
    }
}
