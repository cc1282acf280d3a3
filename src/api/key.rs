//! An idempotency key belongs to one order: which one, a stream of its own says where the client chose the id.

use super::answer::Failure;
use super::door::{Api, find};
use super::input::Key;
use super::orders::stream_of;
use crate::domain::OrderId;
use crate::record::StreamName;
use crate::store::{Append, AppendError, Expected, Proposed, Session};
use serde_json::json;
use uuid::Uuid;

const CATEGORY: &str = "hindsight_key";
const CLAIMED: &str = "IdempotencyKeyUsed";

impl Key {
    /// The order that a create with this key makes where it names none.
    pub fn order(&self) -> OrderId {
        OrderId::stored(&self.id("order").to_string())
    }

    fn stream(&self) -> StreamName {
        StreamName::new(&format!("{CATEGORY}-{}", self.id("key")))
    }

    /// The same for the same key and order, so that a repeated claim is the same write.
    fn claim(&self, order: &OrderId) -> Uuid {
        self.id(&format!("claim\n{}", order.as_str()))
    }
}

impl Api {
    /// Refuses a key that another order was created with; otherwise the key is this order's from now on.
    pub(super) async fn claim(&self, session: &Session, key: &Key, order: &OrderId) -> Result<(), Failure> {
        if let Some(claimed) = first_id(session, &key.stream()).await? {
            return if claimed == key.claim(order) { Ok(()) } else { Err(used_for_another()) };
        }
        if *order == key.order() {
            return Ok(());
        }
        if find(session, &stream_of(&key.order()), key.id("created")).await?.is_some() {
            return Err(used_for_another());
        }
        let data = json!({ "OrderID": order.as_str() }).to_string();
        let event = Proposed {
            id: key.claim(order),
            event_type: CLAIMED,
            data: data.into_bytes().into(),
            metadata: Box::default(),
        };
        let append = Append { stream: key.stream(), expected: Expected::NoStream, events: vec![event] };
        match session.append(&append).await {
            Ok(_) => Ok(()),
            // A request at the same time was faster.
            Err(AppendError::Conflict { .. })
                if first_id(session, &key.stream()).await? == Some(key.claim(order)) =>
            {
                Ok(())
            }
            Err(AppendError::Conflict { .. }) => Err(used_for_another()),
            Err(error) => Err(error.into()),
        }
    }
}

async fn first_id(session: &Session, stream: &StreamName) -> Result<Option<Uuid>, Failure> {
    let mut first = None;
    session
        .read_after(stream, None, 1, |records| {
            first = first.or_else(|| records.first().map(|record| record.id));
        })
        .await?;
    Ok(first)
}

pub fn used_for_another() -> Failure {
    Failure::Refused(
        "Refused: this Idempotency-Key was used for another order. Use a new key for a new request."
            .to_owned(),
    )
}
