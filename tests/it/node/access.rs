//! Users, TLS, and requests that mean harm.

use super::basics::events;
use crate::run;
use eventstore::{AppendToStreamOptions, Client, Error, ReadAllOptions, ReadStreamOptions};
use hindsight::node::{Config, Node, NodeError, Security, User};
use serde_json::{Value, json};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

fn users() -> Vec<User> {
    let user = |name: &str, admin| User { name: name.into(), password: "changeit".into(), admin };
    vec![user("admin", true), user("ann", false)]
}

fn certificate(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/node/certificate").join(file)
}

fn client(node: &Node, login: &str, more: &str) -> Client {
    let text = node.connection_string().replace("esdb://", &format!("esdb://{login}"));
    Client::new(format!("{text}&discoveryInterval=0{more}").parse().unwrap()).unwrap()
}

async fn append(client: &Client, stream: &str) -> Result<(), Error> {
    client.append_to_stream(stream, &AppendToStreamOptions::default(), events(1)).await.map(drop)
}

#[test]
fn users_have_the_default_rights() {
    run(async {
        let security = Security { users: users(), ..Security::default() };
        let node = Node::start_secured(Config::default(), security).await.unwrap();
        let denied = |result: Result<(), Error>| matches!(result, Err(Error::AccessDenied));
        let (admin, ann) = (client(&node, "admin:changeit@", ""), client(&node, "ann:changeit@", ""));
        append(&admin, "$settings").await.unwrap();
        append(&ann, "order-1").await.unwrap();
        assert!(denied(append(&ann, "$settings").await));
        assert!(ann.read_all(&ReadAllOptions::default()).await.is_err());
        assert!(denied(append(&client(&node, "", ""), "order-1").await), "nobody");
        assert!(client(&node, "", "").server_info().await.is_ok());
        assert!(denied(append(&client(&node, "ann:wrong@", ""), "order-1").await), "a wrong password");
    });
}

#[test]
fn tls_carries_the_same_service() {
    run(async {
        let security =
            Security { tls: Some((certificate("cert.pem"), certificate("key.pem"))), users: users() };
        let node = Node::start_secured(Config::default(), security).await.unwrap();
        assert!(node.connection_string().ends_with("?tls=true"));
        let client = client(&node, "ann:changeit@", "&tlsVerifyCert=false");
        append(&client, "order-1").await.unwrap();
        let mut read = client.read_stream("order-1", &ReadStreamOptions::default()).await.unwrap();
        assert!(read.next().await.unwrap().is_some());
    });
}

#[test]
fn a_file_that_is_no_certificate_is_named() {
    run(async {
        let security =
            Security { tls: Some((certificate("none.pem"), certificate("key.pem"))), users: Vec::new() };
        let error =
            Node::start_secured(Config::default(), security).await.expect_err("there is no such file");
        assert!(
            matches!(&error, NodeError::Certificate { .. }) && error.to_string().contains("none.pem"),
            "{error}"
        );
    });
}

pub async fn raw(at: SocketAddr, bytes: &[u8]) -> String {
    let mut socket = TcpStream::connect(at).await.unwrap();
    socket.write_all(bytes).await.unwrap();
    socket.shutdown().await.unwrap();
    let mut answer = Vec::new();
    // A reset connection is an answer as well.
    if let Err(error) = socket.read_to_end(&mut answer).await {
        return error.to_string();
    }
    String::from_utf8_lossy(&answer).into_owned()
}

pub async fn get(at: SocketAddr, path: &str, login: Option<&str>) -> String {
    use base64::{Engine as _, prelude::BASE64_STANDARD};
    let login = login.map(|l| format!("authorization: Basic {}\r\n", BASE64_STANDARD.encode(l)));
    let login = login.unwrap_or_default();
    let call = format!("GET {path} HTTP/1.1\r\nhost: x\r\n{login}connection: close\r\n\r\n");
    raw(at, call.as_bytes()).await
}

