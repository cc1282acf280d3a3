//! The endpoints of commands and states.

use super::command::{Asked, exists};
use super::database::Api;
use super::error::{Conflict, Error, RequestError, json};
use super::request::{self, Cursor, Key, Until};
use super::schema::Common;
use super::view::{Health, NewOrder, OrderPage, OrderRow, OrderState, OrderView, Receipt, USER, text};
use crate::aggregate::order::{OrderCommand, OrderId, stream_of};
use crate::record::{Created, Revision, StreamName};
use crate::sentences::unseen;
use crate::store::{Life, Listing, Session, StreamRow};
use axum::extract::rejection::RawPathParamsRejection;
use axum::extract::{RawPathParams, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;
use uuid::Uuid;

const MAX_PAGE: usize = 1_000;
const STATUSES: [&str; 5] = ["unpaid", "paid", "deleted", "tombstoned", "unknown"];

/// What a path segment holds as it is; everything else is percent-encoded.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

pub type Id = Result<RawPathParams, RawPathParamsRejection>;

/// The id of an order that may exist: to the byte, whatever the rules for new ids say.
pub fn id(path: Id) -> Result<OrderId, RequestError> {
    match path {
        // The path of the empty id has no parameter.
        Ok(segments) => Ok(OrderId::stored(segments.iter().next().map_or("", |(_, id)| id))),
        Err(RawPathParamsRejection::InvalidUtf8InPathParam(_)) => {
            Err(RequestError::Invalid("The order id is no UTF-8 text.".to_owned()))
        }
        Err(_) => Ok(OrderId::stored("")),
    }
}

/// Create an order
#[utoipa::path(
    post, path = "/orders",
    request_body(content = NewOrder, content_type = "application/json"),
    params(("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe")),
    responses(
        (status = 200, description = "Created", body = Receipt, headers(("Location" = String, description = "The order"))),
        (status = 400, description = "Invalid request", body = Error),
        (status = 409, description = "Conflict", body = Conflict),
        (status = 410, description = "Gone", body = Error),
        (status = 413, description = "Too large", body = Error),
        (status = 422, description = "Refused, like an OrderID that exists", body = Error),
        Common,
    )
)]
pub async fn create(State(api): State<Arc<Api>>, request: Request) -> Result<Response, RequestError> {
    let (parts, body) = request.into_parts();
    let key = Key::of(&parts.headers)?;
    let asked_for = request::new_order(&request::body(body).await?)?;
    let generated = asked_for.order_id.is_none() && key.is_none();
    let made = || key.as_ref().map_or_else(|| OrderId::stored(&Uuid::new_v4().to_string()), Key::order);
    let order_id = asked_for.order_id.unwrap_or_else(made);
    let (user_id, total) = (asked_for.user_id, asked_for.total);
    let asked = Asked {
        event_id: key.as_ref().map_or_else(Uuid::new_v4, |key| key.id("created")),
        command: OrderCommand::Create { order_id: order_id.clone(), user_id, total },
        key,
        generated,
        expected: None,
    };
    let mut answer = receipt(&order_id, carried_out(&api, &asked).await?);
    if let Ok(place) =
        HeaderValue::from_str(&format!("/orders/{}", utf8_percent_encode(order_id.as_str(), SEGMENT)))
    {
        answer.headers_mut().insert(header::LOCATION, place);
    }
    Ok(answer)
}

/// Boxed, as a request's future is moved on its way through the layers.
async fn carried_out(api: &Api, asked: &Asked) -> Result<Revision, RequestError> {
    Box::pin(api.carry_out(asked)).await
}

fn receipt(id: &OrderId, revision: Revision) -> Response {
    json(StatusCode::OK, &Receipt { order_id: id.as_str().to_owned(), revision: revision.0 })
}

