//! What a missing right, a wrong login and a lost one lead to, and how many connections that takes.

use crate::api::Service;
use crate::cli::{program, text};
use crate::diagnosis::diagnose;
use crate::node::grpc;
use crate::production::{guarded, signed, write};
use crate::run;
use crate::store::{Watcher, created};
use crate::window::Window;
use egui::{Key, Modifiers};
use futures::StreamExt;
use hindsight::node::Node;
use hindsight::store::{Connection, Denial, Life, Permit, Session, StoreError};
use std::net::SocketAddr;

pub const ONLY_ADMINS: &str = r#"{"$acl":{"$r":"$admins"}}"#;
pub const ALL: &str = r#"{"$acl":{"$r":"$all"}}"#;

/// Calls the node's user administration as its administrator.
pub async fn users(node: &Node, method: &str, options: &[Vec<u8>]) {
    let admin = grpc::Caller::new(node.address()).login("admin:changeit");
    let answer = admin.call(grpc::USERS, method, &[grpc::field(1, options.concat())]).await;
    assert_eq!(answer.status(), Some(0), "{method}");
}

async fn make_user(node: &Node, name: &str) {
    users(node, "Create", &[grpc::field(1, name), grpc::field(2, "changeit"), grpc::field(3, "Bob")]).await;
}

async fn remove_user(node: &Node, name: &str) {
    users(node, "Delete", &[grpc::field(1, name)]).await;
}

/// Connections of this process to a port, as the system lists them.
#[cfg(target_os = "linux")]
fn sockets(to: SocketAddr) -> usize {
    let tables = std::fs::read_to_string("/proc/self/net/tcp").unwrap();
    let port = format!(":{:04X}", to.port());
    let established = |line: &&str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        fields[2].ends_with(&port) && fields[3] == "01"
    };
    tables.lines().skip(1).filter(established).count()
}

