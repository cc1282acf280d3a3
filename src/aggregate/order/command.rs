//! What a person or a program may ask of an order.

use super::{OrderId, Total, UserId};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OrderCommand {
    /// The id is made or typed outside: the domain has no randomness.
    Create {
        order_id: OrderId,
        user_id: UserId,
        total: Total,
    },
    Pay {
        order_id: OrderId,
    },
}

impl OrderCommand {
    pub fn order_id(&self) -> &OrderId {
        match self {
            Self::Create { order_id, .. } | Self::Pay { order_id } => order_id,
        }
    }
}
