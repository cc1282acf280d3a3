//! An order's state as bytes, for what is kept between two starts.

use super::{Order, OrderId, Placed, Total, UserId};

/// Another one whenever the fold or these bytes change.
pub const VERSION: &str = "order 1";

/// A letter; of a placed order the total, a line end, and the user.
pub fn save(order: &Order) -> Vec<u8> {
    match order {
        Order::Absent(_) => b"a".to_vec(),
        Order::Unknown(_) => b"u".to_vec(),
        Order::Placed(Placed { user_id, total, paid, .. }) => {
            let letter = if *paid { "p" } else { "n" };
            [letter, total.as_str(), "\n", user_id.as_str()].concat().into_bytes()
        }
    }
}

/// `None` where the bytes are no order. Its id is the one that the stream's name gives: others are not folded.
pub fn load(id: OrderId, bytes: &[u8]) -> Option<Order> {
    let (letter, rest) = std::str::from_utf8(bytes).ok()?.split_at_checked(1)?;
    let paid = match letter {
        "a" if rest.is_empty() => return Some(Order::Absent(id)),
        "u" if rest.is_empty() => return Some(Order::Unknown(id)),
        "p" => true,
        "n" => false,
        _ => return None,
    };
    // A number token holds no line end.
    let (total, user) = rest.split_once('\n')?;
    let total = Total::stored(serde_json::from_str(total).ok()?)?;
    Some(Order::Placed(Placed { id, user_id: UserId::stored(user), total, paid }))
}
