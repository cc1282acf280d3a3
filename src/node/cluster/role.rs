//! The states of a member, and what it answers in each.

use std::net::SocketAddr;

/// What a member is at the moment, by the real server's names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    Initializing,
    /// Started, and looking for who leads.
    DiscoverLeader,
    /// While the members elect a leader.
    Unknown,
    PreReplica,
    CatchingUp,
    Clone,
    Follower,
    PreLeader,
    Leader,
    ResigningLeader,
    ReadOnlyReplica,
    /// A replica while the members elect a leader.
    ReadOnlyLeaderless,
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

/// What a call needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Any member answers, whatever it is.
    Nothing,
    /// A member that reads.
    Reader,
    /// A read that only the leader answers.
    LeadingReader,
    /// A member that writes.
    Writer,
}

impl Role {
    /// As gossip over HTTP says it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Initializing => "Initializing",
            Role::DiscoverLeader => "DiscoverLeader",
            Role::Unknown => "Unknown",
            Role::PreReplica => "PreReplica",
            Role::CatchingUp => "CatchingUp",
            Role::Clone => "Clone",
            Role::Follower => "Follower",
            Role::PreLeader => "PreLeader",
            Role::Leader => "Leader",
            Role::ResigningLeader => "ResigningLeader",
            Role::ReadOnlyReplica => "ReadOnlyReplica",
            Role::ReadOnlyLeaderless => "ReadOnlyLeaderless",
        }
    }

    /// Why a member of this role does not take such a call; `leader` is where clients find the leader.
    pub fn refusal(self, need: Need, leader: SocketAddr) -> Option<Refusal> {
        use Role::{
            DiscoverLeader, Initializing, Leader, PreLeader, ReadOnlyLeaderless, ResigningLeader, Unknown,
        };
        match (self, need) {
            (_, Need::Nothing) | (Leader, _) => None,
            (Initializing | DiscoverLeader | Unknown, _) | (PreLeader | ResigningLeader, Need::Writer) => {
                Some(Refusal::NotReady)
            }
            (PreLeader | ResigningLeader, _) | (_, Need::Reader) => None,
            (ReadOnlyLeaderless, _) => Some(Refusal::NoLeader),
            _ => Some(Refusal::NotLeader { leader }),
        }
    }
}
