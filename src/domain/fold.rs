//! The order as a [`Fold`]: the one place where histories meet the domain.

use super::{Broken, Decoded, Order, OrderEvent, OrderId, Placed, decode, evolve, initial, truncated};
use crate::fold::{Applied, Field, Fold, Problem};

/// Folds one stream into an order; a stream outside the category folds nothing.
#[derive(Debug, Clone)]
pub struct OrderFold {
    id: Option<OrderId>,
}

impl OrderFold {
    /// The category whose streams hold orders.
    pub const CATEGORY: &str = "order";

    pub fn of_stream(stream: &str) -> Self {
        Self { id: stream.strip_prefix("order-").map(OrderId::stored) }
    }

    /// What an event says to this order, without its bytes.
    pub fn read(&self, event_type: &str, data: &[u8]) -> Decoded {
        if self.id.is_none() { Decoded::Unknown } else { decode(event_type, data) }
    }

    /// One event on, which was read before.
    pub fn step(&self, state: &Order, decoded: &Decoded) -> Applied<Order> {
        match decoded {
            Decoded::Unknown => Applied::NotFolded,
            Decoded::Malformed(problem) => Applied::Problem(problem.clone()),
            Decoded::Event(event) => evolve(state, event)
                .map_or_else(|broken| Applied::Problem(problem(&broken, event)), Applied::Folded),
        }
    }

    /// The stream that holds this order.
    pub fn stream_of(id: &OrderId) -> String {
        format!("{}-{}", Self::CATEGORY, id.as_str())
    }
}

impl Fold for OrderFold {
    type State = Order;

    fn initial(&self) -> Order {
        initial(self.id.clone().unwrap_or_else(|| OrderId::stored("")))
    }

    fn truncated(&self) -> Order {
        truncated(self.id.clone().unwrap_or_else(|| OrderId::stored("")))
    }

    fn is_told(&self, state: &Order) -> bool {
        !matches!(state, Order::Unknown(_))
    }

    fn apply(&self, state: &Order, event_type: &str, data: &[u8]) -> Applied<Order> {
        self.step(state, &self.read(event_type, data))
    }

    fn fields(&self, state: &Order) -> Option<Vec<Field>> {
        let Order::Placed(Placed { id, user_id, total, paid }) = state else { return None };
        let text = |text: &str| serde_json::Value::from(text).to_string();
        Some(vec![
            Field { name: "ID", value: text(id.as_str()) },
            Field { name: "UserID", value: text(user_id.as_str()) },
            Field { name: "Total", value: total.as_str().to_owned() },
            Field { name: "Paid", value: paid.to_string() },
        ])
    }
}

fn problem(broken: &Broken, event: &OrderEvent) -> Problem {
    let event_type = event.event_type();
    let (kind, text, contradicts) = match broken {
        Broken::CreatedTwice => {
            ("created-twice", format!("{event_type}, but the order was already created"), Some("ID"))
        }
        Broken::PaidTwice => {
            ("paid-twice", format!("{event_type}, but the order was already paid"), Some("Paid"))
        }
        Broken::PaidBeforeCreated => {
            ("paid-before-created", format!("{event_type}, but the order was not created before it"), None)
        }
        Broken::ForeignOrderId { found, expected } => (
            "foreign-order-id",
            format!(
                "{event_type}, but its OrderID is {:?} and this stream belongs to {:?}",
                found.as_str(),
                expected.as_str()
            ),
            None,
        ),
    };
    Problem { kind, text, contradicts }
}
