//! One port for gRPC and for the few HTTP pages that tools ask for.

use super::{
    access::Caller,
    cluster::{self, Refusal},
    config::Connections,
    faults::Fate,
    http,
    refused::Watch,
    reset,
    service::{self, Deadline, Reached, Services, Shared, status},
    socket::Socket,
    users::Unauthenticated,
};
use ::http::{HeaderMap, HeaderValue, Request, Response, uri::Authority};
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
    service::TowerToHyperService,
};
use std::{convert::Infallible, pin::Pin, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpListener,
    sync::{Notify, watch},
    time::Instant,
};
use tokio_rustls::TlsAcceptor;
use tonic::body::BoxBody;

/// How long a client may take to agree on TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How long a connection may be there before it asks anything; clients connect when they have something to ask.
const FIRST_REQUEST: Duration = Duration::from_secs(30);
/// How long open calls may take to end at shutdown.
const GRACE: Duration = Duration::from_millis(500);
/// How long a refused call waits for its request, to tell of it.
const GLANCE: Duration = Duration::from_millis(100);
/// Calls whose answers name addresses.
const ADDRESSED: [&str; 2] =
    ["/event_store.client.gossip.Gossip/Read", "/event_store.client.streams.Streams/BatchAppend"];

/// Accepts until told to stop, then ends every connection.
pub async fn serve(
    listener: TcpListener,
    tls: Option<TlsAcceptor>,
    connections: Connections,
    shared: Shared,
    mut stopping: watch::Receiver<bool>,
) {
    let services = service::services(&shared);
    let graceful = GracefulShutdown::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopping.wait_for(|s| *s) => break,
        };
        match accepted {
            Ok((socket, _)) => connection(
                Socket { tcp: socket, prompt: !connections.lazy_ack },
                connections,
                tls.clone(),
                &services,
                &shared,
                &graceful,
            ),
            Err(error) => {
                // Out of descriptors, most likely: give others time to end.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::debug!("a connection did not end in time");
    }
}

fn connection(
    socket: Socket,
    connections: Connections,
    tls: Option<TlsAcceptor>,
    services: &Services,
    shared: &Shared,
    graceful: &GracefulShutdown,
) {
    if let Err(error) = socket.tcp.set_nodelay(true) {
        tracing::debug!(%error, "answers may be late");
    }
    let (services, shared, watcher) = (services.clone(), shared.clone(), graceful.watcher());
    tokio::spawn(async move {
        let Some(acceptor) = tls else { return talk(socket, connections, services, shared, watcher).await };
        match tokio::time::timeout(HANDSHAKE, acceptor.accept(socket)).await {
            Ok(Ok(stream)) => talk(stream, connections, services, shared, watcher).await,
            Ok(Err(error)) => tracing::debug!(%error, "no TLS connection came about"),
            Err(_) => tracing::debug!("a TLS handshake took too long"),
        }
    });
}

/// Answers what comes on one connection, until it ends.
async fn talk<S>(stream: S, connections: Connections, services: Services, shared: Shared, watcher: Watcher)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let asked = Arc::new(Notify::new());
    let asks = asked.clone();
    let service = tower::service_fn(move |request| {
        asks.notify_one();
        // Boxed, as a task is made of it, which is moved more than once.
        Box::pin(answer(services.clone(), shared.clone(), connections, request))
    });
    let mut builder = auto::Builder::new(TokioExecutor::new());
    // A client that has sent all may close its side and wait.
    builder.http1().half_close(true);
    builder
        .http2()
        // Each may hold some pages for a client that does not read them.
        .max_concurrent_streams(256)
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20)
        .max_header_list_size(64 << 10);
    let served = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(service));
    let silent = async {
        if tokio::time::timeout(FIRST_REQUEST, asked.notified()).await.is_ok() {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        ended = watcher.watch(served.into_owned()) => {
            if let Err(error) = ended {
                tracing::debug!(%error, "a connection broke");
            }
        }
        () = silent => tracing::debug!("a connection that asked nothing was let go"),
    }
}

/// By which address the client reached this node: where others can too, whatever is between.
fn reached<B>(request: &Request<B>, shared: &Shared) -> Reached {
    let host = || request.headers().get("host")?.to_str().ok()?.parse().ok();
    let authority: Option<Authority> = request.uri().authority().cloned().or_else(host);
    let own = shared.address;
    match authority {
        Some(a) => Reached {
            host: a.host().trim_matches(['[', ']']).to_owned(),
            port: a.port_u16().unwrap_or(own.port()),
        },
        None => Reached { host: own.ip().to_string(), port: own.port() },
    }
}

async fn answer<B>(
    services: Services,
    shared: Shared,
    connections: Connections,
    request: Request<B>,
) -> Result<Response<BoxBody>, Infallible>
where
    B: http_body::Body<Data = bytes::Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    let kind = request.headers().get("content-type").map(HeaderValue::as_bytes);
    if !kind.is_some_and(|k| k.starts_with(b"application/grpc")) {
        let caller = shared.users.caller(request.headers());
        if request.uri().path() == reset::PATH {
            return Ok(reset::answer(&shared, caller, request.method(), request.headers()).await);
        }
        let at = reached(&request, &shared);
        return Ok(http::answer(&shared, caller, &at, request.method(), request.uri()));
    }
    let Some(tell) = connections.refused else {
        return Ok(with_faults(services, shared, connections, request).await);
    };
    let (watch, request) = Watch::new(tell, request);
    Ok(watch.follow(with_faults(services, shared, connections, request).await))
}

