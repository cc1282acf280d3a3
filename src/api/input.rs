//! What a request says, checked.

use super::answer::Failure;
use crate::domain::{OrderId, Total, UserId};
use crate::record::Revision;
use axum::body::Body;
use axum::http::{HeaderMap, Uri, header};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use uuid::Uuid;

/// The largest body in bytes; an order is far smaller.
pub const MAX_BODY: usize = 64 * 1024;
const MAX_KEY: usize = 255;

pub async fn body(body: Body) -> Result<Vec<u8>, Failure> {
    let bytes = axum::body::to_bytes(body, MAX_BODY).await.map_err(|error| {
        // The limit is the one cause that the reader names; anything else is a connection cut off.
        let text = std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string);
        if text.contains("limit") {
            Failure::TooLarge
        } else {
            Failure::Invalid(format!("The body cannot be read: {text}."))
        }
    })?;
    Ok(bytes.to_vec())
}

/// The fields of a new order, whatever the case of their names.
#[derive(Default)]
struct NewOrder<'a> {
    user_id: Option<&'a RawValue>,
    total: Option<&'a RawValue>,
}

impl<'de: 'a, 'a> Deserialize<'de> for NewOrder<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = NewOrder<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("an object with UserID and Total")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<NewOrder<'de>, A::Error> {
                let mut order = NewOrder::default();
                while let Some(name) = map.next_key::<String>()? {
                    if name.eq_ignore_ascii_case("UserID") {
                        order.user_id = Some(map.next_value()?);
                    } else if name.eq_ignore_ascii_case("Total") {
                        order.total = Some(map.next_value()?);
                    } else {
                        map.next_value::<IgnoredAny>()?;
                    }
                }
                Ok(order)
            }
        }
        deserializer.deserialize_map(Fields)
    }
}

/// `{"UserID": string, "Total": number}`.
pub fn new_order(body: &[u8]) -> Result<(UserId, Total), Failure> {
    let order: NewOrder = serde_json::from_slice(body)
        .map_err(|error| Failure::Invalid(format!("The body is no JSON object of an order: {error}.")))?;
    let missing = |name: &str| Failure::Invalid(format!("The field {name} is missing. Add it."));
    let user = order.user_id.ok_or_else(|| missing("UserID"))?;
    let user: String = serde_json::from_str(user.get())
        .map_err(|_| Failure::Invalid("UserID is no string. Write it in quotes.".to_owned()))?;
    let total = order.total.ok_or_else(|| missing("Total"))?;
    let user = UserId::parse(&user).map_err(|error| Failure::Invalid(error.to_string()))?;
    let total = Total::number(total).map_err(|error| Failure::Invalid(error.to_string()))?;
    Ok((user, total))
}

pub fn order_id(text: &str) -> Result<OrderId, Failure> {
    let id = OrderId::parse(text).map_err(|error| Failure::Invalid(error.to_string()))?;
    if id.as_str() == text {
        Ok(id)
    } else {
        Err(Failure::Invalid(format!("The order id {text:?} has spaces around it. Remove them.")))
    }
}

/// Makes a repeated request safe: the ids of its order and event follow from it.
#[derive(Debug, Clone)]
pub struct Key(String);

impl Key {
    pub fn of(headers: &HeaderMap) -> Result<Option<Self>, Failure> {
        let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
        let text = value.to_str().ok().map(str::trim).filter(|t| !t.is_empty() && t.len() <= MAX_KEY);
        text.map(|text| Some(Self(text.to_owned()))).ok_or_else(|| {
            Failure::Invalid(format!("Idempotency-Key is not 1 to {MAX_KEY} visible ASCII characters."))
        })
    }

    /// The same key gives the same id for the same purpose, now and after a restart.
    pub fn id(&self, purpose: &str) -> Uuid {
        let space = Uuid::new_v5(&Uuid::NAMESPACE_URL, b"hindsight:orders");
        Uuid::new_v5(&space, format!("{purpose}\n{}", self.0).as_bytes())
    }
}

/// The revision that `If-Match` names.
pub fn if_match(headers: &HeaderMap) -> Result<Option<Revision>, Failure> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    let digits = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    number("If-Match", digits).map(|revision| Some(Revision(revision)))
}

pub fn last_event_id(headers: &HeaderMap) -> Result<Option<Revision>, Failure> {
    let Some(value) = headers.get("last-event-id") else { return Ok(None) };
    let text = value.to_str().unwrap_or_default().trim();
    if text.is_empty() { Ok(None) } else { number("Last-Event-ID", text).map(|r| Some(Revision(r))) }
}

/// A whole number that a stream can have as revision.
pub fn number(name: &str, text: &str) -> Result<u64, Failure> {
    let number = text.parse().ok().filter(|n| i64::try_from(*n).is_ok());
    number.ok_or_else(|| Failure::Invalid(format!("{name} is no revision. Write a whole number like 3.")))
}

/// A parameter after the `?`; the last one counts.
pub fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.filter(|(key, _)| key == name).last().map(|(_, value)| value.into_owned())
}

pub fn limit(uri: &Uri, most: usize) -> Result<usize, Failure> {
    let Some(text) = parameter(uri, "limit") else { return Ok(100.min(most)) };
    let limit = text.parse().ok().filter(|n| (1..=most).contains(n));
    limit.ok_or_else(|| Failure::Invalid(format!("limit is not a number from 1 to {most}.")))
}
