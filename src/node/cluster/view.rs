//! What a member believes of the others: one account for all who hear each other, one of its own for each that does not.

use super::role::Role;
use std::{collections::HashMap, net::SocketAddr};

#[derive(Debug, Clone)]
pub struct View {
    pub leader: SocketAddr,
    pub electing: bool,
    /// The leader resigned, and is not elected again yet.
    pub resigned: bool,
    /// Counts the elections.
    pub epoch: u64,
    /// Counts the leaders: the same one elected again is no other.
    pub reign: u64,
    /// Members that the others do not hear, with the role in which they were last.
    pub dead: HashMap<SocketAddr, Role>,
    /// States that members pass through, whatever follows from who leads.
    pub passing: HashMap<SocketAddr, Role>,
}

impl View {
    pub fn of_leader(leader: SocketAddr) -> View {
        View {
            leader,
            electing: false,
            resigned: false,
            epoch: 0,
            reign: 0,
            dead: HashMap::new(),
            passing: HashMap::new(),
        }
    }

    pub fn has_leader(&self) -> bool {
        !self.electing && !self.resigned
    }

    /// What the member knows itself to be.
    pub fn own_role(&self, address: SocketAddr, read_only_replica: bool) -> Role {
        match self.passing.get(&address) {
            Some(role) => *role,
            None if read_only_replica && self.has_leader() => Role::ReadOnlyReplica,
            None if read_only_replica => Role::ReadOnlyLeaderless,
            None if !self.has_leader() => Role::Unknown,
            None if address == self.leader => Role::Leader,
            None => Role::Follower,
        }
    }

    /// What the others take the member for.
    pub fn role(&self, address: SocketAddr, read_only_replica: bool) -> Role {
        self.dead.get(&address).copied().unwrap_or_else(|| self.own_role(address, read_only_replica))
    }
}
