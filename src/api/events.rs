//! An order's events: a page, or a stream that goes on live.

use super::command::exists;
use super::database::Api;
use super::error::{Error, RequestError, json};
use super::orders::{Id, id};
use super::request;
use super::schema::Common;
use super::view::{EventPage, EventView};
use crate::aggregate::order::stream_of;
use crate::record::{Record, Revision, StreamName, json::json_line};
use crate::store::{Session, Tail};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use std::convert::Infallible;
use std::sync::Arc;

const MAX_PAGE: usize = 1_000;

/// The events of an order
#[utoipa::path(
    get, path = "/orders/{id}/events",
    params(
        ("id" = String, Path, description = "The order"),
        ("from" = Option<u64>, Query, description = "First revision of the page"),
        ("limit" = Option<u64>, Query, description = "Events a page, 1 to 1000; 100 without it"),
        ("Last-Event-ID" = Option<String>, Header, description = "With `Accept: text/event-stream`: goes on after this revision"),
    ),
    responses(
        (status = 200, description = "One page; with `Accept: text/event-stream` all events and then what is written", content(
            (EventPage = "application/json"), (String = "text/event-stream"))),
        (status = 400, description = "Invalid request", body = Error),
        (status = 404, description = "No such order", body = Error),
        (status = 410, description = "Gone", body = Error),
        Common,
    )
)]
pub async fn events(
    State(api): State<Arc<Api>>,
    path: Id,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    let stream = stream_of(&id(path)?);
    let after = request::last_event_id(&headers)?;
    let from = request::revision(&uri, "from")?.map(|from| from.0);
    let limit = request::limit(&uri, MAX_PAGE)?;
    let session = api.session().await?;
    let wanted = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if wanted.contains("text/event-stream") {
        let order = api.rehydrate(&session, &stream, Some(Revision(0))).await?;
        exists(&order, &stream, false)?;
        let after = after.or(from.and_then(|from| from.checked_sub(1)).map(Revision));
        return Ok(live(&api, session.tail(&stream, after).await));
    }
    page(&api, &session, &stream, from.unwrap_or(0), limit).await
}

async fn page(
    api: &Api,
    session: &Session,
    stream: &StreamName,
    from: u64,
    limit: usize,
) -> Result<Response, RequestError> {
    let (mut records, after) = (Vec::new(), from.checked_sub(1).map(Revision));
    // One more than asked for: it says whether there is a next page.
    let life = session.read_after(stream, after, limit + 1, |batch| records.extend(batch)).await?;
    if records.is_empty() {
        let order = api.rehydrate(session, stream, Some(Revision(0))).await?;
        exists(&order, stream, false)?;
        tracing::debug!(?life, "a page after the end");
    }
    let next = records.get(limit).map(|record: &Record| record.revision.0);
    let events = records.iter().take(limit).map(EventView::from).collect();
    Ok(json(StatusCode::OK, &EventPage { events, next }))
}

/// Ends when the stream does, the connection to the database or the program; the client resumes after the last id.
fn live(api: &Api, tail: Tail) -> Response {
    let mut stopping = api.stopping();
    let stopped = Box::pin(async move {
        drop(stopping.wait_for(|stop| *stop).await);
    });
    let events = futures::stream::unfold(tail, |mut tail| async move {
        let record =
            tail.next().await.inspect_err(|error| tracing::warn!(?error, "an event stream ends")).ok()??;
        Some((Ok::<_, Infallible>(event(&record)), tail))
    });
    Sse::new(events.take_until(stopped)).keep_alive(KeepAlive::default()).into_response()
}

fn event(record: &Record) -> Event {
    // On one line, and without a carriage return, which the format would take for an end.
    let line = json_line(&EventView::from(record));
    Event::default().id(record.revision.to_string()).data(line.trim_end())
}
