//! The rules: which commands an order accepts, and the events they append.

use super::{Order, OrderCommand, OrderEvent, OrderId};

/// The domain said no; names the rule. Never mixed with what the database says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("order {0} already exists. Choose another id, or leave it empty for a new one")]
    AlreadyCreated(OrderId),
    #[error("no event creates order {0}. Create it first")]
    NotCreated(OrderId),
    #[error("order {0} is already paid. An order is paid once")]
    AlreadyPaid(OrderId),
    #[error("the first events of order {0} are gone, so whether it was created or paid cannot be told")]
    Unknown(OrderId),
    #[error("the command is for order {command}, the history is of order {history}")]
    OtherOrder { command: OrderId, history: OrderId },
}

impl Refusal {
    /// The state's field that says no, whose last setter explains the refusal.
    pub fn because_of(&self) -> Option<&'static str> {
        match self {
            Self::AlreadyCreated(_) => Some("ID"),
            Self::AlreadyPaid(_) => Some("Paid"),
            Self::NotCreated(_) | Self::Unknown(_) | Self::OtherOrder { .. } => None,
        }
    }
}

/// The events that the command appends to this order, or the rule that refuses it.
pub fn decide(order: &Order, command: &OrderCommand) -> Result<Vec<OrderEvent>, Refusal> {
    if command.order_id() != order.id() {
        return Err(Refusal::OtherOrder { command: command.order_id().clone(), history: order.id().clone() });
    }
    match (order, command) {
        (Order::Absent(_), OrderCommand::Create { order_id, user_id, total }) => {
            Ok(vec![OrderEvent::Created {
                order_id: order_id.clone(),
                user_id: user_id.clone(),
                total: total.clone(),
            }])
        }
        (Order::Placed(_), OrderCommand::Create { order_id, .. }) => {
            Err(Refusal::AlreadyCreated(order_id.clone()))
        }
        (Order::Unknown(id), OrderCommand::Create { .. } | OrderCommand::Pay { .. }) => {
            Err(Refusal::Unknown(id.clone()))
        }
        (Order::Absent(_), OrderCommand::Pay { order_id }) => Err(Refusal::NotCreated(order_id.clone())),
        (Order::Placed(placed), OrderCommand::Pay { order_id }) if placed.paid => {
            Err(Refusal::AlreadyPaid(order_id.clone()))
        }
        (Order::Placed(_), OrderCommand::Pay { order_id }) => {
            Ok(vec![OrderEvent::Paid { order_id: order_id.clone() }])
        }
    }
}
