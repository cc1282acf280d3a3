//! An order's events: a page, or a stream that goes on live.

use super::command::exists;
use super::database::Api;
use super::error::{Error, RequestError, json};
use super::orders::{Id, id};
use super::request;
use super::schema::Common;
use super::view::{DatabaseStatus, EventPage, EventView};
use crate::aggregate::order::stream_of;
use crate::record::{Record, Revision, StreamName, json::json_line};
use crate::sentences::store_error;
use crate::store::{Session, StoreError, Tail};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures::StreamExt;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

const MAX_PAGE: usize = 1_000;
/// Between two looks at a database that is away.
const PAUSE: Duration = Duration::from_millis(500);

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
        (status = 200, description = "One page; with `Accept: text/event-stream` all events and then what is written; events named `database` say when the database is lost and back", content(
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
        exists(&order.folded, &stream, false)?;
        let after = after.or(from.and_then(|from| from.checked_sub(1)).map(Revision));
        return Ok(live(&api, &session, stream, after));
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
        exists(&order.folded, stream, false)?;
        tracing::debug!(?life, "a page after the end");
    }
    let next = records.get(limit).map(|record: &Record| record.revision.0);
    let events = records.iter().take(limit).map(EventView::from).collect();
    Ok(json(StatusCode::OK, &EventPage { events, next }))
}

/// Ends when the stream does or the program; over a lost database it stays open, and says so.
fn live(api: &Arc<Api>, session: &Session, stream: StreamName, after: Option<Revision>) -> Response {
    let mut stopping = api.stopping();
    let stopped = Box::pin(async move {
        drop(stopping.wait_for(|stop| *stop).await);
    });
    let live =
        Live { api: api.clone(), session: session.clone(), stream, after, tail: None, state: Reading::Live };
    let events = futures::stream::unfold(live, |mut live| async move {
        let event = live.next().await?;
        Some((Ok::<_, Infallible>(event), live))
    });
    Sse::new(events.take_until(stopped)).keep_alive(KeepAlive::default()).into_response()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Live,
    /// The client was told that the database is lost.
    Lost,
    /// The client was told so, and waiting does not help.
    Ended,
}

/// A stream's events as they are written, over lost connections.
struct Live {
    api: Arc<Api>,
    session: Session,
    stream: StreamName,
    /// The last event that was handed on.
    after: Option<Revision>,
    tail: Option<Tail>,
    state: Reading,
}

impl Live {
    /// `None` where the stream was tombstoned, or may no longer be read.
    async fn next(&mut self) -> Option<Event> {
        loop {
            let Some(tail) = &mut self.tail else {
                if let Some(event) = self.subscribed().await? {
                    return Some(event);
                }
                continue;
            };
            match tail.next().await {
                Ok(record) => {
                    let record = record?;
                    self.after = Some(record.revision);
                    return Some(event(&record));
                }
                // Another node is read from here on.
                Err(StoreError::NodeLeft) => self.tail = None,
                Err(why) => return Some(self.lost(&why)),
            }
        }
    }

    fn lost(&mut self, why: &StoreError) -> Event {
        self.tail = None;
        self.state = if why.passes() { Reading::Lost } else { Reading::Ended };
        status("lost", &store_error(why))
    }

    /// Subscribes; what the client is told of it.
    async fn subscribed(&mut self) -> Option<Option<Event>> {
        match self.state {
            Reading::Ended => return None,
            Reading::Lost => tokio::time::sleep(PAUSE).await,
            Reading::Live => {}
        }
        match self.subscribe().await {
            Ok(()) if self.state == Reading::Lost => {
                self.state = Reading::Live;
                Some(Some(status("back", &self.session.address())))
            }
            Err(why) if self.state == Reading::Live || !why.passes() => Some(Some(self.lost(&why))),
            Ok(()) | Err(_) => Some(None),
        }
    }

    async fn subscribe(&mut self) -> Result<(), StoreError> {
        self.session = self.api.session().await?;
        if let Err(why) = self.session.reach().await {
            self.api.check_session().await;
            return Err(why);
        }
        self.tail = Some(self.session.tail(&self.stream, self.after).await);
        Ok(())
    }
}

/// A named event beside those of the order: whether the database answers.
fn status(status: &str, detail: &str) -> Event {
    let line = json_line(&DatabaseStatus { status, detail });
    Event::default().event("database").data(line.trim_end())
}

fn event(record: &Record) -> Event {
    // On one line, and without a carriage return, which the format would take for an end.
    let line = json_line(&EventView::from(record));
    Event::default().id(record.revision.to_string()).data(line.trim_end())
}
