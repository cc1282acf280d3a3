//! The node's ports as members of a cluster: which one leads, and what the others refuse.

use http::HeaderMap;
use std::{
    net::SocketAddr,
    sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};
use uuid::Uuid;

/// One port over the log.
#[derive(Debug, Clone, Copy)]
pub struct Member {
    pub id: Uuid,
    pub address: SocketAddr,
}

/// What a member is at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Leader,
    Follower,
    /// While the members elect a leader.
    Unknown,
}

impl Role {
    /// As gossip over HTTP says it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Leader => "Leader",
            Role::Follower => "Follower",
            Role::Unknown => "Unknown",
        }
    }
}

/// Why a member does not take a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotReady,
    NotLeader { leader: SocketAddr },
}

#[derive(Debug)]
struct State {
    members: Vec<Member>,
    leader: SocketAddr,
    electing: bool,
    /// The leader resigned, and is not elected again yet.
    resigned: bool,
}

impl State {
    fn role(&self, address: SocketAddr) -> Role {
        match address == self.leader {
            _ if self.electing || self.resigned => Role::Unknown,
            true => Role::Leader,
            false => Role::Follower,
        }
    }
}

#[derive(Debug)]
pub struct Cluster(RwLock<State>);

impl Cluster {
    /// Of one member, which leads.
    pub fn of(member: Member) -> Cluster {
        Cluster(RwLock::new(State {
            members: vec![member],
            leader: member.address,
            electing: false,
            resigned: false,
        }))
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, State> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// As a follower.
    pub fn join(&self, member: Member) {
        self.write().members.push(member);
    }

    pub fn elect(&self, electing: bool) {
        self.write().electing = electing;
    }

    pub fn resign(&self, resigned: bool) {
        self.write().resigned = resigned;
    }

    /// False where no member has this address.
    pub fn lead(&self, address: SocketAddr) -> bool {
        let mut state = self.write();
        let known = state.members.iter().any(|m| m.address == address);
        if known {
            state.leader = address;
        }
        known
    }

    pub fn role(&self, address: SocketAddr) -> Role {
        self.read().role(address)
    }

    pub fn members(&self) -> Vec<(Member, Role)> {
        let state = self.read();
        state.members.iter().map(|m| (*m, state.role(m.address))).collect()
    }

    /// Why the member at this address takes no more writes on a call that is open.
    pub fn write_refusal(&self, at: SocketAddr) -> Option<Refusal> {
        let state = self.read();
        match state.role(at) {
            Role::Leader => None,
            Role::Unknown => Some(Refusal::NotReady),
            Role::Follower => Some(Refusal::NotLeader { leader: state.leader }),
        }
    }

    /// Why the member at this address does not take a gRPC call.
    pub fn refusal(&self, at: SocketAddr, path: &str, headers: &HeaderMap) -> Option<Refusal> {
        let (service, method) = path.trim_start_matches('/').split_once('/')?;
        let state = self.read();
        match state.role(at) {
            Role::Leader => None,
            Role::Unknown => (service != GOSSIP).then_some(Refusal::NotReady),
            Role::Follower => {
                needs_leader(service, method, headers).then_some(Refusal::NotLeader { leader: state.leader })
            }
        }
    }
}

const GOSSIP: &str = "event_store.client.gossip.Gossip";
const STREAMS: &str = "event_store.client.streams.Streams";

/// Whether the call writes.
pub fn writes(path: &str) -> bool {
    let method = path.trim_start_matches('/').split_once('/');
    method.is_some_and(|(service, method)| needs_leader(service, method, &HeaderMap::new()))
}

/// Whether only the leader takes the call: writes, and reads that ask for it.
fn needs_leader(service: &str, method: &str, headers: &HeaderMap) -> bool {
    let reads = match service {
        STREAMS => method == "Read",
        "event_store.client.users.Users" => method == "Details",
        _ => return false,
    };
    let asked = headers.get("requires-leader").and_then(|v| v.to_str().ok());
    !reads || asked.is_some_and(|v| v.eq_ignore_ascii_case("true"))
}
