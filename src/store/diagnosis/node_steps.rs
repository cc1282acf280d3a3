//! From a node's name to its cluster.

use super::advice;
use super::change::Change;
use super::reporter::{Reporter, Taken};
use super::step::{Fact, Finding, Members, StepKind, Warning};
use crate::store::cluster::{ClusterNode, NodePreference, NodeState};
use crate::store::grpc::{HttpEndpoints, Node, Prepared, Protocol, Survey, Trust, connect, resolve};
use crate::store::{Cluster, ConnectionCause, StoreError, TlsCause};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

const GOSSIP_DEADLINE: Duration = Duration::from_secs(2);
/// What is looked at of each node, in this order.
const KINDS: [StepKind; 5] =
    [StepKind::Name, StepKind::Tcp, StepKind::Tls, StepKind::Http2, StepKind::Gossip];

/// What is asked for, and by which certificates.
pub struct Asked {
    /// Host and port of each.
    pub nodes: Vec<String>,
    pub prepared: Prepared,
    pub trust: Trust,
}

/// The steps of one node.
struct NodeSteps<'a> {
    node: &'a str,
    asked: &'a Asked,
    reporter: Reporter,
}

/// The step that failed.
struct Failed(StepKind);

/// Takes them; says whether the node answers a call.
pub async fn take(node: &str, asked: &Asked, reporter: Reporter) -> bool {
    let steps = NodeSteps { node, asked, reporter };
    let Err(Failed(at)) = steps.take().await else { return true };
    for kind in KINDS.into_iter().filter(|kind| *kind > at) {
        steps.reporter.not_reached(kind).await;
    }
    false
}

