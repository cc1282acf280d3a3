//! What a request says, checked.

use super::error::{MAX_BODY, RequestError};
use crate::aggregate::order::{OrderId, Total, UserId, id_of, stream_of};
use crate::record::{Created, Revision, StreamName};
use crate::sentences::not_there_yet;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Uri, header};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as URL_SAFE_NO_PAD;
use percent_encoding::percent_decode_str;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use uuid::Uuid;

const MAX_KEY: usize = 255;
/// Characters of an unknown field's name that a refusal repeats.
const SHOWN: usize = 100;

pub async fn body(body: Body) -> Result<Bytes, RequestError> {
    axum::body::to_bytes(body, MAX_BODY).await.map_err(|error| {
        // The limit is the one cause that the reader names; anything else is a connection cut off.
        let text = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        if text.contains("limit") {
            RequestError::TooLarge
        } else {
            RequestError::Invalid(format!("The body cannot be read: {text}."))
        }
    })
}

/// A JSON object as it was sent, with repeated names.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Fields<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an object with UserID and Total")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// The order that a client asks for; without an id one is made.
pub struct NewOrder {
    pub order_id: Option<OrderId>,
    pub user_id: UserId,
    pub total: Total,
}

/// `{"OrderID": string, "UserID": string, "Total": number}`, the names in any case.
pub fn new_order(body: &[u8]) -> Result<NewOrder, RequestError> {
    let Fields(fields) = serde_json::from_slice(body).map_err(|error| {
        RequestError::Invalid(format!("The body is no JSON object of an order: {error}."))
    })?;
    let [mut order_id, mut user_id, mut total] = [None; 3];
    for (name, value) in fields {
        let (known, field) = match &*name.to_ascii_lowercase() {
            "orderid" => ("OrderID", &mut order_id),
            "userid" => ("UserID", &mut user_id),
            "total" => ("Total", &mut total),
            _ => return Err(unknown_field(&name)),
        };
        if value.get() == "null" {
            return Err(RequestError::Invalid(format!("The field {known} is null. Write a value.")));
        }
        if field.replace(value).is_some() {
            return Err(RequestError::Invalid(format!("The field {known} is given twice. Write it once.")));
        }
    }
    let missing = |name: &str| RequestError::Invalid(format!("The field {name} is missing. Add it."));
    let user_id = text("UserID", user_id.ok_or_else(|| missing("UserID"))?)?;
    let total = total.ok_or_else(|| missing("Total"))?;
    Ok(NewOrder {
        order_id: order_id.map(|id| new_id(&text("OrderID", id)?)).transpose()?,
        user_id: UserId::parse(&user_id).map_err(|error| RequestError::Invalid(error.to_string()))?,
        total: Total::number(total).map_err(|error| RequestError::Invalid(error.to_string()))?,
    })
}

fn unknown_field(name: &str) -> RequestError {
    let name: String = name.chars().take(SHOWN).collect();
    RequestError::Invalid(format!("The field {name} is not known. An order has OrderID, UserID and Total."))
}

fn text(name: &str, value: &RawValue) -> Result<String, RequestError> {
    serde_json::from_str(value.get())
        .map_err(|_| RequestError::Invalid(format!("{name} is no string. Write it in quotes.")))
}

fn new_id(text: &str) -> Result<OrderId, RequestError> {
    OrderId::parse(text).map_err(|error| RequestError::Invalid(error.to_string()))
}

/// Makes a repeated request safe: the ids of its order and event follow from it.
#[derive(Debug, Clone)]
pub struct Key(String);

impl Key {
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, RequestError> {
        let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
        let text = value.to_str().ok().map(str::trim).filter(|t| !t.is_empty() && t.len() <= MAX_KEY);
        text.map(|text| Some(Self(text.to_owned()))).ok_or_else(|| {
            RequestError::Invalid(format!("Idempotency-Key is not 1 to {MAX_KEY} visible ASCII characters."))
        })
    }

    /// The order that a create with this key makes where it names none.
    pub fn order(&self) -> OrderId {
        OrderId::stored(&self.id("order").to_string())
    }

    /// The same key gives the same id for the same purpose, now and after a restart.
    pub fn id(&self, purpose: &str) -> Uuid {
        let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"hindsight:orders");
        Uuid::new_v5(&space, format!("{purpose}\n{}", self.0).as_bytes())
    }
}