/// Pay an order
#[utoipa::path(
    post, path = "/orders/{id}/pay",
    params(
        ("id" = String, Path, description = "The order"),
        ("If-Match" = Option<String>, Header, description = "The revision that the order must be at, like \"3\""),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes a repeat safe"),
    ),
    responses(
        (status = 200, description = "Paid", body = Receipt),
        (status = 400, description = "Invalid request", body = Error),
        (status = 404, description = "No such order", body = Error),
        (status = 409, description = "Conflict", body = Conflict),
        (status = 410, description = "Gone", body = Error),
        (status = 422, description = "Refused", body = Error),
        Common,
    )
)]
pub async fn pay(
    State(api): State<Arc<Api>>,
    path: Id,
    headers: HeaderMap,
) -> Result<Response, RequestError> {
    let order_id = id(path)?;
    let key = Key::of(&headers)?;
    let paying = format!("paid\n{}", order_id.as_str());
    let asked = Asked {
        event_id: key.as_ref().map_or_else(Uuid::new_v4, |key| key.id(&paying)),
        command: OrderCommand::Pay { order_id: order_id.clone() },
        key,
        generated: false,
        expected: request::if_match(&headers)?,
    };
    Ok(receipt(&order_id, carried_out(&api, &asked).await?))
}

/// The orders, by id
#[utoipa::path(
    get, path = "/orders",
    params(
        ("status" = Option<String>, Query, description = "unpaid, paid, deleted, tombstoned or unknown"),
        ("user" = Option<String>, Query, description = "Only the orders of this user"),
        ("at" = Option<String>, Query, format = DateTime, description = "The orders as they were at this moment, RFC 3339; an order whose events of that time are gone is unknown"),
        ("limit" = Option<u64>, Query, description = "Orders a page, 1 to 1000; 100 without it"),
        ("after" = Option<String>, Query, description = "The `next` of the page before, as it was given: the list goes on behind that place, whatever was created, paid or deleted meanwhile"),
    ),
    responses(
        (status = 200, description = "One page", body = OrderPage, headers(("Link" = String, description = "The next page, as rel=next; absent at the end"))),
        (status = 400, description = "Invalid request", body = Error),
        Common,
    )
)]
pub async fn list(State(api): State<Arc<Api>>, uri: Uri) -> Result<Response, RequestError> {
    let limit = request::limit(&uri, MAX_PAGE)?;
    let user = request::parameter(&uri, "user")?;
    let status = match request::parameter(&uri, "status")? {
        None => None,
        Some(word) => Some(STATUSES.into_iter().find(|status| *status == word).ok_or_else(|| {
            RequestError::Invalid("status is none of unpaid, paid, deleted, tombstoned, unknown.".to_owned())
        })?),
    };
    let after = Cursor::of(&uri)?;
    let at = request::moment(&uri, "at")?;
    let session = api.session().await?;
    let asked = Page { limit, user, status, after, at };
    if let Some(at) = at {
        let mut past = api.past().await;
        past.at(&session, at).await?;
        return Ok(asked.answer(past.rows(), &past.listing()));
    }
    let mut catalogue = api.catalogue().await;
    catalogue.refreshed(&session).await?;
    Ok(asked.answer(catalogue.rows(), &catalogue.listing()))
}

/// Which orders are asked for.
struct Page {
    limit: usize,
    user: Option<String>,
    status: Option<&'static str>,
    after: Option<Cursor>,
    at: Option<Created>,
}

impl Page {
    fn answer(&self, rows: &BTreeMap<StreamName, StreamRow>, listing: &Listing) -> Response {
        let from = self.after.as_ref().map_or(Bound::Unbounded, |after| Bound::Excluded(&after.0));
        let mut found = rows
            .range::<StreamName, _>((from, Bound::Unbounded))
            .map(|(_, row)| row)
            .filter(|row| self.status.is_none_or(|status| row.word() == status))
            .filter(|row| self.user.as_deref().is_none_or(|user| text(row, USER) == Some(user)));
        let shown: Vec<&StreamRow> = found.by_ref().take(self.limit).collect();
        let more = found.next().is_some();
        let next = shown.last().filter(|_| more).map(|row| Cursor(row.stream.clone()).text());
        let orders = shown.into_iter().map(OrderRow::from).collect();
        let link = next.as_ref().map(|next| self.next(next));
        let page = OrderPage {
            orders,
            next,
            at: self.at.map(Created::rfc3339),
            source: listing.source.replace('`', ""),
            confirmed: listing.confirmed.map(|at| at.commit),
            unseen: listing.unseen.map_or("", unseen),
        };
        let mut answer = json(StatusCode::OK, &page);
        if let Some(link) = link.and_then(|link| HeaderValue::from_str(&link).ok()) {
            answer.headers_mut().insert(header::LINK, link);
        }
        answer
    }

