//! Orders over HTTP: a real socket in front of the real sandbox.

mod connections;
mod ids;
mod kept;
mod new_order;
mod origin;
mod pages;
mod snapshots;

use crate::run;
use eventstore::{AppendToStreamOptions, DeleteStreamOptions, TombstoneStreamOptions};
use futures::{FutureExt, StreamExt};
use hindsight::api::{self, Api};
use hindsight::node::{Config, Node};
use hindsight::store::Resolve;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::sync::oneshot;

pub struct Service {
    node: Node,
    folder: TempDir,
    base: String,
    client: Client<HttpConnector, Full<bytes::Bytes>>,
    _stop: oneshot::Sender<()>,
}

pub struct Answer {
    pub status: u16,
    headers: http::HeaderMap,
    body: Value,
}

impl Answer {
    pub fn text(&self, field: &str) -> &str {
        self.body[field].as_str().unwrap()
    }

    pub fn body(&self) -> &Value {
        &self.body
    }

    /// The path of the next page.
    pub fn next(&self) -> Option<&str> {
        self.headers.get("link")?.to_str().ok()?.strip_prefix('<')?.split('>').next()
    }

    pub fn has(&self, header: &str) -> bool {
        self.headers.contains_key(header)
    }
}

fn resolve(url: String) -> Resolve {
    Arc::new(move || std::future::ready(Ok(url.as_str().into())).boxed())
}

/// Serves the orders of the database; ends with the sender.
async fn serve(url: String, data_dir: &Path) -> (String, oneshot::Sender<()>) {
    serve_as(Api::new(resolve(url), data_dir), "127.0.0.1:0").await
}

async fn serve_as(api: Api, listen: &str) -> (String, oneshot::Sender<()>) {
    let listener = tokio::net::TcpListener::bind(listen).await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let (sender, stop) = oneshot::channel();
    tokio::spawn(api::serve(listener, api, stop.map(drop)));
    (base, sender)
}

