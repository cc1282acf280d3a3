//! What happened to an order.

use super::{OrderId, Total, UserId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderEvent {
    Created { order_id: OrderId, user_id: UserId, total: Total },
    Paid { order_id: OrderId },
}

impl OrderEvent {
    pub const CREATED: &str = "OrderCreated";
    pub const PAID: &str = "OrderPaid";

    /// The event type as it is stored.
    pub fn event_type(&self) -> &'static str {
        match self {
            Self::Created { .. } => Self::CREATED,
            Self::Paid { .. } => Self::PAID,
        }
    }

    pub fn order_id(&self) -> &OrderId {
        match self {
            Self::Created { order_id, .. } | Self::Paid { order_id } => order_id,
        }
    }
}