impl NodeSteps<'_> {
    async fn take(&self) -> Result<(), Failed> {
        let addresses = self.name().await?;
        let Asked { prepared, trust, .. } = self.asked;
        let node = Node { name: self.node, addresses: &addresses, trust, options: &prepared.options };
        self.tcp(node).await?;
        self.protocol(node).await?;
        self.gossip().await;
        Ok(())
    }

    async fn passed(&self, taken: Taken, fact: Fact) {
        self.reporter.found(taken, Finding::Passed(fact)).await;
    }

    async fn failed(&self, taken: Taken, error: StoreError) -> Failed {
        let at = Failed(taken.kind);
        self.reporter.found(taken, Finding::Failed(error)).await;
        at
    }

    /// What helps against a node that is not there, where others are.
    fn without(&self) -> Vec<Change> {
        let node = self.node.to_owned();
        if self.asked.nodes.len() > 1 { vec![Change::LeaveOutNode(node)] } else { Vec::new() }
    }

    async fn name(&self) -> Result<Vec<SocketAddr>, Failed> {
        let started = Instant::now();
        let found = resolve(self.node).await;
        let taken = Taken::after(StepKind::Name, started);
        match found {
            Ok(found) => {
                let addresses = found.iter().map(SocketAddr::ip).collect();
                self.passed(taken, Fact::Addresses(addresses)).await;
                Ok(found)
            }
            Err(cause) => Err(self.failed(taken.offering(self.without()), cause.into()).await),
        }
    }

    async fn tcp(&self, node: Node<'_>) -> Result<(), Failed> {
        let started = Instant::now();
        let connected = connect(node.name, node.addresses).await;
        let taken = Taken::after(StepKind::Tcp, started);
        match connected {
            Ok(_) => {
                self.passed(taken, Fact::Answers).await;
                Ok(())
            }
            Err(cause) => {
                let changes = [advice::for_port(node).await, self.without()].concat();
                Err(self.failed(taken.offering(changes), cause.into()).await)
            }
        }
    }

    async fn protocol(&self, node: Node<'_>) -> Result<(), Failed> {
        let started = Instant::now();
        let Protocol { certificate, doubt, tls, http2 } = node.protocol().await;
        let taken = Taken::after(StepKind::Tls, started).showing(certificate);
        if let Err(cause) = tls {
            let changes = advice::for_tls(node, &cause).await;
            return Err(self.failed(taken.offering(changes), cause.into()).await);
        }
        let (finding, changes) = self.tls(doubt);
        self.reporter.found(taken.offering(changes), finding).await;
        self.http2(node, http2).await
    }

    /// What is in force, and whether it is safe.
    fn tls(&self, doubt: Option<TlsCause>) -> (Finding, Vec<Change>) {
        let Prepared { options, login, .. } = &self.asked.prepared;
        match (options.tls(), login) {
            (false, Some((user, _))) => {
                (Finding::Warned(Warning::PlainPassword { user: user.clone() }), Vec::new())
            }
            (false, None) => (Finding::Passed(Fact::NoTls), Vec::new()),
            (true, _) if options.verifies() => (Finding::Passed(Fact::Trusted), Vec::new()),
            (true, _) => {
                let changes = advice::for_verification(doubt.as_ref());
                (Finding::Warned(Warning::NotVerified(doubt)), changes)
            }
        }
    }

    async fn http2(&self, node: Node<'_>, opened: Result<(), ConnectionCause>) -> Result<(), Failed> {
        let started = Instant::now();
        let called = match opened {
            Ok(()) => node.first_call().await,
            Err(cause) => Err(cause.into()),
        };
        let taken = Taken::after(StepKind::Http2, started);
        match called {
            Ok(version) => {
                self.passed(taken, Fact::Http2 { version }).await;
                Ok(())
            }
            // It answers; whether it can be used, its cluster says.
            Err(StoreError::NotReady) => {
                self.passed(taken, Fact::Http2 { version: None }).await;
                Ok(())
            }
            Err(error) => {
                let changes = advice::for_port(node).await;
                Err(self.failed(taken.offering(changes), error).await)
            }
        }
    }

    async fn gossip(&self) {
        let started = Instant::now();
        let http = HttpEndpoints::new(&self.asked.prepared);
        let survey = Survey {
            named: vec![self.node.to_owned()],
            names_are_nodes: self.asked.prepared.names_are_nodes(),
            known: Vec::new(),
            deadline: GOSSIP_DEADLINE,
        };
        let told = survey.take(&http, |cluster| answering(cluster, self.node).is_some()).await;
        let taken = Taken::after(StepKind::Gossip, started);
        let Some(members) = told.as_ref().and_then(|cluster| members(cluster, self.node)) else {
            return self.reporter.found(taken, Finding::Warned(Warning::NoGossip)).await;
        };
        let (finding, changes) = self.cluster(members);
        self.reporter.found(taken.offering(changes), finding).await;
    }

    /// Whether the node is the one that is asked for.
    fn cluster(&self, members: Members) -> (Finding, Vec<Change>) {
        let prepared = &self.asked.prepared;
        let wants_leader = prepared.options.node_preference() == NodePreference::Leader;
        match &members.leader {
            None => (Finding::Warned(Warning::NoLeader(members)), Vec::new()),
            Some(leader) if members.state != NodeState::Leader && wants_leader && !prepared.is_cluster() => {
                let changes = vec![Change::UseLeader(leader.clone()), Change::Discover];
                (Finding::Warned(Warning::NotLeader(members)), changes)
            }
            Some(_) => (Finding::Passed(Fact::Members(members)), Vec::new()),
        }
    }
}

/// The node that was asked; where its name stands for several, one that answers.
fn answering<'a>(cluster: &'a Cluster, asked: &str) -> Option<&'a ClusterNode> {
    let any = || cluster.nodes.iter().find(|node| node.answers());
    cluster.node(asked).filter(|node| node.answers()).or_else(any)
}

fn members(cluster: &Cluster, asked: &str) -> Option<Members> {
    Some(Members {
        state: answering(cluster, asked)?.state,
        count: cluster.nodes.len(),
        leader: cluster.named_leader().map(|leader| leader.address.to_string()),
    })
}