/// The revision that `If-Match` names.
pub fn if_match(headers: &HeaderMap) -> Result<Option<Revision>, RequestError> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let digits = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    number("If-Match", digits).map(|revision| Some(Revision(revision)))
}

pub fn last_event_id(headers: &HeaderMap) -> Result<Option<Revision>, RequestError> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() { Ok(None) } else { number("Last-Event-ID", text).map(|r| Some(Revision(r))) }
}

/// A whole number that a stream can have as revision.
pub fn number(name: &str, text: &str) -> Result<u64, RequestError> {
    let number = text.parse().ok().filter(|n| i64::try_from(*n).is_ok());
    number
        .ok_or_else(|| RequestError::Invalid(format!("{name} is no revision. Write a whole number like 3.")))
}

/// A parameter after the `?`; the last one counts.
pub fn parameter(uri: &Uri, name: &str) -> Result<Option<String>, RequestError> {
    let mut found = None;
    for pair in uri.query().unwrap_or_default().split('&') {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        if decoded(key).as_deref() == Some(name) {
            found = Some(
                decoded(value).ok_or_else(|| RequestError::Invalid(format!("{name} is no UTF-8 text.")))?,
            );
        }
    }
    Ok(found)
}

/// Form encoding, which writes a space as `+`; `None` where the bytes are no UTF-8.
fn decoded(text: &str) -> Option<String> {
    let text = text.replace('+', " ");
    percent_decode_str(&text).decode_utf8().ok().map(Into::into)
}

/// A place in the list of orders, behind which the next page begins: it holds whatever is created, paid or deleted meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor(pub StreamName);

impl Cursor {
    pub fn of(uri: &Uri) -> Result<Option<Self>, RequestError> {
        let Some(text) = parameter(uri, "after")? else { return Ok(None) };
        Self::parse(&text).map(Some).ok_or_else(|| {
            RequestError::Invalid(
                "after is no cursor. Give the `next` of a page as it is, or leave after out to begin anew."
                    .to_owned(),
            )
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let name = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let stream = StreamName::new(&name);
        (stream_of(&id_of(&stream)) == stream).then_some(Self(stream))
    }

    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.as_str())
    }
}

pub fn limit(uri: &Uri, most: usize) -> Result<usize, RequestError> {
    let Some(text) = parameter(uri, "limit")? else { return Ok(100.min(most)) };
    let limit = text.parse().ok().filter(|n| (1..=most).contains(n));
    limit.ok_or_else(|| RequestError::Invalid(format!("limit is not a number from 1 to {most}.")))
}

/// A moment that has been, which a parameter names as RFC 3339.
pub fn moment(uri: &Uri, name: &str) -> Result<Option<Created>, RequestError> {
    let Some(text) = parameter(uri, name)? else { return Ok(None) };
    let at = rfc3339(&text).ok_or_else(|| {
        RequestError::Invalid(format!("{name} is no moment. Write RFC 3339, like 2026-03-01T14:00:00Z."))
    })?;
    if at > Created::now() {
        return Err(RequestError::Invalid(format!("{name}: {}", not_there_yet(at))));
    }
    Ok(Some(at))
}

/// A sign before the offset that was not encoded has come as a space.
fn rfc3339(text: &str) -> Option<Created> {
    Created::parse(text).or_else(|| Created::parse(&text.replace(' ', "+")))
}

/// A revision or a moment.
pub enum Until {
    Revision(Revision),
    Moment(Created),
}

/// Which of them a parameter names: a number alone is a revision.
pub fn until(uri: &Uri, name: &str) -> Result<Option<Until>, RequestError> {
    let Some(text) = parameter(uri, name)? else { return Ok(None) };
    if rfc3339(&text).is_some() {
        return Ok(moment(uri, name)?.map(Until::Moment));
    }
    let revision = number(name, &text).map_err(|_| {
        RequestError::Invalid(format!(
            "{name} is neither a revision nor a moment. Write a whole number like 3, or RFC 3339, like 2026-03-01T14:00:00Z."
        ))
    });
    revision.map(|revision| Some(Until::Revision(Revision(revision))))
}

/// The revision that a parameter names.
pub fn revision(uri: &Uri, name: &str) -> Result<Option<Revision>, RequestError> {
    let text = parameter(uri, name)?;
    text.map(|text| number(name, &text).map(Revision)).transpose()
}
