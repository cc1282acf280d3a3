//! Stands before one port of the node, and does to its connections what a network and a dying process do.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream, tcp};
use tokio::sync::watch;
use tokio::time::sleep;

/// Connections that wait to be accepted.
const BACKLOG: u32 = 128;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    Passes,
    /// Nothing listens, and what was open is reset: the process is dead.
    Refuses,
    /// New connections and old ones stay open and silent: the process is stopped, or the cable pulled.
    Hangs,
}

#[derive(Debug, Clone, Copy)]
struct State {
    link: Link,
    /// Counts the cuts; each ends the connections of before.
    cuts: u64,
    /// Of each piece, both ways.
    delay: Duration,
}

/// Passes, refuses or hangs; dropping it ends its connections.
pub struct Proxy {
    pub address: SocketAddr,
    state: watch::Sender<State>,
    /// Bound and not listening: nobody else gets the port while this one refuses.
    _place: TcpSocket,
}

fn socket(at: SocketAddr) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(at)?;
    Ok(socket)
}

impl Proxy {
    pub fn before(server: SocketAddr) -> Self {
        let place = socket("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = place.local_addr().unwrap();
        let state = watch::Sender::new(State { link: Link::Passes, cuts: 0, delay: Duration::ZERO });
        let listener = socket(address).unwrap().listen(BACKLOG).unwrap();
        tokio::spawn(accept(address, listener, server, state.subscribe()));
        Self { address, state, _place: place }
    }

    pub fn set(&self, link: Link) {
        self.state.send_modify(|state| {
            state.cuts += u64::from(link == Link::Refuses);
            state.link = link;
        });
    }

    pub fn delay(&self, delay: Duration) {
        self.state.send_modify(|state| state.delay = delay);
    }
}

async fn accept(
    address: SocketAddr,
    listener: TcpListener,
    server: SocketAddr,
    mut state: watch::Receiver<State>,
) {
    let mut listener = Some(listener);
    loop {
        if state.borrow_and_update().link == Link::Refuses {
            listener = None;
        } else if listener.is_none() {
            listener = Some(socket(address).unwrap().listen(BACKLOG).unwrap());
        }
        let accepted = async {
            match &listener {
                Some(listener) => listener.accept().await.unwrap().0,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            client = accepted => drop(tokio::spawn(carry(client, server, state.clone()))),
            changed = state.changed() => if changed.is_err() { return },
        }
    }
}

/// One connection, until either side ends it or it is cut.
async fn carry(client: TcpStream, server: SocketAddr, state: watch::Receiver<State>) {
    let cuts = state.borrow().cuts;
    client.set_nodelay(true).unwrap();
    let mut cut = state.clone();
    let carried = async {
        let mut passing = state.clone();
        passing.wait_for(|state| state.link == Link::Passes).await.ok()?;
        let server = TcpStream::connect(server).await.ok()?;
        server.set_nodelay(true).unwrap();
        Some(server)
    };
    let is_cut = async |cut: &mut watch::Receiver<State>| {
        drop(cut.wait_for(|state| state.cuts != cuts).await);
    };
    let server = tokio::select! {
        server = carried => server,
        () = is_cut(&mut cut) => None,
    };
    let Some(server) = server else { return reset(&client) };
    let (mut client, mut server) = (client, server);
    {
        let ((from_client, to_client), (from_server, to_server)) = (client.split(), server.split());
        tokio::select! {
            () = pass(from_client, to_server, state.clone()) => {}
            () = pass(from_server, to_client, state.clone()) => {}
            () = is_cut(&mut cut) => {}
        }
    }
    reset(&client);
}

/// Ends the connection as a process that dies does.
fn reset(client: &TcpStream) {
    // Where it fails the connection is gone already.
    drop(socket2::SockRef::from(client).set_linger(Some(Duration::ZERO)));
}

async fn pass(mut from: tcp::ReadHalf<'_>, mut to: tcp::WriteHalf<'_>, mut state: watch::Receiver<State>) {
    let mut buffer = [0; 16 << 10];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let Ok(delay) = state.wait_for(|state| state.link != Link::Hangs).await.map(|state| state.delay)
        else {
            return;
        };
        if !delay.is_zero() {
            sleep(delay).await;
        }
        if to.write_all(&buffer[..count]).await.is_err() {
            return;
        }
    }
}
