//! Connections that ask nothing or take nothing end, and leave their place to others.

use super::origin::raw;
use super::{Service, resolve, serve_as};
use crate::run;
use eventstore::AppendToStreamOptions;
use futures::FutureExt;
use hindsight::api::{self, Api, Limits};
use hindsight::store::Resolve;
use http_body_util::{BodyExt, Full};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::sync::oneshot;

const SHORT: Duration = Duration::from_millis(300);

impl Service {
    async fn limited(limits: Limits) -> Self {
        Self::start().await.restarted("127.0.0.1:0", |api| api.limited(limits)).await
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(("127.0.0.1", self.port())).await.unwrap()
    }

    fn request(&self, path: &str, line: &str) -> String {
        format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n{line}\r\n\r\n", self.port())
    }
}

/// Reads until the answer's header is complete.
async fn head(socket: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.unwrap());
    }
    String::from_utf8(head).unwrap()
}

/// Returns when the other side has ended the connection.
async fn ended(socket: &mut TcpStream) {
    let mut rest = Vec::new();
    // A reset is an end too.
    drop(socket.read_to_end(&mut rest).await);
}

#[test]
fn a_connection_that_does_not_ask_is_let_go() {
    run(async {
        let service = Service::limited(Limits { header: SHORT, ..Limits::default() }).await;
        let mut silent = service.connect().await;
        ended(&mut silent).await;
        let mut half = service.connect().await;
        half.write_all(b"GET /health HTTP/1.1\r\nHost:").await.unwrap();
        ended(&mut half).await;
        let mut idle = service.connect().await;
        idle.write_all(service.request("/openapi.json", "A: b").as_bytes()).await.unwrap();
        assert!(head(&mut idle).await.starts_with("HTTP/1.1 200"));
        ended(&mut idle).await;
        let (mut taken, mut sent) = service.connect().await.into_split();
        let dribble = async {
            let mut pace = tokio::time::interval(SHORT / 10);
            loop {
                pace.tick().await;
                if sent.write_all(b"a").await.is_err() {
                    std::future::pending::<()>().await;
                }
            }
        };
        let mut rest = Vec::new();
        tokio::select! {
            _ = taken.read_to_end(&mut rest) => {}
            () = dribble => {}
        }
        // One that asks in time stays.
        let mut kept = service.connect().await;
        for _ in 0..3 {
            kept.write_all(service.request("/nowhere", "A: b").as_bytes()).await.unwrap();
            let head = head(&mut kept).await;
            assert!(head.starts_with("HTTP/1.1 404"), "{head}");
            let length = head.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap();
            let mut body = vec![0; length.parse().unwrap()];
            kept.read_exact(&mut body).await.unwrap();
        }
    });
}

#[test]
fn a_body_that_does_not_come_ends_its_request_and_its_connection() {
    run(async {
        let limits = Limits { connections: 1, request: SHORT, ..Limits::default() };
        let service = Service::limited(limits).await;
        for path in ["/orders", "/orders/a/pay", "/nowhere"] {
            let mut socket = service.connect().await;
            let head = service.request(path, "Content-Length: 100").replace("GET", "POST");
            socket.write_all(format!("{head}{{").as_bytes()).await.unwrap();
            ended(&mut socket).await;
        }
        // It asks for nothing that takes as long as the limit on a busy machine.
        let request = service.request("/openapi.json", "Connection: close");
        assert_eq!(raw(service.port(), &request).await.0, 200);
    });
}

#[test]
fn silent_connections_take_up_the_service_only_for_a_while() {
    run(async {
        let service = Service::limited(Limits { connections: 4, header: SHORT, ..Limits::default() }).await;
        let mut silent = Vec::new();
        for _ in 0..16 {
            silent.push(service.connect().await);
        }
        assert_eq!(service.get("/health").await.status, 200);
    });
}

