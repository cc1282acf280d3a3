//! A task that panics becomes a sentence, and the window goes on.

use crate::run;
use crate::store::{Watcher, paid};
use crate::window::Window;
use futures::FutureExt;
use hindsight::store::{AppendError, Connection, Goal, Store, StoreError, Target, Update};
use http_body_util::{BodyExt, StreamBody};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

type Body = http_body_util::combinators::UnsyncBoxBody<bytes::Bytes, Infallible>;

fn message(bytes: &[u8]) -> hyper::body::Frame<bytes::Bytes> {
    let mut frame = vec![0, 0, 0, 0, u8::try_from(bytes.len()).unwrap()];
    frame.extend(bytes);
    hyper::body::Frame::data(frame.into())
}

/// A server whose streams are empty, or missing, and whose answer to an append lacks what the client unwraps.
async fn answer(
    request: http::Request<hyper::body::Incoming>,
    missing: bool,
) -> Result<http::Response<Body>, Infallible> {
    let path = request.uri().path().to_owned();
    let body =
        request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    // A subscription is option 6, an empty message; it never ends.
    let subscribes = path.ends_with("/Read") && body.windows(2).any(|pair| pair == [0x32, 0]);
    let status = if path.ends_with("GetSupportedMethods") { "12" } else { "0" };
    // That there is no such stream is field 4, empty too.
    let absent = (missing && !subscribes && path.ends_with("/Read")).then(|| message(&[0x22, 0]));
    let first = path.ends_with("/Append").then(|| message(&[0x0a, 0])).or(absent);
    let trailers = http::HeaderMap::from_iter([("grpc-status".parse().unwrap(), status.parse().unwrap())]);
    let last = hyper::body::Frame::trailers(trailers);
    let frames = futures::stream::iter(first.into_iter().chain((!subscribes).then_some(last)).map(Ok));
    let body = if subscribes {
        StreamBody::new(futures::stream::pending()).boxed_unsync()
    } else {
        StreamBody::new(frames).boxed_unsync()
    };
    Ok(http::Response::builder().header("content-type", "application/grpc").body(body).unwrap())
}

pub async fn broken_server(missing: bool) -> SocketAddr {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let served = hyper::server::conn::http2::Builder::new(TokioExecutor::new()).serve_connection(
                TokioIo::new(socket),
                hyper::service::service_fn(move |request| answer(request, missing)),
            );
            tokio::spawn(served);
        }
    });
    address
}

#[test]
fn an_append_that_panics_is_of_unknown_fate_and_blocks_nothing() {
    run(async {
        let address = broken_server(false).await;
        let mut watcher = Watcher::of(&format!("esdb://{address}?tls=false"));
        watcher.until("online", Watcher::online);
        for count in 1..=2 {
            watcher.append(paid("a", 0));
            watcher.until("an answer", |w| w.appended.len() == count);
            let unknown = AppendError::Unknown(StoreError::Internal("writing"));
            assert_eq!(watcher.appended.last(), Some(&Err(unknown)));
        }
        assert!(watcher.online(), "the connection goes on");
    });
}

#[test]
fn a_sandbox_that_panics_while_it_starts_is_a_state_of_the_connection() {
    run(async {
        let resolve = Arc::new(|| async { panic!("a test") }.boxed());
        let mut store = Store::start(&tokio::runtime::Handle::current(), resolve, None, Arc::new(|| {}));
        let goal = Goal::listing(Target::Sandbox, "order");
        store.aim(&goal);
        let mut failures = 0;
        while failures < 2 {
            tokio::task::yield_now().await;
            for update in store.drain(64) {
                if let Update::Connection(Connection::Waiting { why, .. }) = update {
                    assert_eq!(why, StoreError::Internal("connecting"));
                    failures += 1;
                    store.aim(&Goal { retry: failures, ..goal.clone() });
                }
            }
        }
    });
}

/// The window's wake-up is called by the worker itself.
#[test]
fn a_worker_that_panics_connects_again_and_goes_on() {
    run(async {
        let node = hindsight::node::Node::start(hindsight::node::Config::default()).await.unwrap();
        let calls = Arc::new(std::sync::atomic::AtomicU32::new(0));
        let counted = calls.clone();
        let wake = Arc::new(move || {
            assert!(counted.fetch_add(1, std::sync::atomic::Ordering::Relaxed) != 1, "a test");
        });
        let never = Arc::new(|| async { Err(StoreError::NotReady) }.boxed());
        let mut store = Store::start(&tokio::runtime::Handle::current(), never, None, wake);
        store.aim(&Goal::listing(Target::Server(node.connection_string().as_str().into()), "order"));
        let (mut said, mut caught_up) = (false, false);
        while !caught_up {
            tokio::task::yield_now().await;
            for update in store.drain(64) {
                match update {
                    Update::Connection(Connection::Waiting { why, .. }) => {
                        assert_eq!(why, StoreError::Internal("following the database"));
                        said = true;
                    }
                    Update::Listing(listing) => caught_up = listing.caught_up,
                    _ => {}
                }
            }
        }
        assert!(said, "the panic was not told");
    });
}

#[test]
fn a_reset_that_panics_is_a_sentence_in_the_window() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let node = runtime.block_on(hindsight::node::Node::start(hindsight::node::Config::default())).unwrap();
    let reset: hindsight::shell::Reset = Arc::new(|| panic!("a test"));
    let url = node.connection_string();
    let mut window = Window::with_reset(&url, runtime, node, egui::Theme::Dark, reset);
    window.click("Connection");
    window.click("Reset sandbox…");
    window.click("Reset now");
    window.until("Hindsight failed inside while resetting the sandbox");
    window.click("Create order");
    window.until("Type a user and a total");
}

/// A wish is a value: however fast the wishes change, the last one is what is done.
#[test]
fn of_a_thousand_goals_in_a_row_the_last_one_holds() {
    run(async {
        let node = hindsight::node::Node::start(hindsight::node::Config::default()).await.unwrap();
        let session = hindsight::store::Session::connect(node.connection_string()).await.unwrap();
        let append = crate::store::created("999", "u");
        session.writer().append(&append, hindsight::store::Permit::NotProduction).await.unwrap();
        let mut watcher = Watcher::of(&node.connection_string());
        for number in 0..1_000 {
            watcher.open(&number.to_string());
        }
        watcher.until("the last one", |w| w.revisions() == [0]);
        assert_eq!(watcher.life, Some(hindsight::store::Life::Live));
    });
}
