//! `POST /sandbox/reset` empties a node that allows it, and nobody else's.

use super::{
    access::raw,
    basics::{events, start},
};
use crate::run;
use base64::{Engine as _, prelude::BASE64_STANDARD};
use eventstore::{
    AppendToStreamOptions, Client, ReadAllOptions, StreamPosition, SubscribeToStreamOptions,
    SubscriptionEvent,
};
use hindsight::node::{Config, Node, Security, Storage, User};
use std::net::SocketAddr;

fn resettable() -> Config {
    Config { resettable: true, ..Config::default() }
}

/// The status code; `more` are whole header lines.
async fn ask(at: SocketAddr, method: &str, more: &str) -> u16 {
    let call = format!(
        "{method} /sandbox/reset HTTP/1.1\r\nhost: x\r\n{more}content-length: 0\r\nconnection: close\r\n\r\n"
    );
    let answer = raw(at, call.as_bytes()).await;
    assert!(!answer.to_lowercase().contains("access-control"), "{answer}");
    answer.split_whitespace().nth(1).unwrap().parse().unwrap()
}

fn login(text: &str) -> String {
    format!("authorization: Basic {}\r\n", BASE64_STANDARD.encode(text))
}

async fn lines(client: &Client) -> Vec<String> {
    let all = ReadAllOptions::default().position(StreamPosition::Start);
    let mut read = client.read_all(&all).await.unwrap();
    let mut lines = Vec::new();
    while let Some(event) = read.next().await.unwrap() {
        let e = event.get_original_event();
        lines.push(format!("{}@{} {}", e.revision, e.stream_id, e.position.commit));
    }
    lines
}

#[test]
fn a_reset_leads_back_to_the_beginning() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        for samples in [false, true] {
            let storage = Storage::File(folder.path().join(format!("{samples}.db")));
            let config = Config { samples, storage, ..resettable() };
            let (node, client) = start(config.clone()).await;
            let beginning = lines(&client).await;
            client.append_to_stream("s", &AppendToStreamOptions::default(), events(3)).await.unwrap();
            assert_eq!(ask(node.address(), "POST", "").await, 204);
            assert_eq!(lines(&client).await, beginning);
            node.shutdown().await;
            let (_node, client) = start(config).await;
            assert_eq!(lines(&client).await, beginning, "after a start too");
        }
    });
}

#[test]
fn a_subscription_ends_with_a_reset() {
    run(async {
        let (node, client) = start(resettable()).await;
        let mut subscription = client.subscribe_to_stream("s", &SubscribeToStreamOptions::default()).await;
        while !matches!(subscription.next_subscription_event().await.unwrap(), SubscriptionEvent::CaughtUp) {}
        assert_eq!(ask(node.address(), "POST", "").await, 204);
        assert!(subscription.next_subscription_event().await.is_err());
    });
}

#[test]
fn only_a_plain_post_to_a_node_that_allows_it_resets() {
    run(async {
        let (node, client) = start(Config::default()).await;
        client.append_to_stream("s", &AppendToStreamOptions::default(), events(1)).await.unwrap();
        for method in ["POST", "GET", "OPTIONS"] {
            assert_eq!(ask(node.address(), method, "").await, 404, "{method}");
        }
        let (allowing, other) = start(resettable()).await;
        other.append_to_stream("s", &AppendToStreamOptions::default(), events(1)).await.unwrap();
        let at = allowing.address();
        for method in ["GET", "OPTIONS", "PUT", "DELETE", "HEAD"] {
            assert_eq!(ask(at, method, "").await, 405, "{method}");
        }
        for origin in ["null".to_owned(), "https://evil.example".to_owned(), format!("http://{at}")] {
            assert_eq!(ask(at, "POST", &format!("origin: {origin}\r\n")).await, 403, "{origin}");
        }
        for client in [client, other] {
            assert!(lines(&client).await.iter().any(|line| line.starts_with("0@s ")));
        }
    });
}

#[test]
fn with_users_only_an_administrator_resets() {
    run(async {
        let user = |name: &str, admin| User { name: name.into(), password: "changeit".into(), admin };
        let users = vec![user("admin", true), user("ann", false)];
        let security = Security { users, ..Security::default() };
        let node = Node::start_secured(resettable(), security).await.unwrap();
        let at = node.address();
        assert_eq!(ask(at, "POST", "").await, 401);
        assert_eq!(ask(at, "POST", &login("admin:wrong")).await, 401);
        assert_eq!(ask(at, "POST", &login("ann:changeit")).await, 403);
        assert_eq!(ask(at, "POST", &login("admin:changeit")).await, 204);
        assert_eq!(ask(at, "POST", &login("admin:changeit")).await, 204, "the users are there again");
    });
}