#[test]
fn connections_above_the_limit_wait_for_their_turn() {
    run(async {
        let service = Service::limited(Limits { connections: 1, ..Limits::default() }).await;
        let mut first = service.connect().await;
        first.write_all(service.request("/health", "A: b").as_bytes()).await.unwrap();
        assert!(head(&mut first).await.starts_with("HTTP/1.1 200"));
        let request = service.request("/health", "Connection: close");
        let second = raw(service.port(), &request);
        tokio::pin!(second);
        assert!(tokio::time::timeout(SHORT, &mut second).await.is_err(), "one at a time");
        drop(first);
        assert_eq!(second.await.0, 200);
        let many = (0..64).map(|_| raw(service.port(), &request));
        assert!(futures::future::join_all(many).await.iter().all(|answer| answer.0 == 200));
    });
}

#[test]
fn a_client_that_takes_nothing_of_its_answer_is_let_go() {
    run(async {
        let service = Service::limited(Limits { connections: 1, stall: SHORT, ..Limits::default() }).await;
        // More than the buffers between server and client can hold.
        let text = "x".repeat(900_000);
        for _ in 0..16 {
            let event =
                eventstore::EventData::json("OrderNoteAdded", &text).unwrap().id(uuid::Uuid::new_v4());
            service
                .database()
                .append_to_stream("order-large", &AppendToStreamOptions::default(), event)
                .await
                .unwrap();
        }
        for line in ["A: b", "Accept: text/event-stream"] {
            let socket = TcpSocket::new_v4().unwrap();
            socket.set_recv_buffer_size(8 << 10).unwrap();
            let address = SocketAddr::from(([127, 0, 0, 1], service.port()));
            let mut deaf = socket.connect(address).await.unwrap();
            let request = service.request("/orders/large/events", line);
            deaf.write_all(request.as_bytes()).await.unwrap();
            assert!(head(&mut deaf).await.starts_with("HTTP/1.1 200"));
            let request = service.request("/health", "Connection: close");
            assert_eq!(raw(service.port(), &request).await.0, 200, "its place is free again");
        }
    });
}

#[test]
fn a_service_that_stops_ends_its_streams_and_accepts_no_more() {
    run(async {
        let service = Service::start().await;
        let id = service.create().await;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let api = Api::new(resolve(service.node.connection_string()), service.folder.path());
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(api::serve(listener, api, stopped.map(drop)));
        let follow = http::Request::get(format!("http://{address}/orders/{id}/events"))
            .header("accept", "text/event-stream")
            .body(Full::default());
        let followed = service.client.request(follow.unwrap()).await.unwrap().into_body();
        drop(stop);
        let seen = followed.collect().await.unwrap().to_bytes();
        assert!(String::from_utf8_lossy(&seen).contains("OrderCreated") || seen.is_empty());
        serving.await.unwrap().unwrap();
        assert!(TcpStream::connect(address).await.is_err());
    });
}

#[test]
fn a_panic_ends_its_request_only() {
    run(async {
        let service = Service::start().await;
        let url = service.node.connection_string();
        let broken = Arc::new(AtomicBool::new(true));
        let failing = broken.clone();
        let resolve: Resolve = Arc::new(move || {
            assert!(!failing.load(Ordering::SeqCst), "the connection cannot be resolved");
            std::future::ready(Ok(url.as_str().into())).boxed()
        });
        let (base, stop) = serve_as(Api::new(resolve, service.folder.path()), "127.0.0.1:0").await;
        let service = Service { base, _stop: stop, ..service };
        for path in ["/health", "/orders", "/orders/a", "/orders/a/events"] {
            let answer = service.get(path).await;
            assert_eq!((answer.status, answer.text("error")), (500, "internal error"), "{path}");
            assert!(!answer.text("detail").contains("resolved"), "{}", answer.body);
        }
        let body = r#"{"UserID":"u","Total":1}"#;
        assert_eq!(service.send("POST", "/orders", &[], body).await.status, 500);
        broken.store(false, Ordering::SeqCst);
        service.create().await;
        assert_eq!(service.get("/orders").await.body["orders"].as_array().unwrap().len(), 1);
    });
}
