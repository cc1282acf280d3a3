//! Orders over HTTP: the same decision as behind form and terminal, for programs.

mod command;
mod database;
mod error;
mod events;
mod hosts;
mod listener;
mod orders;
mod past_orders;
mod request;
mod schema;
mod snapshot;
mod view;

pub use database::Api;
pub use hosts::HostName;
pub use listener::Limits;

use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Router, http::header};
use error::RequestError;
use futures::FutureExt;
use hosts::Hosts;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::net::TcpListener;

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
    let server = listener::serve(listener, router(api.clone(), hosts), api.limits(), api.stopping());
    tokio::pin!(server);
    tokio::select! {
        () = &mut server => return Ok(()),
        () = stop => api.stop(),
    }
    if tokio::time::timeout(GRACE, server).await.is_err() {
        tracing::debug!("a request did not end in time");
    }
    Ok(())
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

async fn nothing_here() -> RequestError {
    RequestError::Unknown("There is nothing at this path. GET /openapi.json lists what there is.".to_owned())
}

/// Who may ask, a time limit, and one log line for each request; a panic ends the request only.
async fn guarded(
    State((api, hosts)): State<(Arc<Api>, Arc<Hosts>)>,
    request: Request,
    next: Next,
) -> Response {
    let (started, method) = (Instant::now(), request.method().clone());
    let path = crate::record::json::safe(request.uri().path()).into_owned();
    let answer = match hosts.admit(&request) {
        Ok(()) => answered(&api, &method, next.run(request)).await,
        Err(failure) => failure.into_response(),
    };
    let status = answer.status();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        api.check_session().await;
    }
    tracing::info!("{method} {path} {} {:.1} ms", status.as_u16(), started.elapsed().as_secs_f64() * 1e3);
    answer
}

async fn answered(api: &Api, method: &Method, answer: impl Future<Output = Response>) -> Response {
    match tokio::time::timeout(api.limits().request, AssertUnwindSafe(answer).catch_unwind()).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(_)) => {
            // The message may quote an event: it is not logged.
            tracing::error!("a request failed by a panic");
            api.start_over().await;
            RequestError::Panicked.into_response()
        }
        Err(_) if *method == Method::POST => {
            let detail = "The request took too long. It may or may not have been done: read the order, or repeat the request with the same Idempotency-Key.";
            RequestError::NotKnown(detail.to_owned()).into_response()
        }
        Err(_) => RequestError::Slow.into_response(),
    }
}