impl Service {
    /// Serves the orders of this database.
    pub async fn before(url: &str) -> Self {
        let node = Node::start(Config::default()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (base, stop) = serve(url.to_owned(), folder.path()).await;
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { node, folder, base, client, _stop: stop }
    }

    pub async fn start() -> Self {
        let node = Node::start(Config::default()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let (base, stop) = serve(node.connection_string(), folder.path()).await;
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { node, folder, base, client, _stop: stop }
    }

    /// Serves the same database once more, with other options or at another address.
    async fn restarted(self, listen: &str, options: impl FnOnce(Api) -> Api) -> Self {
        let api = options(Api::new(resolve(self.node.connection_string()), self.folder.path()));
        let (base, stop) = serve_as(api, listen).await;
        Self { base, _stop: stop, ..self }
    }

    fn port(&self) -> u16 {
        self.base.rsplit(':').next().unwrap().parse().unwrap()
    }

    pub fn database(&self) -> eventstore::Client {
        eventstore::Client::new(self.node.connection_string().parse().unwrap()).unwrap()
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let mut request = http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::from(body.to_owned())).unwrap();
        let answer = self.client.request(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send("GET", path, &[], "").await
    }

    async fn create(&self) -> String {
        let answer = self.send("POST", "/orders", &[], r#"{"UserID":"user123","Total":99.90}"#).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.text("order_id").to_owned()
    }

    async fn create_with(&self, id: &str) {
        let body = format!(r#"{{"OrderID":"{id}","UserID":"user123","Total":99.90}}"#);
        let answer = self.send("POST", "/orders", &[], &body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }

    async fn pay(&self, id: &str, headers: &[(&str, &str)]) -> Answer {
        self.send("POST", &format!("/orders/{id}/pay"), headers, "").await
    }

    async fn types(&self, id: &str) -> Vec<String> {
        let answer = self.get(&format!("/orders/{id}/events")).await;
        let events = answer.body["events"].as_array().unwrap();
        events.iter().map(|event| event["type"].as_str().unwrap().to_owned()).collect()
    }
}

#[test]
fn an_order_is_created_paid_and_read_at_every_revision() {
    run(async {
        let service = Service::start().await;
        let body = r#"{"userid":"用户","TOTAL":9007199254740993.25}"#;
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let created = service.send("POST", "/orders", &form, body).await;
        assert_eq!((created.status, &created.body["revision"]), (200, &Value::from(0)), "{}", created.body);
        let id = created.text("order_id");
        assert_eq!(created.headers["location"], format!("/orders/{id}"));
        let order = service.get(&format!("/orders/{id}")).await;
        assert_eq!(order.headers["etag"], "\"0\"");
        assert_eq!(order.body["state"]["UserID"], "用户");
        let paid = service.pay(id, &[("if-match", "\"0\"")]).await;
        assert_eq!((paid.status, &paid.body["revision"]), (200, &Value::from(1)), "{}", paid.body);
        assert_eq!(service.get(&format!("/orders/{id}")).await.body["state"]["Paid"], true);
        assert_eq!(service.get(&format!("/orders/{id}?at=0")).await.body["state"]["Paid"], false);
        assert_eq!(service.get(&format!("/orders/{id}?at=9")).await.status, 404);
        assert_eq!(service.types(id).await, ["OrderCreated", "OrderPaid"]);
        let raw = format!("{}/orders/{id}/events?limit=1", service.base).parse().unwrap();
        let raw = service.client.get(raw).await.unwrap().into_body().collect().await.unwrap().to_bytes();
        let raw = String::from_utf8(raw.to_vec()).unwrap();
        assert!(raw.contains(r#""Total":9007199254740993.25"#) && raw.ends_with(r#""next":1}"#), "{raw}");
    });
}

#[test]
fn each_failure_has_its_status_and_writes_nothing() {
    run(async {
        let service = Service::start().await;
        for body in [
            "",
            "{",
            "[]",
            r#"{"UserID":"u"}"#,
            r#"{"UserID":7,"Total":1}"#,
            r#"{"UserID":"u","Total":"1"}"#,
            r#"{"UserID":"u","Total":-1}"#,
            r#"{"UserID":" ","Total":1}"#,
            r#"{"UserID":"u","Total":1e99}"#,
        ] {
            let answer = service.send("POST", "/orders", &[], body).await;
            assert_eq!((answer.status, answer.text("error")), (400, "invalid request"), "{body}");
            assert!(!answer.text("detail").is_empty());
        }
        let large = format!(r#"{{"UserID":"{}","Total":1}}"#, "u".repeat(100_000));
        assert_eq!(service.send("POST", "/orders", &[], &large).await.status, 413);
        assert!(service.get("/orders").await.body["orders"].as_array().unwrap().is_empty());
        assert_eq!(service.get("/orders/none").await.status, 404);
        assert_eq!(service.pay("none", &[]).await.status, 404);
        assert_eq!(service.get("/nowhere").await.status, 404);
        assert_eq!(service.get("/orders?status=lost").await.status, 400);
        assert_eq!(service.get("/orders?limit=0").await.status, 400);
        let id = service.create().await;
        assert_eq!(service.pay(&id, &[("if-match", "one")]).await.status, 400);
        let conflict = service.pay(&id, &[("if-match", "\"7\"")]).await;
        assert_eq!(
            (conflict.status, &conflict.body["expected"], &conflict.body["actual"]),
            (409, &7.into(), &0.into())
        );
        assert_eq!(service.pay(&id, &[]).await.status, 200);
        let refused = service.pay(&id, &[]).await;
        assert_eq!((refused.status, refused.text("error")), (422, "refused"));
        assert!(refused.text("detail").contains("already paid"));
        let client = service.database();
        let link =
            eventstore::EventData::binary("$>", format!("0@order-{id}").into()).id(uuid::Uuid::new_v4());
        client.append_to_stream("order-links", &AppendToStreamOptions::default(), link).await.unwrap();
        let refused = service.pay("links", &[]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text("detail").contains("stream of links"), "{}", refused.body);
        client.delete_stream(format!("order-{id}"), &DeleteStreamOptions::default()).await.unwrap();
        assert_eq!(service.get(&format!("/orders/{id}")).await.status, 410);
        client.tombstone_stream(format!("order-{id}"), &TombstoneStreamOptions::default()).await.unwrap();
        assert_eq!(service.pay(&id, &[]).await.status, 410);
    });
}

#[test]
fn a_repeated_key_is_answered_as_the_first_time_after_a_restart_too() {
    run(async {
        let mut service = Service::start().await;
        let (key, body) = ([("idempotency-key", "k 1")], r#"{"UserID":"u","Total":1.50}"#);
        let first = service.send("POST", "/orders", &key, body).await;
        let id = first.text("order_id").to_owned();
        assert_eq!(service.pay(&id, &[("idempotency-key", "p"), ("if-match", "0")]).await.status, 200);
        let (base, stop) = serve(service.node.connection_string(), service.folder.path()).await;
        service.base = base;
        let again = service.send("POST", "/orders", &key, body).await;
        assert_eq!((again.status, &again.body), (200, &first.body));
        let paid = service.pay(&id, &[("idempotency-key", "p"), ("if-match", "0")]).await;
        assert_eq!((paid.status, &paid.body["revision"]), (200, &Value::from(1)));
        let other = service.send("POST", "/orders", &key, r#"{"UserID":"u","Total":2}"#).await;
        assert_eq!(other.status, 422, "{}", other.body);
        assert_eq!(service.pay(&id, &[("idempotency-key", "q")]).await.status, 422);
        assert_eq!(service.types(&id).await, ["OrderCreated", "OrderPaid"]);
        drop(stop);
    });
}

#[test]
fn of_five_hundred_pays_of_a_hundred_orders_each_order_takes_one() {
    run(async {
        let service = Service::start().await;
        let ids: Vec<String> = futures::stream::iter(0..100).then(|_| service.create()).collect().await;
        for keyed in [false, true] {
            let pays = (0..500).map(|n| {
                let id = &ids[n % 100];
                let service = &service;
                async move {
                    let key = [("idempotency-key", "same")];
                    service.pay(id, if keyed { &key } else { &[] }).await.status
                }
            });
            let statuses: Vec<u16> = futures::stream::iter(pays).buffer_unordered(64).collect().await;
            let paid = statuses.iter().filter(|status| **status == 200).count();
            assert_eq!(paid, if keyed { 0 } else { 100 });
            assert!(statuses.iter().all(|status| [200, 409, 422].contains(status)), "{statuses:?}");
        }
        for id in &ids {
            assert_eq!(service.types(id).await, ["OrderCreated", "OrderPaid"]);
        }
        let fresh: Vec<String> = futures::stream::iter(0..20).then(|_| service.create()).collect().await;
        let pays = (0..100).map(|n| {
            let (service, id) = (&service, &fresh[n % 20]);
            async move { service.pay(id, &[("idempotency-key", "same")]).await.status }
        });
        let statuses: Vec<u16> = futures::stream::iter(pays).buffer_unordered(64).collect().await;
        assert!(
            statuses.iter().all(|status| *status == 200),
            "a repeat is answered as the first: {statuses:?}"
        );
        for id in &fresh {
            assert_eq!(service.types(id).await, ["OrderCreated", "OrderPaid"]);
        }
    });
}

#[test]
fn events_go_on_live_and_resume_after_the_last_id() {
    run(async {
        let service = Service::start().await;
        let id = service.create().await;
        let follow = |last: Option<&str>| {
            let mut request = http::Request::get(format!("{}/orders/{id}/events", service.base))
                .header("accept", "text/event-stream");
            if let Some(last) = last {
                request = request.header("last-event-id", last);
            }
            service.client.request(request.body(Full::default()).unwrap())
        };
        let mut first = follow(None).await.unwrap().into_body();
        let mut seen = String::new();
        while !seen.contains("OrderCreated") {
            seen += &String::from_utf8_lossy(first.frame().await.unwrap().unwrap().data_ref().unwrap());
        }
        service.pay(&id, &[]).await;
        while !seen.contains("OrderPaid") {
            seen += &String::from_utf8_lossy(first.frame().await.unwrap().unwrap().data_ref().unwrap());
        }
        let mut resumed = follow(Some("0")).await.unwrap().into_body();
        let mut rest = String::new();
        while !rest.contains("\n\n") {
            rest += &String::from_utf8_lossy(resumed.frame().await.unwrap().unwrap().data_ref().unwrap());
        }
        assert!(rest.contains("id: 1\n") && !rest.contains("OrderCreated"), "{rest}");
    });
}

#[test]
fn an_event_stream_says_when_the_database_is_lost_and_goes_on_with_nothing_twice() {
    run(async {
        let (folder, data) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let storage = hindsight::node::Storage::File(folder.path().join("s.db"));
        let config = Config { storage, ..Config::default() };
        let node = Node::start(config.clone()).await.unwrap();
        let address = node.address();
        let (base, _stop) = serve(node.connection_string(), data.path()).await;
        let service = Service { base, ..Service::start().await };
        let id = service.create().await;
        let request = http::Request::get(format!("{}/orders/{id}/events", service.base))
            .header("accept", "text/event-stream")
            .body(Full::default())
            .unwrap();
        let mut stream = service.client.request(request).await.unwrap().into_body();
        let mut seen = String::new();
        let mut until = async |part: &str| {
            while !seen.contains(part) {
                seen += &String::from_utf8_lossy(stream.frame().await.unwrap().unwrap().data_ref().unwrap());
            }
            seen.clone()
        };
        until("OrderCreated").await;
        node.shutdown().await;
        let said = until("\"lost\"").await;
        assert!(said.contains("event: database\n"), "{said}");
        let _node = Node::start(Config { listen: address, ..config }).await.unwrap();
        until("\"back\"").await;
        service.pay(&id, &[]).await;
        let said = until("OrderPaid").await;
        assert_eq!(said.matches("id: 0\n").count(), 1, "{said}");
        assert_eq!(said.matches("event: database\n").count(), 2, "{said}");
    });
}

#[test]
fn a_database_that_is_away_is_503_until_it_is_back() {
    run(async {
        let folder = tempfile::tempdir().unwrap();
        let (base, _stop) = serve("esdb://127.0.0.1:1?tls=false".to_owned(), folder.path()).await;
        let service = Service { base, ..Service::start().await };
        for path in ["/health", "/orders", "/orders/a"] {
            let answer = service.get(path).await;
            assert_eq!((answer.status, answer.text("error")), (503, "unavailable"), "{path}");
            assert!(answer.headers.contains_key("retry-after"));
        }
        let document = service.get("/openapi.json").await;
        assert!(document.body["paths"]["/orders/{id}/pay"]["post"]["responses"]["409"].is_object());
        let paths = document.body["paths"].as_object().unwrap();
        for (path, operation) in paths
            .iter()
            .flat_map(|(path, all)| all.as_object().unwrap().values().map(move |operation| (path, operation)))
        {
            for status in ["403", "500", "502", "503", "504"] {
                let error = &operation["responses"][status]["content"]["application/json"]["schema"]["$ref"];
                assert_eq!(error, "#/components/schemas/Error", "{path} {status}: {operation}");
            }
        }
        let order = &document.body["components"]["schemas"]["NewOrder"];
        let fields = &order["properties"];
        assert!(fields["UserID"].is_object() && fields["Total"].is_object(), "{fields}");
        assert_eq!(fields["OrderID"]["type"], "string", "{fields}");
        assert_eq!(order["required"], serde_json::json!(["UserID", "Total"]));
        assert_eq!(order["additionalProperties"], false);
    });
}
