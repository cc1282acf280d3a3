//! HTTP beside gRPC: methods, headers and where nothing is.

use super::access::raw;
use crate::run;
use hindsight::node::{Config, Node, Security, User};
use std::net::SocketAddr;

/// The head of an answer and its body.
async fn ask(at: SocketAddr, method: &str, path: &str) -> (String, String) {
    let call =
        format!("{method} {path} HTTP/1.1\r\nhost: {at}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    let said = raw(at, call.as_bytes()).await;
    let (head, body) = said.split_once("\r\n\r\n").unwrap();
    (head.to_lowercase(), body.to_owned())
}

async fn code(at: SocketAddr, method: &str, path: &str) -> u16 {
    ask(at, method, path).await.0[9..12].parse().unwrap()
}

const METHODS: [&str; 6] = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"];

async fn codes(at: SocketAddr, path: &str) -> [u16; 6] {
    let mut codes = [0; 6];
    for (code_of, method) in codes.iter_mut().zip(METHODS) {
        *code_of = code(at, method, path).await;
    }
    codes
}

#[test]
fn methods_are_answered_as_by_the_real_server() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let at = node.address();
        for path in ["/nothing", "/PING", "/ping/", "/users", "/users/$current", "/health", "/streams/s"] {
            assert_eq!(codes(at, path).await, [404; 6], "{path}");
        }
        for path in ["/info", "/ping", "/gossip", "/stats", "/subscriptions", "/info/options"] {
            assert_eq!(codes(at, path).await, [200, 405, 200, 405, 405, 405], "{path}");
        }
        assert_eq!(codes(at, "/").await, [302, 405, 200, 405, 405, 405]);
        assert_eq!(codes(at, "/health/live").await, [204, 204, 405, 405, 405, 405]);
    });
}

#[test]
fn headers_let_pages_of_other_origins_ask() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let at = node.address();
        for (method, path) in [("GET", "/info"), ("OPTIONS", "/info"), ("POST", "/info"), ("GET", "/")] {
            let (head, _) = ask(at, method, path).await;
            assert!(head.contains("access-control-allow-origin: *"), "{head}");
            assert_eq!(head.contains("\r\nallow: get, head, options"), method == "POST", "{head}");
        }
        let (head, body) = ask(at, "GET", "/ping").await;
        assert!(head.contains("content-type: application/json; charset=utf-8"), "{head}");
        assert!(body.starts_with("{\n"), "{body}");
        let (head, body) = ask(at, "GET", "/").await;
        assert!(head.contains(&format!("location: http://{at}/web/index.html")), "{head}");
        assert_eq!(body, "Moved");
        assert_eq!(code(at, "GET", "/web/index.html").await, 200);
    });
}

#[test]
fn nobody_is_told_only_what_everybody_may_know() {
    run(async {
        let ann = User { name: "ann".into(), password: "changeit".into(), admin: false };
        let security = Security { users: vec![ann], ..Security::default() };
        let node = Node::start_secured(Config::default(), security).await.unwrap();
        let at = node.address();
        for path in ["/ping", "/info", "/gossip"] {
            assert_eq!(code(at, "GET", path).await, 200, "{path}");
        }
        for path in ["/stats", "/info/options", "/subscriptions", "/users", "/users/$current"] {
            let (head, _) = ask(at, "GET", path).await;
            assert!(head.starts_with("http/1.1 401") && !head.contains("www-authenticate"), "{path}: {head}");
        }
        assert_eq!(codes(at, "/users").await, [401, 405, 200, 405, 405, 405]);
    });
}