#[test]
fn the_current_user_is_told_to_whoever_logged_in() {
    run(async {
        let security = Security { users: users(), ..Security::default() };
        let node = Node::start_secured(Config::default(), security).await.unwrap();
        for (login, name, groups) in
            [("admin:changeit", "admin", json!(["$admins"])), ("ann:changeit", "ann", json!([]))]
        {
            let said = get(node.address(), "/users/$current", Some(login)).await;
            assert!(said.starts_with("HTTP/1.1 200"), "{said}");
            let body: Value = serde_json::from_str(said.split_once("\r\n\r\n").unwrap().1).unwrap();
            assert_eq!((&body["success"], &body["error"]), (&json!(true), &json!("Success")));
            let data = &body["data"];
            assert_eq!((&data["loginName"], &data["groups"]), (&json!(name), &groups));
            assert_eq!((&data["disabled"], &data["links"]), (&json!(false), &json!([])));
            let updated: jiff::Timestamp = data["dateLastUpdated"].as_str().unwrap().parse().unwrap();
            assert!(jiff::Timestamp::now().duration_since(updated).as_secs() < 600, "{updated}");
        }
        for nobody in [None, Some("ann:wrong"), Some("eve:changeit"), Some("ann")] {
            for path in ["/users/$current", "/users"] {
                let said = get(node.address(), path, nobody).await;
                assert!(said.starts_with("HTTP/1.1 401"), "{nobody:?}: {said}");
            }
        }
        let all = get(node.address(), "/users", Some("ann:changeit")).await;
        let all: Value = serde_json::from_str(all.split_once("\r\n\r\n").unwrap().1).unwrap();
        let names: Vec<_> = all["data"].as_array().unwrap().iter().map(|user| &user["loginName"]).collect();
        assert_eq!(names, ["admin", "ann", "ops"]);
    });
}

#[test]
fn without_users_the_current_user_is_an_unknown_path() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        for login in [None, Some("admin:changeit")] {
            let said = get(node.address(), "/users/$current", login).await;
            assert!(said.starts_with("HTTP/1.1 404"), "{said}");
        }
    });
}

#[test]
fn gossip_names_the_address_by_which_the_client_came() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let port = node.address().port();
        for (host, says) in [
            (
                "sandbox.example:4000".to_owned(),
                (r#""httpEndPointIp": "sandbox.example""#, r#""httpEndPointPort": 4000"#.to_owned()),
            ),
            ("[::1]".to_owned(), (r#""httpEndPointIp": "::1""#, format!(r#""httpEndPointPort": {port}"#))),
        ] {
            let call = format!("GET /gossip HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n");
            let said = raw(node.address(), call.as_bytes()).await;
            assert!(said.contains(says.0) && said.contains(&says.1), "{said}");
        }
        let discovered = format!("esdb+discover://localhost:{port}?tls=false");
        append(&Client::new(discovered.parse().unwrap()).unwrap(), "found").await.unwrap();
    });
}

#[test]
fn noise_on_the_port_harms_nobody() {
    run(async {
        let node = Node::start(Config::default()).await.unwrap();
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        raw(node.address(), b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03").await;
        raw(node.address(), &vec![0xFF; 70_000]).await;
        raw(node.address(), &[preface.as_slice(), &[0xFF; 4096]].concat()).await;
        let call = b"POST /event_store.client.streams.Streams/Read HTTP/1.1\r\nhost: x\r\ncontent-type: application/grpc\r\ncontent-length: 5\r\nconnection: close\r\n\r\n\x00\xff\xff\xff\xff";
        raw(node.address(), call).await;
        assert!(
            raw(node.address(), b"GET /../../etc/passwd HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                .await
                .contains("404")
        );
        assert!(
            raw(node.address(), b"GET /health/live HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                .await
                .contains("204")
        );
        append(&client(&node, "", ""), "still-here").await.unwrap();
    });
}
