//! Only the listener's own pages and programs are served, under its own names.

use super::Service;
use crate::run;
use hindsight::api::HostName;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const ORDER: &str = r#"{"UserID":"u","Total":1}"#;

/// Status, head and body of the one answer to these bytes.
pub async fn raw(port: u16, request: &str) -> (u16, String, Value) {
    let mut socket = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    socket.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, head.to_ascii_lowercase(), serde_json::from_str(body).unwrap_or_default())
}

/// Sends these header lines as they are; `PORT` stands for the listener's.
async fn asked(port: u16, method: &str, target: &str, lines: &[&str], body: &str) -> (u16, String, Value) {
    let (lines, length) = ([lines, &["Connection: close"]].concat().join("\r\n"), body.len());
    let request = format!("{method} {target} HTTP/1.1\r\n{lines}\r\nContent-Length: {length}\r\n\r\n{body}");
    raw(port, &request.replace("PORT", &port.to_string())).await
}

#[track_caller]
fn forbidden(answer: &(u16, String, Value), what: &str) {
    assert_eq!((answer.0, answer.2["error"].as_str()), (403, Some("forbidden")), "{what}: {answer:?}");
    assert!(answer.2["detail"].as_str().is_some_and(|detail| detail.len() > 20), "{what}: {answer:?}");
    assert!(!answer.1.contains("access-control"), "{what}: {answer:?}");
}

#[test]
fn a_page_of_another_origin_is_refused_before_anything_is_done() {
    run(async {
        let service = Service::start().await;
        let id = service.create().await;
        let host = "Host: 127.0.0.1:PORT";
        let foreign: [&[&str]; 17] = [
            &[host, "Origin: http://evil.example"],
            &[host, "Origin: null"],
            &[host, "Origin: "],
            &[host, "Origin: http://127.0.0.1"],
            &[host, "Origin: http://127.0.0.1:1"],
            &[host, "Origin: https://127.0.0.1:PORT"],
            &[host, "Origin: http://127.0.0.1:PORT/"],
            &[host, "Origin: http://u@127.0.0.1:PORT"],
            &[host, "Origin: http://127.0.0.1:PORT.evil.example"],
            &[host, "Origin: http://localhost.evil.example:PORT"],
            &[host, "Origin: http://127.0.0.1:PORT http://evil.example"],
            &[host, "Origin: http://127.0.0.1:PORT", "Origin: http://evil.example"],
            &[host, "Sec-Fetch-Site: cross-site"],
            &[host, "Sec-Fetch-Site: same-site"],
            &[host, "Sec-Fetch-Site: "],
            &[host, "Sec-Fetch-Site: none", "Sec-Fetch-Site: cross-site"],
            &[host, "Origin: http://127.0.0.1:PORT", "Sec-Fetch-Site: cross-site"],
        ];
        for lines in foreign {
            for (method, target) in [
                ("POST", "/orders".to_owned()),
                ("POST", format!("/orders/{id}/pay")),
                ("GET", format!("/orders/{id}")),
                ("GET", "/health".to_owned()),
                ("GET", "/openapi.json".to_owned()),
                ("GET", "/nowhere".to_owned()),
                ("OPTIONS", "/orders".to_owned()),
                ("DELETE", "/orders".to_owned()),
            ] {
                let lines = [&["Content-Type: text/plain"], lines].concat();
                let answer = asked(service.port(), method, &target, &lines, ORDER).await;
                forbidden(&answer, &format!("{method} {target} {lines:?}"));
            }
            let live = [&["Accept: text/event-stream"], lines].concat();
            forbidden(&asked(service.port(), "GET", &format!("/orders/{id}/events"), &live, "").await, "SSE");
        }
        assert_eq!(service.get("/orders").await.body["orders"].as_array().unwrap().len(), 1);
        assert_eq!(service.types(&id).await, ["OrderCreated"]);
    });
}

#[test]
fn own_pages_and_programs_are_served() {
    run(async {
        let service = Service::start().await;
        let own: [&[&str]; 10] = [
            &["Host: 127.0.0.1:PORT"],
            &["Host: localhost:PORT", "Content-Type: application/x-www-form-urlencoded"],
            &["Host: LocalHost.:PORT", "Content-Type: text/plain"],
            &["Host: [::1]:PORT"],
            &["Host: [0:0:0:0:0:0:0:1]:PORT"],
            &["Host: 127.0.0.1:PORT", "Origin: http://127.0.0.1:PORT", "Sec-Fetch-Site: same-origin"],
            &["Host: 127.0.0.1:PORT", "Origin: HTTP://LOCALHOST:PORT"],
            &["Host: localhost:PORT", "Origin: http://localhost:PORT", "Sec-Fetch-Site: same-origin"],
            &["Host: 127.0.0.1:PORT", "Sec-Fetch-Site: none"],
            &["Host: 127.0.0.1:PORT", "Referer: http://evil.example/"],
        ];
        for lines in own {
            let answer = asked(service.port(), "POST", "/orders", lines, ORDER).await;
            assert_eq!(answer.0, 200, "{lines:?}: {answer:?}");
        }
        let absolute =
            asked(service.port(), "POST", "http://localhost:PORT/orders", &["Host: localhost:PORT"], ORDER)
                .await;
        assert_eq!(absolute.0, 200, "{absolute:?}");
    });
}

