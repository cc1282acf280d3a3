//! The members with what they have of the log and what they believe.

use super::{role::Role, view::View};
use crate::node::log::Log;
use std::{collections::HashMap, net::SocketAddr, sync::Arc};
use uuid::Uuid;

/// One port over the log.
#[derive(Debug, Clone)]
pub struct Member {
    pub id: Uuid,
    pub address: SocketAddr,
    /// Where gossip and refusals send clients: a proxy of a test may stand before the port.
    pub advertised: SocketAddr,
    /// It never leads, and reads on without a leader.
    pub read_only_replica: bool,
    /// What it has of the log.
    log: Arc<Log>,
    pub held_back: bool,
}

impl Member {
    pub fn new(address: SocketAddr, read_only_replica: bool, log: Arc<Log>) -> Member {
        let (id, advertised) = (Uuid::new_v4(), address);
        Member { id, address, advertised, read_only_replica, log, held_back: false }
    }
}

/// What one member tells of another, or of itself.
#[derive(Debug)]
pub struct Gossip {
    pub member: Member,
    pub role: Role,
    pub is_alive: bool,
    pub epoch: u64,
    /// The record that its log ends with.
    pub head: u64,
}

#[derive(Debug)]
pub struct State {
    pub members: Vec<Member>,
    /// Of all who hear each other.
    pub view: View,
    /// Of each that does not hear the others.
    pub apart: HashMap<SocketAddr, View>,
}

impl State {
    pub fn view_of(&self, address: SocketAddr) -> &View {
        self.apart.get(&address).unwrap_or(&self.view)
    }

    pub fn member(&self, address: SocketAddr) -> Option<&Member> {
        self.members.iter().find(|member| member.address == address)
    }

    /// What the member at this address knows itself to be.
    pub fn role(&self, address: SocketAddr) -> Role {
        let is_replica = self.member(address).is_some_and(|member| member.read_only_replica);
        self.view_of(address).own_role(address, is_replica)
    }

    /// Where clients find the leader that this member knows.
    pub fn advertised_leader(&self, known_to: SocketAddr) -> SocketAddr {
        let leader = self.view_of(known_to).leader;
        self.member(leader).map_or(leader, |member| member.advertised)
    }

    pub fn gossip(&self, of: &Member, at: SocketAddr) -> Gossip {
        let view = self.view_of(at);
        let head = |member: &Member| member.log.head().position;
        // Who hears nobody knows of no record that it has not.
        let most = self.apart.get(&at).and_then(|_| self.member(at)).map_or(u64::MAX, head);
        let role =
            if of.address == at { Self::role(self, at) } else { view.role(of.address, of.read_only_replica) };
        Gossip {
            role,
            is_alive: of.address == at || !view.dead.contains_key(&of.address),
            epoch: view.epoch.min(self.view_of(of.address).epoch),
            head: head(of).min(most),
            member: of.clone(),
        }
    }

    /// Lets the member's log stand still or go on, as it must.
    pub fn hold_or_release(&self, address: SocketAddr) {
        if let Some(member) = self.member(address) {
            member.log.hold(member.held_back || self.apart.contains_key(&address));
        }
    }
}
