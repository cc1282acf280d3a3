//! Orders over HTTP: the same decision as behind form and terminal, for programs.

mod answer;
mod command;
mod door;
mod events;
mod hosts;
mod input;
mod key;
mod orders;
mod schema;
mod snapshot;
mod view;

pub use door::Api;
pub use hosts::HostName;

use answer::Failure;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, http::header};
use hosts::Hosts;
use std::future::{Future, IntoFuture};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

/// The longest that a request may take, its body included; an event stream only until it begins.
const LIMIT: Duration = Duration::from_secs(30);
/// How long requests in progress may go on when the program is told to stop.
const GRACE: Duration = Duration::from_secs(5);

/// Serves until told to stop, then finishes what was begun.
pub async fn serve(
    listener: TcpListener,
    api: Api,
    stop: impl Future<Output = ()>,
) -> Result<(), std::io::Error> {
    let hosts = Hosts::of(listener.local_addr()?, api.host_names().to_vec());
    let api = Arc::new(api);
    let mut stopping = api.stopping();
    let graceful = async move {
        // Ends with the sender too.
        drop(stopping.wait_for(|stop| *stop).await);
    };
    let server =
        axum::serve(listener, router(api.clone(), hosts)).with_graceful_shutdown(graceful).into_future();
    tokio::pin!(server);
    tokio::select! {
        ended = &mut server => return ended,
        () = stop => api.stop(),
    }
    tokio::time::timeout(GRACE, server).await.unwrap_or(Ok(()))
}

fn router(api: Arc<Api>, hosts: Hosts) -> Router {
    Router::new()
        .route("/orders", post(orders::create).get(orders::list))
        .route("/orders/:id", get(orders::one))
        .route("/orders/:id/pay", post(orders::pay))
        .route("/orders/:id/events", get(events::events))
        // The order whose id is empty: a parameter matches at least one character.
        .route("/orders/", get(orders::one))
        .route("/orders//pay", post(orders::pay))
        .route("/orders//events", get(events::events))
        .route("/health", get(orders::health))
        .route("/openapi.json", get(openapi))
        .fallback(nothing_here)
        .layer(from_fn_with_state((api.clone(), Arc::new(hosts)), guarded))
        .with_state(api)
}

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], schema::document()).into_response()
}

async fn nothing_here() -> Failure {
    Failure::Unknown("There is nothing at this path. GET /openapi.json lists what there is.".to_owned())
}

/// Who may ask, a time limit, and one log line for each request.
async fn guarded(
    State((api, hosts)): State<(Arc<Api>, Arc<Hosts>)>,
    request: Request,
    next: Next,
) -> Response {
    let (started, method) = (Instant::now(), request.method().clone());
    let path = crate::record::json::safe(request.uri().path()).into_owned();
    let answer = match hosts.admit(&request) {
        Ok(()) => answered(next.run(request)).await,
        Err(failure) => failure.into_response(),
    };
    let status = answer.status();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        // The next request asks anew who serves.
        api.forget_session().await;
    }
    tracing::info!("{method} {path} {} {:.1} ms", status.as_u16(), started.elapsed().as_secs_f64() * 1e3);
    answer
}

async fn answered(answer: impl Future<Output = Response>) -> Response {
    tokio::time::timeout(LIMIT, answer).await.unwrap_or_else(|_| Failure::Slow.into_response())
}
