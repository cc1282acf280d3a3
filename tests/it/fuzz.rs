//! A fuzz target for every decoder of outside bytes. `cargo test` replays each corpus under `__fuzz__` and adds random
//! inputs; `cargo bolero test --engine afl fuzz::NAME` goes on from there.

use bolero::check;
use hindsight::aggregate::Registry;
use hindsight::aggregate::order::{OrderId, Total, UserId};
use hindsight::app::{App, PaletteHits, Settings, Take};
use hindsight::history::Timeline;
use hindsight::node::{Config, Node};
use hindsight::record::payload_text::{Folds, PayloadText};
use hindsight::record::{Created, Position, Record, Revision, StreamName, json};
use hindsight::sentences::append_error;
use hindsight::store::{ConnectionString, Journal, Target};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use jiff::tz::TimeZone;
use tokio::runtime::Runtime;

const RANDOM: usize = 2_000;
/// Where each input crosses a socket.
const RANDOM_CALLS: usize = 300;

fn record(revision: u64, event_type: &str, data: &[u8]) -> Record {
    Record {
        stream: StreamName::new("order-a"),
        revision: Revision(revision),
        id: uuid::Uuid::nil(),
        event_type: event_type.into(),
        created: Created(0),
        position: Position { commit: revision, prepare: revision },
        declared_json: true,
        data: data.into(),
        metadata: data.into(),
        target: None,
    }
}

/// Nothing that a terminal obeys.
fn is_tame(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() && c != '\n' || ('\u{202a}'..='\u{202e}').contains(&c))
}

fn timeline_of(stream: &str) -> Timeline {
    let stream = StreamName::new(stream);
    Timeline::new(Registry::default().for_stream(&stream).clone(), stream)
}

#[test]
fn event_data() {
    check!().with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        let mut timeline = timeline_of("order-a");
        for (revision, event_type) in (0..).zip(["OrderCreated", "OrderPaid", "OrderCreated"]) {
            timeline.push(record(revision, event_type, bytes));
        }
        for index in 0..3 {
            let frame = timeline.frame(Some(index));
            assert_eq!(frame.problem.is_some(), timeline.problem_text(index).is_some());
        }
        // What was understood is kept to the last digit.
        assert_eq!(
            timeline.aggregate().fields(&timeline.state_at(Some(0))).is_some(),
            timeline.setter("ID", Some(0)).is_some()
        );
    });
}

#[test]
fn shown_text() {
    check!().with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        assert!(is_tame(&json::one_line(bytes, 80)));
        let text = PayloadText::readable(bytes, &|| true).unwrap();
        let rows = text.rows(40, &Folds::default(), &|| true).unwrap();
        assert!((0..rows.count()).all(|row| is_tame(&text.row(&rows, row, bytes))));
        let found = text.find(bytes, "a", &|| true).unwrap();
        for row in 0..rows.count() {
            let shown = text.row(&rows, row, bytes);
            let marks = text.marks(&rows, row, &found);
            assert!(marks.into_iter().all(|(mark, _)| shown.get(mark).is_some()));
        }
        let text = String::from_utf8_lossy(bytes);
        assert!(is_tame(&json::safe(&text)));
        assert!(is_tame(&json::safe_lines(&text)));
    });
}

#[test]
fn typed_text() {
    check!().with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(total) = Total::parse(&text) {
            assert_eq!(
                Total::parse(total.as_str()).as_ref(),
                Ok(&total),
                "what is understood is stored as such"
            );
        }
        assert!(OrderId::parse(&text).is_err() || !text.trim().is_empty());
        assert!(UserId::parse(&text).is_err() || !text.trim().is_empty());
        let mut palette = PaletteHits::default();
        let mut app = App::new(Target::Sandbox, "order", Settings::default());
        palette.update(&app, &text, Created(0), &TimeZone::UTC);
        let first = palette.hits().first().map(|hit| hit.take.clone());
        if let Some(Take::Intents(intents)) = first {
            for intent in intents {
                drop(app.apply(intent));
            }
        }
    });
}

#[test]
fn connection_string() {
    check!().with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        ConnectionString::from(&*text).left_out();
        let given = ConnectionString::from(format!("esdb://admin:{text}@host:2113"));
        let plain = !text.contains(['@', ':', '/', '?', ',']);
        assert!(!plain || given.hosts() == "host:2113");
        // Whatever the password holds, it is not shown.
        let secret = ConnectionString::from(format!("esdb://admin:XyZZy{text}XyZZy@host:2113?tls=false"));
        assert!(!format!("{secret} {secret:?} {}", secret.hosts()).contains("XyZZy"), "{text:?}");
    });
}

#[test]
fn journal_file() {
    let folder = tempfile::tempdir().unwrap();
    check!().with_iterations(RANDOM).for_each(|bytes: &[u8]| {
        let journal = Journal::in_folder(folder.path(), append_error);
        std::fs::write(journal.file(), bytes).unwrap();
        let lines = bytes.split(|byte| *byte == b'\n').count();
        assert!(journal.entries().unwrap().len() <= lines);
    });
}

/// One call of the node with these bytes as its message; the gRPC status, where there is one.
fn call(runtime: &Runtime, node: &Node, method: &str, message: &[u8]) -> Option<String> {
    let mut body = vec![0];
    body.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    body.extend(message);
    let request = http::Request::post(format!("http://{}/event_store.client.{method}", node.address()))
        .header("content-type", "application/grpc")
        .header("grpc-timeout", "200m")
        .body(Full::from(body))
        .unwrap();
    runtime.block_on(async {
        let client: Client<HttpConnector, Full<bytes::Bytes>> =
            Client::builder(TokioExecutor::new()).http2_only(true).build_http();
        let answer = client.request(request).await.unwrap();
        let of = |headers: &http::HeaderMap| Some(headers.get("grpc-status")?.to_str().unwrap().to_owned());
        let early = of(answer.headers());
        let trailers = answer.into_body().collect().await.unwrap().trailers().and_then(of);
        early.or(trailers)
    })
}

fn node_answers(methods: &[&str], input: &[u8]) {
    thread_local! {
        static NODE: (Runtime, Node) = {
            let runtime = Runtime::new().unwrap();
            let node = runtime.block_on(Node::start(Config::default())).unwrap();
            (runtime, node)
        };
    }
    NODE.with(|(runtime, node)| {
        for method in methods {
            assert!(call(runtime, node, method, input).is_some(), "{method} gave no status");
        }
        let empty = call(runtime, node, "server_features.ServerFeatures/GetSupportedMethods", &[]);
        assert_eq!(empty.as_deref(), Some("0"), "it serves others");
    });
}

#[test]
fn node_requests() {
    check!().with_iterations(RANDOM_CALLS).for_each(|bytes: &[u8]| {
        node_answers(
            &[
                "streams.Streams/Read",
                "streams.Streams/Append",
                "streams.Streams/BatchAppend",
                "streams.Streams/Delete",
                "streams.Streams/Tombstone",
            ],
            bytes,
        );
    });
}