/// A call that may fail or wait, where that is asked for.
async fn with_faults<B>(
    services: Services,
    shared: Shared,
    connections: Connections,
    mut request: Request<B>,
) -> Response<BoxBody>
where
    B: http_body::Body<Data = bytes::Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    let Some(fate) = shared.dice.fate(request.uri().path()) else {
        return call(services, shared, connections, request).await;
    };
    let (path, dice) = (request.uri().path().to_owned(), shared.dice.clone());
    let answer = match fate {
        Fate::Undone => {
            glance(connections, request.body_mut()).await;
            status::not_ready().into_http()
        }
        Fate::Served | Fate::Lost => call(services, shared, connections, request).await,
    };
    dice.deliver(fate, &path, answer).await
}

/// Lets the beginning of a request come in that nobody will read, for who is told of refused calls.
async fn glance<B>(connections: Connections, body: &mut B)
where
    B: http_body::Body + Unpin,
{
    if connections.refused.is_some() {
        let first = std::future::poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx).map(drop));
        let came = tokio::time::timeout(GLANCE, first).await;
        tracing::trace!(?came, "the beginning of a refused request");
    }
}

async fn call<B>(
    services: Services,
    shared: Shared,
    connections: Connections,
    mut request: Request<B>,
) -> Response<BoxBody>
where
    B: http_body::Body<Data = bytes::Bytes> + Send + Unpin + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>> + Send,
{
    if let Err(refused) = admit(&shared, connections, &mut request) {
        glance(connections, request.body_mut()).await;
        return refused.into_http();
    }
    if ADDRESSED.contains(&request.uri().path()) {
        let at = reached(&request, &shared);
        request.extensions_mut().insert(at);
    }
    let deadline = timeout(request.headers()).map(|time| Instant::now() + time);
    if let Some(at) = deadline {
        request.extensions_mut().insert(Deadline(at));
    }
    let service = request.uri().path().trim_start_matches('/').split('/').next().unwrap_or_default();
    let unknown =
        if service::serves(service) { "Method is unimplemented." } else { "Service is unimplemented." };
    let called = services.call(request);
    let response = match deadline {
        None => called.await,
        Some(at) => match tokio::time::timeout_at(at, called).await {
            Ok(response) => response,
            Err(_) => return status::deadline().into_http(),
        },
    };
    in_the_real_words(response, unknown)
}

/// Whether this port takes the call; the request then says who calls.
#[allow(clippy::result_large_err, reason = "the error is tonic's own Status, which is sent as it is")]
fn admit<B>(
    shared: &Shared,
    connections: Connections,
    request: &mut Request<B>,
) -> Result<(), tonic::Status> {
    let refusal = shared.cluster.refusal(shared.address, request.uri().path(), request.headers());
    if refusal == Some(Refusal::NotReady) {
        return Err(status::not_ready());
    }
    let caller = shared.users.caller(request.headers());
    let caller = caller.map_err(|Unauthenticated| tonic::Status::unauthenticated("Unauthenticated"))?;
    // Who may not do it anyway is not sent to the leader.
    if caller != Caller::Anonymous {
        if let Some(refusal) = refusal {
            return Err(status::refused(refusal, &reached(request, shared).host));
        }
        if connections.faults.read_only && cluster::writes(request.uri().path()) {
            return Err(status::no_leader());
        }
    }
    request.extensions_mut().insert(caller);
    Ok(())
}

/// tonic says `OUT_OF_RANGE` (11) for a message above the limit, which clients know as `RESOURCE_EXHAUSTED` (8), and has
/// other texts or none for a method that is not there (12) and a request without a message (13).
fn in_the_real_words(mut response: Response<BoxBody>, unknown: &'static str) -> Response<BoxBody> {
    const MISSING: &str = "Missing%20request%20message.";
    let headers = response.headers_mut();
    let said = headers.get("grpc-message").map(HeaderValue::as_bytes);
    let (status, message) = match headers.get("grpc-status").map(HeaderValue::as_bytes) {
        Some(b"11") => ("8", "Received message exceeds the maximum configured message size."),
        Some(b"12") if said.is_none() => ("12", unknown),
        Some(b"13") if said == Some(MISSING.as_bytes()) => ("13", "Incomplete message."),
        _ => return response,
    };
    headers.insert("grpc-status", HeaderValue::from_static(status));
    headers.insert("grpc-message", HeaderValue::from_static(message));
    response
}

/// `grpc-timeout`: at most eight digits and a unit.
fn timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get("grpc-timeout")?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    let n: u64 = (digits.len() <= 8).then(|| digits.parse().ok())??;
    Some(match unit {
        "H" => Duration::from_secs(n * 3600),
        "M" => Duration::from_secs(n * 60),
        "S" => Duration::from_secs(n),
        "m" => Duration::from_millis(n),
        "u" => Duration::from_micros(n),
        "n" => Duration::from_nanos(n),
        _ => return None,
    })
}
