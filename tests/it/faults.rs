//! The connection is cut at every byte of an append: what was said of it is what the stream holds.

use crate::run;
use futures::{StreamExt, stream};
use hindsight::decision::{Append, Expected, Proposed};
use hindsight::node::{Config, Node};
use hindsight::record::StreamName;
use hindsight::store::{AppendError, Permit, Session};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, tcp};
use tokio::sync::watch;
use uuid::Uuid;

/// Which way the bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    ToServer,
    ToClient,
}

/// What a proxy counts and when it cuts; once it has cut, new connections pass whole.
#[derive(Debug, Default)]
struct Meter {
    armed: bool,
    passed: [usize; 2],
    cut_at: Option<(usize, usize)>,
}

/// Passes bytes on until the count of one way is reached, then closes every connection there is.
#[derive(Clone)]
pub struct Proxy {
    pub address: SocketAddr,
    meter: Arc<Mutex<Meter>>,
    cut: watch::Sender<u64>,
}

impl Proxy {
    pub async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let proxy = Self { address, meter: Arc::default(), cut: watch::Sender::new(0) };
        let accepting = proxy.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(server).await else { return };
                client.set_nodelay(true).unwrap();
                server.set_nodelay(true).unwrap();
                let ((from_client, to_client), (from_server, to_server)) =
                    (client.into_split(), server.into_split());
                tokio::spawn(accepting.clone().pass(from_client, to_server, Way::ToServer));
                tokio::spawn(accepting.clone().pass(from_server, to_client, Way::ToClient));
            }
        });
        proxy
    }

    async fn pass(self, mut from: tcp::OwnedReadHalf, mut to: tcp::OwnedWriteHalf, way: Way) {
        let mut cut = self.cut.subscribe();
        let mut buffer = [0; 4096];
        loop {
            let read = tokio::select! {
                read = from.read(&mut buffer) => read,
                _ = cut.changed() => return,
            };
            let Ok(count @ 1..) = read else { return };
            let (pass, ends) = self.count(way, count);
            if to.write_all(&buffer[..pass]).await.is_err() {
                return;
            }
            if ends {
                self.cut.send_modify(|times| *times += 1);
                return;
            }
        }
    }

    /// How many of the bytes may pass, and whether the cut is now.
    fn count(&self, way: Way, bytes: usize) -> (usize, bool) {
        let mut meter = self.meter.lock().unwrap();
        if !meter.armed {
            return (bytes, false);
        }
        let passed = meter.passed[way as usize];
        match meter.cut_at {
            Some((of, at)) if of == way as usize && passed + bytes > at => {
                *meter = Meter::default();
                (at - passed, true)
            }
            _ => {
                meter.passed[way as usize] += bytes;
                (bytes, false)
            }
        }
    }

    /// Counts from here on.
    pub fn arm(&self, cut_at: Option<(Way, usize)>) {
        let cut_at = cut_at.map(|(way, at)| (way as usize, at));
        *self.meter.lock().unwrap() = Meter { armed: true, passed: [0; 2], cut_at };
    }

    pub fn passed(&self) -> [usize; 2] {
        self.meter.lock().unwrap().passed
    }

    pub async fn session(&self) -> Session {
        Session::connect(&format!("esdb://{}?tls=false", self.address)).await.unwrap()
    }
}

pub fn created(id: &str, expected: Expected) -> Append {
    let data = format!(r#"{{"OrderID":"{id}","UserID":"u","Total":99.90}}"#);
    let event = Proposed {
        id: Uuid::new_v4(),
        event_type: "OrderCreated".into(),
        data: data.as_bytes().into(),
        metadata: br#"{"who":"a test"}"#.as_slice().into(),
    };
    Append { stream: StreamName::new(&format!("order-{id}")), expected, events: vec![event] }
}

pub async fn ids_in(session: &Session, stream: &StreamName) -> Vec<Uuid> {
    let mut ids = Vec::new();
    session.read(stream, |records| ids.extend(records.iter().map(|record| record.id))).await.unwrap();
    ids
}

/// One append with the connection cut there; what was said against what the stream holds.
async fn cut(straight: &Session, node: SocketAddr, way: Way, at: usize, expected: Expected) {
    let proxy = Proxy::before(node).await;
    let session = proxy.session().await;
    let append = created(&format!("{way:?}-{at}-{}", expected == Expected::Any), expected);
    proxy.arm(Some((way, at)));
    let said = session.writer().append(&append, Permit::NotProduction).await;
    let there = ids_in(straight, &append.stream).await;
    let case = format!("cut {way:?} at {at}, expecting {expected}: {said:?}, there: {there:?}");
    match &said {
        Ok(written) => {
            assert_eq!(there, [append.events[0].id], "{case}");
            assert_eq!(written.revision.0, 0, "{case}");
        }
        // An answer that was lost proves nothing, whatever the stream holds just now.
        Err(AppendError::Unknown(_)) => {
            assert_eq!(expected, Expected::Any, "the same ids are sent again: {case}");
        }
        Err(AppendError::Failed(_)) => assert!(there.is_empty(), "{case}"),
        Err(other) => panic!("{other:?}: {case}"),
    }
    // The person tries again: the same event id.
    let again = straight.writer().append_again(&append, Permit::NotProduction).await;
    assert!(again.is_ok(), "{case}, then {again:?}");
    assert_eq!(ids_in(straight, &append.stream).await, [append.events[0].id], "{case}");
}

#[test]
fn a_write_cut_at_any_byte_is_neither_doubled_nor_lost_nor_misreported() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let proxy = Proxy::before(node.address()).await;
        let session = proxy.session().await;
        proxy.arm(None);
        session.writer().append(&created("whole", Expected::NoStream), Permit::NotProduction).await.unwrap();
        let whole = proxy.passed();
        assert!(whole.iter().all(|&bytes| bytes > 20), "{whole:?}");
        let mut cases = Vec::new();
        for (way, bytes) in [(Way::ToServer, whole[0]), (Way::ToClient, whole[1])] {
            cases.extend((0..bytes).map(|at| (way, at, Expected::NoStream)));
            cases.extend((0..bytes).step_by(29).map(|at| (way, at, Expected::Any)));
        }
        let address = node.address();
        let straight = Session::connect(&node.connection_string()).await.unwrap();
        let straight = &straight;
        stream::iter(cases)
            .for_each_concurrent(48, |(way, at, expected)| cut(straight, address, way, at, expected))
            .await;
    });
}
