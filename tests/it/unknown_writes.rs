//! A write whose answer is lost: its fate is told truly, its ids are kept, and it is looked for until it is known.

use crate::cli::{program, text};
use crate::run;
use crate::store::{Watcher, created, paid};
use crate::window::Window;
use egui_kittest::kittest::{NodeT, Queryable};
use hindsight::node::{Config, Node};
use hindsight::record::StreamName;
use hindsight::store::{AppendError, Permit, Session, StoreError, Ticket};
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, tcp};
use tokio::sync::watch;

/// Where the request is when the connection breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// It reached the server, its answer did not come back.
    Answer,
    /// It never reached the server.
    Request,
}

/// Breaks every connection when a request with this text passes, and is down until it is told otherwise.
#[derive(Clone)]
pub struct Trap {
    pub address: SocketAddr,
    set: Arc<Mutex<Option<(Lost, &'static str)>>>,
    down: watch::Sender<bool>,
    frozen: watch::Sender<bool>,
    /// The next answer does not pass.
    swallows: Arc<AtomicBool>,
}

/// Bytes of the frames that a server sends before an answer: settings, pings and windows.
const CONTROL: usize = 40;

impl Trap {
    pub async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let trap = Self {
            address,
            set: Arc::default(),
            down: watch::Sender::new(false),
            frozen: watch::Sender::new(false),
            swallows: Arc::default(),
        };
        let accepting = trap.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *accepting.down.borrow() {
                    continue;
                }
                let Ok(server) = TcpStream::connect(server).await else { return };
                let ((from_client, to_client), (from_server, to_server)) =
                    (client.into_split(), server.into_split());
                tokio::spawn(accepting.clone().pass(from_client, to_server, true));
                tokio::spawn(accepting.clone().pass(from_server, to_client, false));
            }
        });
        trap
    }

    async fn pass(self, mut from: tcp::OwnedReadHalf, mut to: tcp::OwnedWriteHalf, requests: bool) {
        let mut down = self.down.subscribe();
        let mut buffer = [0; 16 << 10];
        loop {
            let read = tokio::select! {
                read = from.read(&mut buffer) => read,
                _ = down.wait_for(|down| *down) => return,
            };
            let Ok(count @ 1..) = read else { return };
            let passing = &buffer[..count];
            drop(self.frozen.subscribe().wait_for(|frozen| !*frozen).await);
            match self.sprung(passing).filter(|_| requests) {
                // The rest of the request may come in further packets: they pass until the server answers.
                Some(Lost::Answer) => self.swallows.store(true, Ordering::SeqCst),
                Some(Lost::Request) => {
                    self.down.send_replace(true);
                    return;
                }
                None => {}
            }
            if !requests && count > CONTROL && self.swallows.swap(false, Ordering::SeqCst) {
                self.down.send_replace(true);
                return;
            }
            if *self.down.borrow() || to.write_all(passing).await.is_err() {
                return;
            }
        }
    }

    fn sprung(&self, bytes: &[u8]) -> Option<Lost> {
        let mut set = self.set.lock().unwrap();
        let (_, text) = (*set)?;
        bytes.windows(text.len()).any(|part| part == text.as_bytes()).then(|| set.take().unwrap().0)
    }

    pub fn set(&self, lost: Lost, text: &'static str) {
        *self.set.lock().unwrap() = Some((lost, text));
    }

    /// Holds everything back, and closes nothing.
    pub fn freeze(&self, frozen: bool) {
        self.frozen.send_replace(frozen);
    }

    pub fn mend(&self) {
        self.down.send_replace(false);
    }

    pub fn url(&self) -> String {
        format!("esdb://{}?tls=false", self.address)
    }
}

async fn types(session: &Session, stream: &str) -> Vec<String> {
    let mut types = Vec::new();
    let stream = StreamName::new(stream);
    session
        .read(&stream, |records| types.extend(records.iter().map(|record| record.event_type.to_string())))
        .await
        .unwrap();
    types
}

