//! The shapes that go out; the document is made from them.

use crate::aggregate::order::{Order, OrderId, Placed, Total, UserId};
use crate::record::{Created, Record, json::Payload, json::raw};
use crate::store::StreamRow;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

/// A new order.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "only documented: the body is read without regard to the case of its names")]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// The new order's id, without spaces; one is made where it is left out
    #[schema(rename = "OrderID", min_length = 1, max_length = 200, pattern = r"^\S+$", nullable = false)]
    pub order_id: Option<String>,
    /// Who orders
    #[schema(rename = "UserID", min_length = 1, max_length = 200)]
    pub user_id: String,
    /// What it costs; every digit is kept
    #[schema(rename = "Total", minimum = 0.0)]
    pub total: f64,
}

/// What was written.
#[derive(Debug, Serialize, ToSchema)]
pub struct Receipt {
    pub order_id: String,
    /// Revision of the event that was appended
    pub revision: u64,
}

/// The order as its events say.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub struct OrderState {
    #[serde(rename = "ID")]
    pub id: String,
    #[serde(rename = "UserID")]
    pub user_id: String,
    #[serde(rename = "Total")]
    #[schema(value_type = f64)]
    pub total: Box<RawValue>,
    #[serde(rename = "Paid")]
    pub paid: bool,
}

impl OrderState {
    pub fn of(order: &Order) -> Option<Self> {
        let Order::Placed(placed) = order else { return None };
        Some(Self {
            id: placed.id.as_str().to_owned(),
            user_id: placed.user_id.as_str().to_owned(),
            total: raw(placed.total.as_str())?,
            paid: placed.paid,
        })
    }

    pub fn order(&self) -> Option<Order> {
        Some(Order::Placed(Placed {
            id: OrderId::stored(&self.id),
            user_id: UserId::stored(&self.user_id),
            total: Total::stored(&self.total)?,
            paid: self.paid,
        }))
    }
}

/// One order, rehydrated.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderView {
    pub order_id: String,
    /// Revision that the state is folded up to
    pub revision: u64,
    /// First revision that can still be read
    pub first: u64,
    /// Null where the events that can be read make no order
    pub state: Option<OrderState>,
}

/// One order of the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderRow {
    pub order_id: String,
    pub revision: Option<u64>,
    /// Events that can be read
    pub events: u64,
    /// unpaid, paid, deleted, tombstoned or unknown
    pub status: String,
    pub user: Option<String>,
    #[schema(value_type = Option<f64>)]
    pub total: Option<Box<RawValue>>,
    /// When the newest event was written, RFC 3339
    pub last_event: Option<String>,
    /// Events that cannot follow from what was before them
    pub problems: u32,
}

/// Fields of the order's state.
pub const USER: &str = "UserID";
const TOTAL: &str = "Total";

/// A field of a listed order.
pub fn text<'a>(row: &'a StreamRow, path: &str) -> Option<&'a str> {
    row.cell(path).map(|cell| &*cell.text)
}

impl From<&StreamRow> for OrderRow {
    fn from(row: &StreamRow) -> Self {
        Self {
            order_id: row.stream.id().to_owned(),
            revision: row.revision.map(|r| r.0),
            events: row.events,
            status: row.word().to_owned(),
            user: text(row, USER).map(str::to_owned),
            total: text(row, TOTAL).and_then(raw),
            last_event: row.last_event.map(Created::rfc3339),
            problems: row.problems,
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct OrderPage {
    pub orders: Vec<OrderRow>,
    /// A cursor: give it as `after` to read on; null at the end
    pub next: Option<String>,
    /// The moment of which the orders are, RFC 3339; null where that is now
    pub at: Option<String>,
    /// Where the list comes from: `$all`, the category's links, or the names of streams
    pub source: String,
    /// Commit position up to which `$all` was read for it; null where it comes from elsewhere
    pub confirmed: Option<u64>,
    /// What the list cannot show for that
    pub unseen: &'static str,
}

/// One stored event.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventView<'a> {
    pub revision: u64,
    pub id: String,
    pub r#type: &'a str,
    /// RFC 3339
    pub created: String,
    /// Verbatim where it is JSON, else `{"base64": …}`
    #[schema(value_type = serde_json::Value)]
    pub data: Payload<'a>,
}

impl<'a> From<&'a Record> for EventView<'a> {
    fn from(record: &'a Record) -> Self {
        Self {
            revision: record.revision.0,
            id: record.id.to_string(),
            r#type: &record.event_type,
            created: record.created.rfc3339(),
            data: (&*record.data).into(),
        }
    }
}

#[derive(Debug, Serialize, ToSchema)]
pub struct EventPage<'a> {
    pub events: Vec<EventView<'a>>,
    /// Give it as `from` to read on; null at the end
    pub next: Option<u64>,
}

/// In an event stream: whether the database answers
#[derive(Debug, Serialize)]
pub struct DatabaseStatus<'a> {
    /// `lost` or `back`
    pub status: &'a str,
    /// Why it is lost, or which node answers
    pub detail: &'a str,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    pub status: &'static str,
    /// Host and port of the database
    pub database: String,
    /// The database's version
    pub version: String,
}
