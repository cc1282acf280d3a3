//! Between stored bytes and order events. The JSON names are a published format.

use super::{OrderEvent, OrderId, Total, UserId};
use crate::aggregate::Problem;
use crate::record::json::{borrowed_text, name as json_name};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// What stored bytes say to the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decoded {
    Event(OrderEvent),
    /// Another event type: not ours to judge.
    Unknown,
    /// Our event type with data that cannot be one.
    Malformed(Problem),
}

pub fn decode(event_type: &str, data: &[u8]) -> Decoded {
    let event_type = match event_type {
        OrderEvent::CREATED => OrderEvent::CREATED,
        OrderEvent::PAID => OrderEvent::PAID,
        _ => return Decoded::Unknown,
    };
    Payload::parse(event_type, data)
        .and_then(|payload| payload.event())
        .map_or_else(Decoded::Malformed, Decoded::Event)
}

/// The exact JSON that other services read.
pub fn encode(event: &OrderEvent) -> Vec<u8> {
    let text = |text: &str| serde_json::Value::from(text).to_string();
    match event {
        OrderEvent::Created { order_id, user_id, total } => format!(
            r#"{{"OrderID":{},"UserID":{},"Total":{}}}"#,
            text(order_id.as_str()),
            text(user_id.as_str()),
            total.as_str()
        ),
        OrderEvent::Paid { order_id } => format!(r#"{{"OrderID":{}}}"#, text(order_id.as_str())),
    }
    .into_bytes()
}

/// The fields of ours in an event's data, number tokens kept; of a repeated key the last one counts, as in Go and JavaScript.
#[derive(Default)]
struct Payload<'a> {
    event_type: &'static str,
    order_id: Option<&'a RawValue>,
    user_id: Option<&'a RawValue>,
    total: Option<&'a RawValue>,
}

impl<'a> Payload<'a> {
    fn parse(event_type: &'static str, data: &'a [u8]) -> Result<Self, Problem> {
        let not_json = |why: String| {
            Problem::new("not-json", format!("{event_type}, but its data is not a JSON object: {why}"))
        };
        let text = std::str::from_utf8(data).map_err(|_| not_json("it is not UTF-8 text".to_owned()))?;
        if text.starts_with('\u{feff}') {
            return Err(not_json("it begins with a byte order mark".to_owned()));
        }
        let mut json = serde_json::Deserializer::from_str(text);
        let payload = json.deserialize_map(PayloadVisitor).map_err(|e| not_json(e.to_string()))?;
        json.end().map_err(|e| not_json(e.to_string()))?;
        Ok(Self { event_type, ..payload })
    }

    fn event(&self) -> Result<OrderEvent, Problem> {
        let order_id = OrderId::stored(&self.text("OrderID", self.order_id)?);
        if self.event_type == OrderEvent::PAID {
            return Ok(OrderEvent::Paid { order_id });
        }
        let user_id = UserId::stored(&self.text("UserID", self.user_id)?);
        let total = self.present("Total", self.total)?;
        let total = Total::stored(total).ok_or_else(|| self.wrong_type("Total", "a number"))?;
        Ok(OrderEvent::Created { order_id, user_id, total })
    }

    fn text(&self, name: &'static str, value: Option<&'a RawValue>) -> Result<Cow<'a, str>, Problem> {
        let value = self.present(name, value)?;
        borrowed_text(value).ok_or_else(|| self.wrong_type(name, "text"))
    }

    fn present(&self, name: &'static str, value: Option<&'a RawValue>) -> Result<&'a RawValue, Problem> {
        value.filter(|value| value.get() != "null").ok_or_else(|| {
            Problem::new("missing-field", format!("{}, but its data lacks {name}", self.event_type))
        })
    }

    fn wrong_type(&self, name: &'static str, expected: &str) -> Problem {
        Problem::new("wrong-type", format!("{}, but {name} in its data is not {expected}", self.event_type))
    }
}

struct PayloadVisitor;

impl<'de> Visitor<'de> for PayloadVisitor {
    type Value = Payload<'de>;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut payload = Payload::default();
        // A name may hold half of a surrogate pair, which no text can: it is none of ours.
        while let Some(name) = map.next_key::<&RawValue>()? {
            let value = map.next_value::<&RawValue>()?;
            match &*json_name(name) {
                "OrderID" => payload.order_id = Some(value),
                "UserID" => payload.user_id = Some(value),
                "Total" => payload.total = Some(value),
                _ => {}
            }
        }
        Ok(payload)
    }
}