#[cfg(target_os = "linux")]
#[test]
fn a_thousand_denied_requests_take_one_connection_for_calls_and_one_for_questions() {
    run(async {
        let node = guarded().await;
        let admin = signed(&node, "admin");
        write(&admin, "order-a", "OrderCreated", r#"{"OrderID":"a","UserID":"u","Total":1}"#).await;
        for hidden in ["$$order-a", "$$$streams", "$$$ce-order"] {
            write(&admin, hidden, "$metadata", ONLY_ADMINS).await;
        }
        let service = Service::before(&signed(&node, "ann")).await;
        let before = sockets(node.address());
        let asked = (0..1_000).map(|_| async { service.get("/orders/a").await.status });
        let statuses: Vec<u16> = futures::stream::iter(asked).buffer_unordered(32).collect().await;
        assert!(statuses.iter().all(|status| *status == 403), "{statuses:?}");
        let listed = service.get("/orders").await;
        assert_eq!(listed.status, 403, "neither $all nor $streams");
        let more = sockets(node.address()) - before;
        assert!(more <= 2, "{more} connections more");
        for wrong in ["ann:wrong", "nobody:changeit"] {
            let url = node.connection_string().replace("esdb://", &format!("esdb://{wrong}@"));
            let service = Service::before(&url).await;
            for _ in 0..50 {
                assert_eq!(service.get("/orders/a").await.status, 502);
            }
        }
        let more = sockets(node.address()) - before;
        assert!(more <= 6, "{more} connections for three users");
    });
}

#[cfg(target_os = "linux")]
#[test]
fn the_connection_test_leaves_no_connection_behind() {
    run(async {
        let node = guarded().await;
        for _ in 0..20 {
            assert!(diagnose(&signed(&node, "ann")).await.connects());
            assert!(!diagnose(&node.connection_string()).await.connects());
        }
        // The runtime of the last one ends beside us.
        while sockets(node.address()) > 0 {
            tokio::task::yield_now().await;
        }
    });
}

#[test]
fn a_refusal_of_the_database_has_the_status_that_says_whether_waiting_helps() {
    run(async {
        let node = guarded().await;
        let admin = signed(&node, "admin");
        write(&admin, "order-a", "OrderCreated", r#"{"OrderID":"a","UserID":"u","Total":1}"#).await;
        write(&admin, "$$order-a", "$metadata", ONLY_ADMINS).await;
        let nobody = node.connection_string();
        let wrong = nobody.replace("esdb://", "esdb://ann:wrong@");
        for (url, status, says) in [
            (signed(&node, "ann"), 403, "\"ann\" is known and may not do this"),
            (wrong, 502, "does not accept the user \"ann\""),
            (nobody, 502, "asks who you are"),
        ] {
            let service = Service::before(&url).await;
            for (method, path) in
                [("GET", "/orders/a"), ("GET", "/orders/a/events"), ("POST", "/orders/a/pay")]
            {
                let answer = service.send(method, path, &[], "").await;
                assert_eq!(answer.status, status, "{method} {path}: {}", answer.text("detail"));
                assert!(answer.text("detail").contains(says), "{}", answer.text("detail"));
                assert!(!answer.has("retry-after"), "waiting does not help");
            }
        }
        let service = Service::before(&admin).await;
        assert_eq!(service.get("/orders/a").await.status, 200);
        node.elect(true);
        let answer = service.get("/orders/a").await;
        assert_eq!(answer.status, 503, "{}", answer.text("detail"));
        assert!(answer.has("retry-after"));
        node.elect(false);
        assert_eq!(service.get("/orders/a").await.status, 200);
    });
}

#[test]
fn wrong_password_unknown_user_no_user_and_missing_rights_are_told_apart() {
    run(async {
        let node = guarded().await;
        let with = |login: &str| node.connection_string().replace("esdb://", &format!("esdb://{login}"));
        let denial = async |url: String| match Session::connect(url).await.unwrap().event_at(None).await {
            Err(StoreError::AccessDenied(denial)) => denial,
            other => panic!("{other:?}"),
        };
        assert_eq!(denial(with("")).await, Denial::Anonymous);
        assert_eq!(denial(with("ann:changeit@")).await, Denial::Rights("ann".into()));
        assert_eq!(denial(with("ann:wrong@")).await, Denial::Login("ann".into()));
        assert_eq!(denial(with("nobody:changeit@")).await, Denial::Login("nobody".into()));
    });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(guarded());
    let folder = tempfile::tempdir().unwrap();
    let wrong = node.connection_string().replace("esdb://", "esdb://ann:wrong@");
    let output = program(&folder).env("HINDSIGHT_CONNECTION", wrong).arg("list").output().unwrap();
    assert_eq!(output.status.code(), Some(5));
    assert!(text(&output.stderr).contains("does not accept the user \"ann\""), "{}", text(&output.stderr));
}

#[test]
fn a_user_who_is_removed_while_connected_is_told() {
    run(async {
        let node = guarded().await;
        let admin = signed(&node, "admin");
        make_user(&node, "bob").await;
        write(&admin, "$$$streams", "$metadata", ALL).await;
        write(&admin, "order-a", "OrderCreated", r#"{"OrderID":"a","UserID":"u","Total":1}"#).await;
        let mut watcher = Watcher::of(&signed(&node, "bob"));
        watcher.until("listed", |w| w.caught_up && w.rows.contains_key("order-a"));
        let refused = |w: &Watcher| match &w.connection {
            Connection::Online { refused, .. } => refused.clone(),
            _ => None,
        };
        assert_eq!(refused(&watcher), None);
        remove_user(&node, "bob").await;
        watcher.until("told", |w| refused(w) == Some(Denial::Login("bob".into())));
    });
}

#[test]
fn rights_that_come_back_are_seen() {
    run(async {
        let node = guarded().await;
        let admin = signed(&node, "admin");
        write(&admin, "order-a", "OrderCreated", r#"{"OrderID":"a","UserID":"u","Total":1}"#).await;
        write(&admin, "$$order-a", "$metadata", ONLY_ADMINS).await;
        let mut watcher = Watcher::of(&signed(&node, "ann"));
        watcher.open("a");
        let denied = StoreError::AccessDenied(Denial::Rights("ann".into()));
        watcher.until("denied", |w| w.life == Some(Life::Failed(denied.clone())));
        write(&admin, "$$order-a", "$metadata", ALL).await;
        // By themselves, without a key.
        watcher.until("read", |w| w.life == Some(Life::Live) && w.revisions() == [0]);
    });
}

#[test]
fn a_command_on_an_order_that_cannot_be_read_says_so_and_f5_asks_again() {
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let node = runtime.block_on(guarded());
        let (ann, admin) = (signed(&node, "ann"), signed(&node, "admin"));
        runtime.block_on(async {
            write(&admin, "$$$streams", "$metadata", ALL).await;
            write(&admin, "order-abc", "OrderCreated", r#"{"OrderID":"abc","UserID":"u","Total":1}"#).await;
            write(&admin, "$$order-abc", "$metadata", ONLY_ADMINS).await;
        });
        let mut window = Window::through(&ann, runtime, node, theme);
        window.go_to("order-abc");
        window.click("Pay order");
        window.until("The stream cannot be read, so nothing is decided on it");
        assert!(!window.shows("Press Append to open it"), "no circle");
        window.until("Locked");
        let admin = signed(&window.node, "admin");
        window.runtime.block_on(write(&admin, "$$order-abc", "$metadata", ALL));
        window.press(Modifiers::NONE, Key::F5);
        window.until("complete history");
    }
}

#[test]
fn a_session_survives_a_server_that_restarts_without_a_second_connection() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let storage = hindsight::node::Storage::File(folder.path().join("s.db"));
        let config = hindsight::node::Config { storage, ..hindsight::node::Config::default() };
        let node = Node::start(config.clone()).await.unwrap();
        let address = node.address();
        let session = Session::connect(node.connection_string()).await.unwrap();
        for round in 0..3 {
            session.writer().append(&created(&round.to_string(), "u"), Permit::NotProduction).await.unwrap();
        }
        node.shutdown().await;
        assert!(session.event_at(None).await.is_err());
        let _node = Node::start(hindsight::node::Config { listen: address, ..config }).await.unwrap();
        assert!(session.event_at(None).await.unwrap().is_some());
        #[cfg(target_os = "linux")]
        assert!(sockets(address) <= 1, "{}", sockets(address));
    });
}