#[test]
fn a_write_of_unknown_fate_is_found_on_the_next_connection() {
    run(async {
        for lost in [Lost::Answer, Lost::Request] {
            let node = Node::start(Config::default()).await.unwrap();
            let straight = Session::connect(node.connection_string()).await.unwrap();
            straight.writer().append(&created("a", "u"), Permit::NotProduction).await.unwrap();
            let trap = Trap::before(node.address()).await;
            let mut watcher = Watcher::of(&trap.url());
            watcher.until("caught up", |w| w.caught_up);
            trap.set(lost, "OrderPaid");
            let write = paid("a", 0);
            watcher.append(write.clone());
            watcher.until("not known", |w| matches!(w.appended[..], [Err(AppendError::Unknown(_))]));
            watcher.aims(|goal| goal.unknown = vec![(Ticket(9), write.clone())]);
            trap.mend();
            watcher.aims(|goal| goal.retry += 1);
            if lost == Lost::Answer {
                watcher.until("found", |w| w.appended.len() == 2);
                assert_eq!(watcher.appended[1], Ok(1));
            } else {
                watcher.until("connected again", Watcher::online);
                assert_eq!(types(&straight, "order-a").await, ["OrderCreated"]);
                assert_eq!(watcher.appended.len(), 1, "that it is not there proves nothing");
                // As if it had been on its way all the time.
                straight.writer().append(&write, Permit::NotProduction).await.unwrap();
                watcher.until("found", |w| w.appended.len() == 2);
                assert_eq!(watcher.appended[1], Ok(1));
            }
            assert_eq!(types(&straight, "order-a").await, ["OrderCreated", "OrderPaid"]);
        }
    });
}

#[test]
fn a_write_that_another_overtook_is_a_conflict_and_no_longer_looked_for() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let session = Session::connect(node.connection_string()).await.unwrap();
        session.writer().append(&created("a", "u"), Permit::NotProduction).await.unwrap();
        let write = paid("a", 0);
        assert_eq!(session.writer().find_written(&write).await, None, "nothing there proves nothing");
        session.writer().append(&paid("a", 0), Permit::NotProduction).await.unwrap();
        let known = session.writer().find_written(&write).await.unwrap();
        assert!(matches!(known, Err(AppendError::Conflict { .. })), "{known:?}");
    });
}

#[test]
fn the_terminal_says_that_it_is_not_known_and_ends_with_7() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(Node::start(Config::default())).unwrap();
    let straight = runtime.block_on(Session::connect(node.connection_string())).unwrap();
    runtime.block_on(straight.writer().append(&created("a", "u"), Permit::NotProduction)).unwrap();
    let trap = runtime.block_on(Trap::before(node.address()));
    trap.set(Lost::Answer, "OrderPaid");
    let folder = tempfile::tempdir().unwrap();
    let run =
        |arguments: &[&str]| program(&folder).args(["-c", &trap.url()]).args(arguments).output().unwrap();
    let output = run(&["pay", "a"]);
    let said = text(&output.stderr);
    assert_eq!(output.status.code(), Some(7), "{said}");
    assert!(said.contains("It is not known whether the event was written"), "{said}");
    assert!(!said.contains("Nothing was written"), "{said}");
    let journal: serde_json::Value = serde_json::from_slice(&run(&["journal", "--json"]).stdout).unwrap();
    assert_eq!(journal["answer"], "lost");
    assert_eq!(runtime.block_on(types(&straight, "order-a")), ["OrderCreated", "OrderPaid"]);
}

#[test]
fn what_was_never_sent_is_told_as_not_written() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let session = Session::connect(node.connection_string()).await.unwrap();
        node.elect(true);
        let refused = session.writer().append(&created("a", "u"), Permit::Production).await.unwrap_err();
        assert_eq!(refused, AppendError::Failed(StoreError::NotReady));
        node.elect(false);
        node.shutdown().await;
        let refused = session.writer().append(&created("a", "u"), Permit::Production).await.unwrap_err();
        assert!(matches!(refused, AppendError::Failed(StoreError::Unreachable(_))), "{refused:?}");
    });
}

#[test]
fn the_window_keeps_an_unknown_write_over_other_streams_until_it_is_known() {
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let node = runtime.block_on(Node::start(Config::default())).unwrap();
        let trap = runtime.block_on(Trap::before(node.address()));
        let mut window = Window::through(&trap.url(), runtime, node, theme);
        for id in ["abc", "xyz"] {
            let data = format!(r#"{{"OrderID":"{id}","UserID":"u","Total":1}}"#);
            window.elsewhere(id, hindsight::decision::Expected::NoStream, "OrderCreated", &data);
            window.until(&format!("order-{id}"));
        }
        window.open_stream("order-abc");
        window.click("Pay order");
        window.until("Would append OrderPaid to order-abc");
        trap.set(Lost::Answer, "OrderPaid");
        window.click("Append");
        window.until("It is not known whether OrderPaid was written to order-abc");
        let append = window.harness.get_by_role_and_label(egui::accesskit::Role::Button, "Append");
        assert!(append.accesskit_node().is_disabled(), "another write would be a second one");
        window.go_to("order-xyz");
        assert!(window.shows("It is not known whether OrderPaid was written to order-abc"), "it stays");
        trap.mend();
        window.until("OrderPaid was written to order-abc as revision 1");
        assert!(!window.shows("It is not known whether"));
        assert_eq!(window.events("order-abc"), 2);
    }
}
