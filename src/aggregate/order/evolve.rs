//! The aggregate and how events change it.

use super::{OrderEvent, OrderId, Total, UserId};

/// An order before and after it was created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Order {
    /// Not created yet; the id is the one that the stream's name gives.
    Absent(OrderId),
    /// The beginning of its history is gone: whether it was created or paid cannot be told.
    Unknown(OrderId),
    Placed(Placed),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    pub id: OrderId,
    pub user_id: UserId,
    pub total: Total,
    pub paid: bool,
}

impl Order {
    pub fn id(&self) -> &OrderId {
        match self {
            Self::Absent(id) | Self::Unknown(id) | Self::Placed(Placed { id, .. }) => id,
        }
    }
}

/// Why an event cannot follow from the state before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    CreatedTwice,
    PaidTwice,
    PaidBeforeCreated,
    ForeignOrderId { found: OrderId, expected: OrderId },
}

/// The state of an order that has no events.
pub fn initial(id: OrderId) -> Order {
    Order::Absent(id)
}

/// The state of an order whose first events can no longer be read.
pub fn truncated(id: OrderId) -> Order {
    Order::Unknown(id)
}

/// One event on; an event that cannot follow is an answer, not a failure.
pub fn evolve(order: &Order, event: &OrderEvent) -> Result<Order, Broken> {
    if event.order_id() != order.id() {
        return Err(Broken::ForeignOrderId { found: event.order_id().clone(), expected: order.id().clone() });
    }
    match (order, event) {
        (Order::Absent(_) | Order::Unknown(_), OrderEvent::Created { order_id, user_id, total }) => {
            Ok(Order::Placed(Placed {
                id: order_id.clone(),
                user_id: user_id.clone(),
                total: total.clone(),
                paid: false,
            }))
        }
        // Nothing contradicts it: what it was paid for is gone.
        (Order::Unknown(id), OrderEvent::Paid { .. }) => Ok(Order::Unknown(id.clone())),
        (Order::Absent(_), OrderEvent::Paid { .. }) => Err(Broken::PaidBeforeCreated),
        (Order::Placed(_), OrderEvent::Created { .. }) => Err(Broken::CreatedTwice),
        (Order::Placed(placed), OrderEvent::Paid { .. }) if placed.paid => Err(Broken::PaidTwice),
        (Order::Placed(placed), OrderEvent::Paid { .. }) => {
            Ok(Order::Placed(Placed { paid: true, ..placed.clone() }))
        }
    }
}
