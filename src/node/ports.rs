//! The node as a cluster: more ports over its log, each with a role, and all that befalls them. A node that is served has one.

use super::{
    cluster::{Member, Role},
    log::{commands::Work, write},
    server::Node,
    service::Shared,
};
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, OnceLock},
};
use tokio::net::TcpListener;

/// Where a call names a port by its address, false says that it is none of the node's.
impl Node {
    /// Opens another port of this machine over the same log, which behaves as a follower of the node.
    pub async fn follower(&self) -> io::Result<SocketAddr> {
        self.join(false).await
    }

    /// Opens another port over the same log, which behaves as a read-only replica: it never leads.
    pub async fn replica(&self) -> io::Result<SocketAddr> {
        self.join(true).await
    }

    async fn join(&self, read_only_replica: bool) -> io::Result<SocketAddr> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let place = Arc::new(OnceLock::new());
        write(&self.shared.commands, Work::Follow(place.clone())).await.map_err(io::Error::other)?;
        let log = place.get().cloned().unwrap_or_else(|| self.shared.log.clone());
        self.shared.cluster.join(Member::new(address, read_only_replica, log.clone()));
        self.serve(listener, Shared { log, address, ..self.shared.clone() });
        Ok(address)
    }

    /// Gossip and refusals name another address for a port, as that of a proxy before it.
    pub fn advertise(&self, address: SocketAddr, advertised: SocketAddr) -> bool {
        self.shared.cluster.advertise(address, advertised)
    }

    /// Gossip of the other ports says whether this one is alive, whatever it answers; one that is not keeps its last role.
    pub fn set_alive(&self, address: SocketAddr, is_alive: bool) -> bool {
        self.shared.cluster.set_alive(address, is_alive)
    }

    /// While electing, every port answers gRPC calls but gossip with UNAVAILABLE; running subscriptions go on.
    pub fn elect(&self, electing: bool) {
        self.shared.cluster.elect(electing);
    }

    /// Makes the port with this address the leader and all others followers; false for a replica and for one that is cut off, too.
    pub fn lead(&self, address: SocketAddr) -> bool {
        self.shared.cluster.lead(address)
    }

    /// The port is in this state whatever follows from who leads; `None` ends it.
    pub fn enter(&self, address: SocketAddr, state: Option<Role>) -> bool {
        self.shared.cluster.enter(address, state)
    }

    /// The port stays behind: it reads, follows and tells of nothing that comes until it is released. False for the leader, too.
    pub fn hold_back(&self, address: SocketAddr, held_back: bool) -> bool {
        self.shared.cluster.hold_back(address, held_back)
    }

    /// The port hears the others no more: it stays behind and believes what it believed last. A leader goes on accepting writes,
    /// which wait for the others: they are written when those come back to it, unless another led meanwhile, whatever was
    /// answered.
    pub fn cut_off(&self, address: SocketAddr, cut_off: bool) -> bool {
        self.shared.cluster.cut_off(address, cut_off)
    }

    /// The port that is cut off notices it: it knows of no leader and of nobody alive. False for one that is not cut off, too.
    pub fn give_up(&self, address: SocketAddr) -> bool {
        self.shared.cluster.give_up(address)
    }
}
