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
    /// Where gossip and refusals send clients: a proxy of a test may stand before the port.
    pub advertised: SocketAddr,
    /// It never leads, and reads on without a leader.
    pub read_only_replica: bool,
    pub is_alive: bool,
}

impl Member {
    pub fn new(address: SocketAddr, read_only_replica: bool) -> Member {
        Member { id: Uuid::new_v4(), address, advertised: address, read_only_replica, is_alive: true }
    }
}

/// What a member is at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Leader,
    Follower,
    ReadOnlyReplica,
    /// A replica while the members elect a leader.
    ReadOnlyLeaderless,
    /// While the members elect a leader.
    Unknown,
}

impl Role {
    /// As gossip over HTTP says it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Leader => "Leader",
            Role::Follower => "Follower",
            Role::ReadOnlyReplica => "ReadOnlyReplica",
            Role::ReadOnlyLeaderless => "ReadOnlyLeaderless",
            Role::Unknown => "Unknown",
        }
    }
}

/// Why a member does not take a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    NotReady,
    NotLeader {
        leader: SocketAddr,
    },
    /// Of a replica that knows no leader.
    NoLeader,
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
        let has_leader = !self.electing && !self.resigned;
        match self.members.iter().find(|member| member.address == address) {
            Some(member) if member.read_only_replica && has_leader => Role::ReadOnlyReplica,
            Some(member) if member.read_only_replica => Role::ReadOnlyLeaderless,
            _ if !has_leader => Role::Unknown,
            _ if address == self.leader => Role::Leader,
            _ => Role::Follower,
        }
    }

    /// The leader's address as clients know it.
    fn advertised_leader(&self) -> SocketAddr {
        let leader = self.members.iter().find(|member| member.address == self.leader);
        leader.map_or(self.leader, |member| member.advertised)
    }

    /// Why a member of this role does not take what only the leader does.
    fn write_refusal(&self, role: Role) -> Option<Refusal> {
        match role {
            Role::Leader => None,
            Role::Unknown => Some(Refusal::NotReady),
            Role::ReadOnlyLeaderless => Some(Refusal::NoLeader),
            Role::Follower | Role::ReadOnlyReplica => {
                Some(Refusal::NotLeader { leader: self.advertised_leader() })
            }
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

    /// As a follower, or as a replica.
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
    pub fn change(&self, address: SocketAddr, change: impl FnOnce(&mut Member)) -> bool {
        let mut state = self.write();
        state.members.iter_mut().find(|member| member.address == address).map(change).is_some()
    }

    /// False where no member that may lead has this address.
    pub fn lead(&self, address: SocketAddr) -> bool {
        let mut state = self.write();
        let known = state.members.iter().any(|m| m.address == address && !m.read_only_replica);
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
        state.write_refusal(state.role(at))
    }

    /// Why the member at this address does not take a gRPC call.
    pub fn refusal(&self, at: SocketAddr, path: &str, headers: &HeaderMap) -> Option<Refusal> {
        let (service, method) = path.trim_start_matches('/').split_once('/')?;
        let state = self.read();
        let role = state.role(at);
        let refuses = match role {
            Role::Unknown => service != GOSSIP,
            Role::Leader | Role::Follower | Role::ReadOnlyReplica | Role::ReadOnlyLeaderless => {
                needs_leader(service, method, headers)
            }
        };
        state.write_refusal(role).filter(|_| refuses)
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
