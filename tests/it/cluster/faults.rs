//! A script as it befalls the nodes: each fault with its notice, its election and its end.

use super::nodes::{Nodes, VOTERS};
use super::proxy::Link;
use super::script::{Fault, Step};
use hindsight::node::Role;
use std::time::{Duration, Instant};
use tokio::sync::watch;
use tokio::time::sleep;
use uuid::Uuid;

/// The stream that windows have open.
pub const MARKERS: &str = "order-marker";
/// A member on its way passes through a state for so long.
const PASSING: Duration = Duration::from_millis(60);

/// From when on a leader exists that clients reach.
#[derive(Debug, Clone, Copy)]
pub struct Reign {
    pub fault: Fault,
    pub since: Instant,
    /// What the leader wrote then.
    pub marker: Uuid,
    /// Whether the next fault waited for the window.
    pub is_measured: bool,
}

pub struct Fate<'a> {
    nodes: &'a Nodes,
    leader: usize,
    pub reigns: Vec<Reign>,
    /// Tells of each.
    pub count: watch::Sender<usize>,
}

impl<'a> Fate<'a> {
    pub fn of(nodes: &'a Nodes) -> Self {
        Self { nodes, leader: 0, reigns: Vec::new(), count: watch::Sender::new(0) }
    }

    /// A member that may lead and does not.
    fn follower(&self, choice: usize) -> usize {
        (self.leader + 1 + choice) % VOTERS
    }

    pub async fn befall(&mut self, step: &Step) {
        sleep(step.after).await;
        let (old, follower) = (self.leader, self.follower(step.choice));
        match step.fault {
            Fault::KillLeader => {
                self.nodes.kill(old);
                self.succeed(step, follower, true).await;
                sleep(step.lasts).await;
                self.start(old).await;
            }
            Fault::HangLeader => {
                self.nodes.hang(old);
                self.succeed(step, follower, true).await;
                sleep(step.lasts).await;
                // What was on its way comes in, and it does not know yet.
                self.nodes.ports[old].proxy.set(Link::Passes);
                sleep(step.notice).await;
                self.start(old).await;
            }
            Fault::Resign => {
                self.nodes.enter(old, Some(Role::ResigningLeader));
                sleep(PASSING).await;
                self.nodes.node.elect(true);
                self.nodes.enter(old, None);
                self.elected(step, follower).await;
            }
            Fault::CutOffLeader => {
                self.nodes.cut_off(old);
                self.succeed(step, follower, true).await;
                sleep(step.lasts).await;
                self.nodes.give_up(old);
                sleep(step.notice).await;
                self.start(old).await;
            }
            Fault::CutOffBriefly => {
                self.nodes.cut_off(old);
                sleep(step.lasts).await;
                self.nodes.restore(old);
                self.reigns(step, old).await;
            }
            Fault::CutOffFollower => {
                self.nodes.cut_off(follower);
                sleep(step.notice).await;
                self.nodes.miss(follower);
                sleep(step.lasts / 2).await;
                self.nodes.give_up(follower);
                sleep(step.lasts / 2).await;
                self.start(follower).await;
            }
            Fault::LoseQuorum => self.lose_quorum(step, old, follower).await,
            Fault::Lag => {
                self.nodes.hold_back(follower, true);
                sleep(step.lasts).await;
                self.nodes.hold_back(follower, false);
            }
            Fault::RestartAll => self.restart_all(step, follower).await,
            Fault::SlowNetwork => {
                self.nodes.ports.iter().for_each(|port| port.proxy.delay(step.notice / 2));
                sleep(step.lasts).await;
                self.nodes.ports.iter().for_each(|port| port.proxy.delay(Duration::ZERO));
            }
            Fault::HangFollower => {
                self.nodes.ports[follower].proxy.set(Link::Hangs);
                sleep(step.lasts).await;
                self.nodes.ports[follower].proxy.set(Link::Passes);
            }
            Fault::HideLeader => {
                let link = if step.patient { Link::Refuses } else { Link::Hangs };
                self.nodes.ports[old].proxy.set(link);
                sleep(step.lasts).await;
                self.nodes.ports[old].proxy.set(Link::Passes);
                self.reigns(step, old).await;
            }
        }
    }

    /// The others notice that the old leader is gone, and elect.
    async fn succeed(&mut self, step: &Step, next: usize, notice: bool) {
        if notice {
            sleep(step.notice).await;
            self.nodes.miss(self.leader);
        }
        self.nodes.node.elect(true);
        self.elected(step, next).await;
    }

    async fn elected(&mut self, step: &Step, next: usize) {
        sleep(step.election).await;
        self.nodes.enter(next, Some(Role::PreLeader));
        sleep(PASSING).await;
        self.nodes.enter(next, None);
        self.nodes.lead(next);
        self.leader = next;
        self.reigns(step, next).await;
    }

    async fn reigns(&mut self, step: &Step, leader: usize) {
        let (since, marker) = (Instant::now(), Uuid::new_v4());
        self.reigns.push(Reign { fault: step.fault, since, marker, is_measured: step.patient });
        self.count.send_replace(self.reigns.len());
        self.nodes.write(leader, marker, MARKERS, "OrderNoted", r#"{"OrderID":"marker"}"#).await;
    }

    /// A process starts, and catches up with what it missed.
    async fn start(&self, port: usize) {
        self.nodes.enter(port, Some(Role::Initializing));
        self.nodes.ports[port].proxy.set(Link::Passes);
        sleep(PASSING).await;
        self.nodes.hold_back(port, true);
        self.nodes.node.cut_off(self.nodes.ports[port].address, false);
        self.nodes.enter(port, Some(Role::CatchingUp));
        sleep(PASSING).await;
        self.nodes.restore(port);
    }

    async fn lose_quorum(&mut self, step: &Step, old: usize, follower: usize) {
        let other = (0..VOTERS).find(|port| ![old, follower].contains(port)).unwrap();
        self.nodes.kill(follower);
        self.nodes.kill(other);
        self.nodes.cut_off(old);
        sleep(step.notice).await;
        self.nodes.miss(follower);
        self.nodes.miss(other);
        self.nodes.give_up(old);
        self.nodes.node.elect(true);
        sleep(step.lasts).await;
        self.nodes.restore(old);
        self.nodes.restore(follower);
        // Either of the two, and what the old one accepted may be written after all.
        let next = if step.patient { old } else { follower };
        self.elected(step, next).await;
        self.start(other).await;
    }

    async fn restart_all(&mut self, step: &Step, next: usize) {
        self.nodes.node.elect(true);
        let ports = 0..self.nodes.ports.len();
        for port in ports.clone() {
            self.nodes.ports[port].proxy.set(Link::Refuses);
        }
        sleep(step.lasts).await;
        for port in ports.clone() {
            self.nodes.enter(port, Some(Role::Initializing));
            self.nodes.ports[port].proxy.set(Link::Passes);
            sleep(PASSING).await;
        }
        for port in ports {
            self.nodes.enter(port, None);
        }
        self.elected(step, next).await;
    }

    /// Everything is as it should be.
    pub fn heal(&self) {
        for port in 0..self.nodes.ports.len() {
            self.nodes.restore(port);
        }
        self.nodes.lead(self.leader);
    }
}
