//! No call waits for a delayed ACK: the client's sockets to the server have `TCP_NODELAY`, and no other socket is changed.
#![cfg(target_os = "linux")]

use crate::run;
use hindsight::node::{Config, Node};
use hindsight::store::Session;
use rustix::process::{PidfdFlags, PidfdGetfdFlags, getpid, pidfd_getfd, pidfd_open};
use std::net::SocketAddr;
use std::os::fd::AsFd;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// `TCP_NODELAY` of each socket of this process that leads to the address.
fn nodelay(to: SocketAddr) -> Vec<bool> {
    let process = pidfd_open(getpid(), PidfdFlags::empty()).unwrap();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc/self/fd").unwrap().flatten() {
        let is_socket =
            std::fs::read_link(entry.path()).is_ok_and(|to| to.to_string_lossy().starts_with("socket:"));
        let number = entry.file_name().to_str().unwrap().parse().unwrap();
        if !is_socket {
            continue;
        }
        let Ok(duplicate) = pidfd_getfd(process.as_fd(), number, PidfdGetfdFlags::empty()) else { continue };
        let socket = socket2::SockRef::from(&duplicate);
        if socket.peer_addr().ok().and_then(|peer| peer.as_socket()) == Some(to) {
            found.push(socket.tcp_nodelay().unwrap());
        }
    }
    found
}

/// Carries bytes between a client and the node, as a server that acknowledges when it likes.
struct Proxy {
    address: SocketAddr,
    /// Counts the cuts; each ends the connections of before.
    cuts: watch::Sender<u32>,
}

impl Proxy {
    async fn before(node: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let cuts = watch::Sender::new(0);
        let cut = cuts.clone();
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut cut = cut.subscribe();
                tokio::spawn(async move {
                    let mut server = TcpStream::connect(node).await.unwrap();
                    tokio::select! {
                        _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                        _ = cut.changed() => {}
                    }
                });
            }
        });
        Self { address, cuts }
    }

    fn url(&self) -> String {
        format!("esdb://{}?tls=false", self.address)
    }
}

#[test]
fn the_sockets_to_the_server_have_nodelay_and_no_other_socket_is_changed() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let proxy = Proxy::before(node.address()).await;
        let other = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let beside = TcpStream::connect(other.local_addr().unwrap()).await.unwrap();
        let before = eventstore::Client::new(proxy.url().parse().unwrap()).unwrap();
        before.server_info().await.unwrap();
        assert_eq!(nodelay(proxy.address), [false], "the client leaves Nagle's algorithm on");
        let session = Session::connect(proxy.url()).await.unwrap();
        session.reach().await.unwrap();
        let all = nodelay(proxy.address);
        assert!(all.len() >= 2 && !all.contains(&false), "{all:?}");
        assert!(!beside.nodelay().unwrap(), "a socket to another server is left alone");
    });
}

#[test]
fn a_connection_that_the_client_made_again_has_nodelay_too() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let proxy = Proxy::before(node.address()).await;
        let session = Session::connect(proxy.url()).await.unwrap();
        assert!(!nodelay(proxy.address).contains(&false));
        proxy.cuts.send_modify(|cuts| *cuts += 1);
        while !nodelay(proxy.address).is_empty() {
            tokio::task::yield_now().await;
        }
        // The client dials with a call; one of the calls of the next second looks at its socket.
        loop {
            session.reach().await.unwrap();
            let all = nodelay(proxy.address);
            if !all.is_empty() && !all.contains(&false) {
                break;
            }
        }
    });
}

#[test]
fn the_member_of_a_cluster_that_the_client_chose_has_nodelay() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let follower = node.follower().await.unwrap();
        let url = format!("esdb+discover://{follower}?tls=false");
        let session = Session::connect(url).await.unwrap();
        while nodelay(node.address()).is_empty() || nodelay(node.address()).contains(&false) {
            session.reach().await.unwrap();
        }
    });
}

#[test]
fn the_leader_that_a_follower_points_to_has_nodelay() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let follower = node.follower().await.unwrap();
        let session = Session::connect(format!("esdb://{follower}?tls=false")).await.unwrap();
        session.reach().await.unwrap();
        let all = nodelay(node.address());
        assert!(!all.is_empty() && !all.contains(&false), "{all:?}");
    });
}