#[test]
fn a_name_that_is_not_the_listeners_is_refused() {
    run(async {
        let service = Service::start().await;
        let foreign: [&[&str]; 14] = [
            &[],
            &["Host: "],
            &["Host: evil.example"],
            &["Host: evil.example:PORT"],
            &["Host: localhost"],
            &["Host: localhost:1"],
            &["Host: localhost..:PORT"],
            &["Host: 127.0.0.2:PORT"],
            &["Host: 10.0.0.1:PORT"],
            &["Host: 127.0.0.1:+PORT"],
            &["Host: evil@127.0.0.1:PORT"],
            &["Host: 127.0.0.1:PORT, evil.example"],
            &["Host: 127.0.0.1:PORT", "Host: evil.example"],
            &["Host: 127.0.0.1:PORT", "Host: 127.0.0.1:PORT"],
        ];
        for lines in foreign {
            for (method, target) in [("POST", "/orders"), ("GET", "/openapi.json"), ("GET", "/nowhere")] {
                forbidden(
                    &asked(service.port(), method, target, lines, ORDER).await,
                    &format!("{target} {lines:?}"),
                );
            }
        }
        for target in
            ["http://evil.example/orders", "http://localhost/orders", "https://localhost:PORT/orders"]
        {
            forbidden(&asked(service.port(), "POST", target, &["Host: localhost:PORT"], ORDER).await, target);
        }
        forbidden(&raw(service.port(), "GET /orders HTTP/1.0\r\n\r\n").await, "HTTP/1.0");
        let lines = ["Host: localhost:PORT"];
        forbidden(&asked(service.port(), "CONNECT", "evil.example:443", &lines, "").await, "CONNECT");
        assert!(service.get("/orders").await.body["orders"].as_array().unwrap().is_empty());
    });
}

#[test]
fn a_listener_on_all_addresses_answers_to_any_address_and_to_the_machines_name() {
    run(async {
        let service = Service::start().await.restarted("0.0.0.0:0", |api| api).await;
        let machine = gethostname::gethostname().into_string().unwrap();
        for host in ["127.0.0.1", "localhost", "10.1.2.3", "[fe80::1]", &*machine, &machine.to_uppercase()] {
            let own = asked(service.port(), "GET", "/health", &[&format!("Host: {host}:PORT")], "").await;
            assert_eq!(own.0, 200, "{host}: {own:?}");
            let other = asked(service.port(), "GET", "/health", &[&format!("Host: {host}:1")], "").await;
            forbidden(&other, host);
        }
        let lines = ["Host: evil.example:PORT"];
        forbidden(&asked(service.port(), "GET", "/health", &lines, "").await, "a name");
        // Any address is no permission for pages from any address.
        let lines = ["Host: 10.1.2.3:PORT", "Origin: http://6.6.6.6:PORT"];
        forbidden(&asked(service.port(), "GET", "/health", &lines, "").await, "a page of another address");
        let lines = ["Host: 10.1.2.3:PORT", "Origin: http://10.1.2.3:PORT"];
        assert_eq!(asked(service.port(), "GET", "/health", &lines, "").await.0, 200);
    });
}

#[test]
fn a_listener_answers_to_the_names_that_it_is_given() {
    run(async {
        let names = ["Orders.Example", "other.example:9000"].map(|name| name.parse().unwrap());
        let service = Service::start().await;
        let service = service.restarted("127.0.0.1:0", |api| api.answering_to(names.to_vec())).await;
        for own in [
            "orders.example:PORT",
            "ORDERS.EXAMPLE.:PORT",
            "orders.example",
            "orders.example:80",
            "other.example:9000",
            "localhost:PORT",
        ] {
            let origin = format!("Origin: http://{own}").replace(".:", ":");
            let lines = [&*format!("Host: {own}"), &*origin];
            let answer = asked(service.port(), "GET", "/health", &lines, "").await;
            assert_eq!(answer.0, 200, "{own}: {answer:?}");
        }
        for foreign in [
            "orders.example:1",
            "other.example:PORT",
            "other.example",
            "a.orders.example:PORT",
            "example:PORT",
        ] {
            forbidden(
                &asked(service.port(), "GET", "/health", &[&format!("Host: {foreign}")], "").await,
                foreign,
            );
        }
        for wrong in ["", "http://a", "a/b", "a b", "a:", "a:0x1", "a:70000", "*", ":80", "u@a", "订单"] {
            assert!(wrong.parse::<HostName>().is_err(), "{wrong}");
        }
    });
}