    /// The `Link` to the page that goes on with the same filters.
    fn next(&self, next: &str) -> String {
        let filter = |name: &str, value: Option<&str>| {
            value.map_or_else(String::new, |value| format!("{name}={}&", utf8_percent_encode(value, SEGMENT)))
        };
        let (status, user) = (filter("status", self.status), filter("user", self.user.as_deref()));
        let at = filter("at", self.at.map(Created::rfc3339).as_deref());
        format!("</orders?{status}{user}{at}limit={}&after={next}>; rel=\"next\"", self.limit)
    }
}

/// One order, now, at a past revision or at a moment
#[utoipa::path(
    get, path = "/orders/{id}",
    params(
        ("id" = String, Path, description = "The order"),
        ("at" = Option<String>, Query, description = "The state after this revision, or as it was at this moment, RFC 3339", pattern = r"^([0-9]{1,18}|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2}))$"),
    ),
    responses(
        (status = 200, description = "The order", body = OrderView, headers(("ETag" = String, description = "The revision"))),
        (status = 400, description = "Invalid request", body = Error),
        (status = 404, description = "No such order or revision", body = Error),
        (status = 410, description = "Gone", body = Error),
        Common,
    )
)]
pub async fn one(State(api): State<Arc<Api>>, path: Id, uri: Uri) -> Result<Response, RequestError> {
    let order_id = id(path)?;
    let at = request::until(&uri, "at")?;
    let (session, stream) = (api.session().await?, stream_of(&order_id));
    let at = match at {
        None => None,
        Some(Until::Revision(revision)) => Some(revision),
        Some(Until::Moment(at)) => revision_at(&session, &stream, at).await?,
    };
    let order = api.rehydrate(&session, &stream, at).await?;
    exists(&order.folded, &stream, false)?;
    let unread = || {
        RequestError::Unknown("This order has no such revision. Ask without `at` for the newest.".to_owned())
    };
    let revision = match at {
        None => order.revision().or(order.folded.last).ok_or_else(unread)?,
        Some(at) => order.revision().filter(|revision| *revision == at).ok_or_else(unread)?,
    };
    let state = OrderState::of(&order.state());
    let first = order.first.map_or(revision.0 + 1, |first| first.0);
    let view = OrderView { order_id: order_id.as_str().to_owned(), revision: revision.0, first, state };
    let mut answer = json(StatusCode::OK, &view);
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{revision}\"")) {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    Ok(answer)
}

/// `None` where the stream is not there, or has no event that can be read: what is said of it now is said of then.
async fn revision_at(
    session: &Session,
    stream: &StreamName,
    at: Created,
) -> Result<Option<Revision>, RequestError> {
    if let Some(found) = session.revision_at(stream, at).await? {
        return Ok(Some(found));
    }
    let mut first = None;
    session.read_after(stream, None, 1, |records| first = records.into_iter().next()).await?;
    let Some(first) = first else { return Ok(None) };
    let begins = first.created.rfc3339();
    Err(RequestError::Unknown(if first.revision.0 == 0 {
        format!(
            "This order was not there yet: its first event is of {begins}. Give that moment or a later one."
        )
    } else {
        format!(
            "The events that this order had then are gone: the first that is left is of {begins}. Give that moment or a later one."
        )
    }))
}

/// Whether the database answers
#[utoipa::path(
    get, path = "/health",
    responses(
        (status = 200, description = "It does", body = Health),
        Common,
    )
)]
pub async fn health(State(api): State<Arc<Api>>) -> Result<Response, RequestError> {
    let session = api.session().await?;
    // A stream that nobody writes: any answer will do.
    let life = session.read_after(&StreamName::new("hindsight-health"), None, 1, drop).await?;
    if let Life::Failed(error) = life {
        return Err(error.into());
    }
    let (database, version) = (session.address().to_string(), session.server().to_string());
    Ok(json(StatusCode::OK, &Health { status: "ok", database, version }))
}
